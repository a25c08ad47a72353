import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Digest } from '#core/index.ts';
import { syncFolder, toStorageError } from '#platform/index.ts';
import type { HubClient, HubFile } from './hub-client.ts';
import type { HubReference } from './hub-reference.ts';

export interface DownloadOptions {
  readonly hub: Pick<HubClient, 'read'>;
  readonly reference: HubReference;
  readonly file: HubFile;
  /** Folder of finished files; half ones lie in `partial` below it. */
  readonly folder: string;
  readonly signal: AbortSignal;
  onProgress(doneBytes: number, totalBytes: number): void;
  /** Waits before another try; handed in so that tests do not wait. */
  pause(attempt: number, signal: AbortSignal): Promise<void>;
}

const MAX_ATTEMPTS = 8;

/** Where the file of a digest lies. The digest's form was checked where it was made. */
export function artifactPath(folder: string, digest: Digest): string {
  return join(folder, `${digest.replace(':', '-')}.gguf`);
}

/** Whether the whole file is there already, by its size; its digest was checked before it got its name. */
async function isThere(path: string, sizeBytes: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.size === sizeBytes;
}

/**
 * Fetches a file so that only the right bytes ever get its name: goes on where a kill or a broken line left off,
 * checks the SHA-256 of all bytes, then fsync, rename, fsync of the folder. Returns the path.
 * @throws {AppError} storage.full; engine.unavailable when the hub does not deliver; input.invalid when the bytes
 * are not those that the hub named.
 */
export async function download(options: DownloadOptions): Promise<string> {
  const { folder, file } = options;
  const target = artifactPath(folder, file.digest);
  if (await isThere(target, file.sizeBytes)) return target;
  await mkdir(join(folder, 'partial'), { recursive: true, mode: 0o700 });
  const partial = join(folder, 'partial', `${file.digest.replace(':', '-')}.part`);
  await fetchAll(options, partial);
  const digest = await digestOfFile(partial, options.signal);
  if (digest !== file.digest) {
    await rm(partial, { force: true });
    throw new AppError(
      'input.invalid',
      'The bytes that arrived are not those that the hub named. Nothing was kept.',
    );
  }
  const handle = await open(partial, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, target);
  await syncFolder(folder);
  return target;
}

async function fetchAll(options: DownloadOptions, partial: string): Promise<void> {
  const { file, signal, onProgress } = options;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const before = await sizeOf(partial);
    if (before > file.sizeBytes) await rm(partial, { force: true });
    if (before === file.sizeBytes) return;
    try {
      await fetchOnce(options, partial);
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
      // A try that brought something does not count: the line is bad, but it moves.
      if ((await sizeOf(partial)) > before) attempt = 0;
      if (attempt >= MAX_ATTEMPTS) throw error;
      await options.pause(attempt, signal);
    }
    onProgress(await sizeOf(partial), file.sizeBytes);
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'engine.unavailable';
  return error instanceof Error && error.name === 'EgressError';
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function fetchOnce(
  { hub, reference, file, signal, onProgress }: DownloadOptions,
  partial: string,
): Promise<void> {
  const wanted = await sizeOf(partial);
  const { offset, body } = await hub.read(reference, file, wanted, signal);
  const handle = await open(partial, offset === 0 ? 'w' : 'r+', 0o600);
  try {
    await writeAll(handle, body, { offset, sizeBytes: file.sizeBytes, onProgress });
  } catch (error) {
    throw toStorageError(error);
  } finally {
    await handle.close();
  }
}

interface Writing {
  readonly offset: number;
  readonly sizeBytes: number;
  onProgress(doneBytes: number, totalBytes: number): void;
}

async function writeAll(
  handle: FileHandle,
  body: AsyncIterable<Uint8Array>,
  writing: Writing,
): Promise<void> {
  let position = writing.offset;
  for await (const part of body) {
    if (position + part.byteLength > writing.sizeBytes) {
      await handle.truncate(0);
      throw new AppError('input.invalid', 'The hub sent more bytes than the file has. Nothing was kept.');
    }
    await handle.write(part, 0, part.byteLength, position);
    position += part.byteLength;
    writing.onProgress(position, writing.sizeBytes);
  }
  if (position < writing.sizeBytes) throw new AppError('engine.unavailable', 'The hub broke off.');
}

/** SHA-256 of a file's bytes, read piece by piece. */
export async function digestOfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash: Hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) }))
    hash.update(part);
  return `sha256:${hash.digest('hex')}`;
}
