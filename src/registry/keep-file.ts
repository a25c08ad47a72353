import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AppError, expectDigest, type Digest } from '#core/index.ts';
import { syncFolder, toStorageError } from '#platform/index.ts';
import { artifactPath } from './hub/download.ts';

export interface KeepOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  onProgress(doneBytes: number, totalBytes: number): void;
}

/**
 * Copies a model file into the folder of models under its digest: temporary file, fsync, rename, fsync of the folder.
 * Doing it again with the same bytes changes nothing. @throws {AppError} input.invalid when the file cannot be read;
 * storage.full
 */
export async function keepModelFile(
  path: string,
  options: KeepOptions,
): Promise<{ digest: Digest; sizeBytes: number }> {
  const partial = join(options.folder, 'partial', `${randomBytes(12).toString('hex')}.part`);
  try {
    const { size } = await stat(path);
    await mkdir(join(options.folder, 'partial'), { recursive: true, mode: 0o700 });
    const digest = await copyHashing(path, partial, { ...options, size });
    await rename(partial, artifactPath(options.folder, digest));
    await syncFolder(options.folder);
    return { digest, sizeBytes: size };
  } catch (error) {
    await rm(partial, { force: true });
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
      throw new AppError(
        'input.invalid',
        'The file cannot be read by the server. Check its path and its rights.',
        {
          cause: error,
        },
      );
    }
    throw toStorageError(error);
  }
}

async function copyHashing(
  from: string,
  to: string,
  options: KeepOptions & { readonly size: number },
): Promise<Digest> {
  const hash = createHash('sha256');
  const handle = await open(to, 'wx', 0o600);
  let doneBytes = 0;
  try {
    for await (const part of createReadStream(from, { highWaterMark: 1 << 20, signal: options.signal })) {
      const bytes: Uint8Array = part;
      hash.update(bytes);
      await handle.write(bytes);
      doneBytes += bytes.byteLength;
      options.onProgress(doneBytes, options.size);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return expectDigest(`sha256:${hash.digest('hex')}`);
}
