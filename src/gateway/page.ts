import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
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

async function readPageFile(folder: string, path: string): Promise<Uint8Array | undefined> {
  const clean = normalize(`/${path}`);
  return readFile(join(folder, clean)).catch(() => undefined);
}

async function serve(folder: string, path: string): Promise<Reply> {
  const isAsset = path.startsWith('assets/');
  const file = path === '' ? undefined : await readPageFile(folder, path);
  if (file !== undefined) {
    const contentType = TYPES[extname(path)] ?? 'application/octet-stream';
    // Built files carry a hash in their name.
    const caching = isAsset ? 'public, max-age=31536000, immutable' : 'no-cache';
    return { kind: 'bytes', bytes: file, contentType, headers: { 'cache-control': caching } };
  }
  if (isAsset) throw new AppError('request.not_found', 'There is no such file.');
  const index = await readPageFile(folder, 'index.html');
  if (index === undefined) {
    const text = 'The page is not built. Run "npm start", which builds it.';
    return { kind: 'bytes', bytes: text, contentType: 'text/plain; charset=utf-8', status: 503 };
  }
  return {
    kind: 'bytes',
    bytes: index,
    contentType: TYPES['.html']!,
    headers: { 'cache-control': 'no-cache' },
  };
}

/** The page: its built files, and its one HTML file for every address inside it. */
export function pageRoutes(folder: string): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/',
      permission: 'public',
      summary: 'The page.',
      handle: () => serve(folder, ''),
    }),
    defineRoute({
      method: 'GET',
      path: '/*',
      permission: 'public',
      summary: 'Files and addresses of the page.',
      params: z.object({ '*': z.string() }),
      handle({ params }) {
        const path = params['*'];
        // An unknown address of an interface is an error for a program, not a page for a person.
        if (/^(v1|api|hradlo|admin)\//.test(path))
          throw new AppError('request.not_found', 'There is nothing here.');
        return serve(folder, path);
      },
    }),
  ];
}
