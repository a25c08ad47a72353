import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { z } from 'zod';
import { AppError } from '#core/index.ts';
import { defineRoute, type Reply, type Route } from './route.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.json': 'application/json; charset=utf-8',
};

type Encoding = 'br' | 'gzip';
const SHRINKS = new Set(['.html', '.js', '.mjs', '.css', '.svg', '.json', '.wasm']);
const MIN_BYTES_TO_SHRINK = 1024;
const BROTLI_QUALITY = 9;

const compressors: Record<Encoding, (bytes: Uint8Array) => Promise<Uint8Array>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

/** The encoding that the client takes and we like best. */
function encodingFor(request: IncomingMessage): Encoding | undefined {
  const accepted = request.headers['accept-encoding'] ?? '';
  if (/\bbr\b/.test(accepted)) return 'br';
  return /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
}

/** The built files. Each is read and compressed once; files with a hash in their name never change. */
class PageFiles {
  readonly #folder: string;
  readonly #packed = new Map<string, Promise<Uint8Array>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    return readFile(join(this.#folder, normalize(`/${path}`))).catch(() => undefined);
  }

  /** The file as a reply, smaller where the client takes it so. */
  async reply(path: string, bytes: Uint8Array, request: IncomingMessage): Promise<Reply> {
    const extension = extname(path);
    const isImmutable = path.startsWith('assets/');
    const encoding =
      SHRINKS.has(extension) && bytes.length >= MIN_BYTES_TO_SHRINK ? encodingFor(request) : undefined;
    const headers = {
      'cache-control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
    };
    const contentType = TYPES[extension] ?? 'application/octet-stream';
    if (encoding === undefined) return { kind: 'bytes', bytes, contentType, headers };
    const packed = isImmutable
      ? await this.#packOnce(path, bytes, encoding)
      : await compressors[encoding](bytes);
    return {
      kind: 'bytes',
      bytes: packed,
      contentType,
      headers: { ...headers, 'content-encoding': encoding },
    };
  }

  #packOnce(path: string, bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
    const key = `${encoding} ${path}`;
    const known = this.#packed.get(key) ?? compressors[encoding](bytes);
    this.#packed.set(key, known);
    return known;
  }
}

async function serve(files: PageFiles, path: string, request: IncomingMessage): Promise<Reply> {
  const file = path === '' ? undefined : await files.read(path);
  if (file !== undefined) return files.reply(path, file, request);
  if (path.startsWith('assets/')) throw new AppError('request.not_found', 'There is no such file.');
  const index = await files.read('index.html');
  if (index !== undefined) return files.reply('index.html', index, request);
  const text = 'The page is not built. Run "npm start", which builds it.';
  return { kind: 'bytes', bytes: text, contentType: 'text/plain; charset=utf-8', status: 503 };
}

/** The page: its built files, and its one HTML file for every address inside it. */
export function pageRoutes(folder: string): Route[] {
  const files = new PageFiles(folder);
  return [
    defineRoute({
      method: 'GET',
      path: '/',
      permission: 'public',
      summary: 'The page.',
      handle: ({ raw }) => serve(files, '', raw),
    }),
    defineRoute({
      method: 'GET',
      path: '/*',
      permission: 'public',
      summary: 'Files and addresses of the page.',
      params: z.object({ '*': z.string() }),
      handle({ params, raw }) {
        const path = params['*'];
        // An unknown address of an interface is an error for a program, not a page for a person.
        if (/^(v1|api|hradlo|admin)\//.test(path))
          throw new AppError('request.not_found', 'There is nothing here.');
        return serve(files, path, raw);
      },
    }),
  ];
}
