import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of a folder of this computer, with its sidecar. */
export interface LocalFile {
  /** Its path in the folder, parts joined by `/`. */
  readonly key: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly sidecar: Uint8Array | undefined;
}

// As the server does with folders of its own.
const VERSIONS = '.versions';
const SIDECAR_ENDING = '.hradlo.yaml';
const LITTER = /^(?:\..*|~\$.*|Thumbs\.db|desktop\.ini|.*\.(?:tmp|part|crdownload|swp))$/iu;

/** The documents in a folder and the folders in it, in order; links are not followed. */
export async function* listLocalFiles(folder: string, inside = ''): AsyncGenerator<LocalFile> {
  const found = await readdir(join(folder, inside), { withFileTypes: true });
  for (const entry of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = inside === '' ? entry.name : `${inside}/${entry.name}`;
    const path = join(folder, key);
    if (entry.isDirectory()) {
      if (entry.name === VERSIONS || !entry.name.startsWith('.')) yield* listLocalFiles(folder, key);
    } else if (entry.isFile() && !LITTER.test(entry.name) && !entry.name.endsWith(SIDECAR_ENDING)) {
      const { size } = await lstat(path);
      yield { key: key.normalize('NFC'), path, sizeBytes: size, sidecar: await sidecarOf(path) };
    }
  }
}

async function sidecarOf(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path + SIDECAR_ENDING);
  } catch {
    return undefined;
  }
}

export function digestOfBytes(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The digest of a file, read piece by piece. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(Buffer.from(piece));
  return `sha256:${hash.digest('hex')}`;
}
