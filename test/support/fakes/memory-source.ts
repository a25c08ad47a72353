import { AppError } from '#core/index.ts';
import { digestOf } from '#platform/index.ts';
import type { DocumentSource, FetchedFile, FoundFile } from '#rag/index.ts';

const encode = (text: string) => new TextEncoder().encode(text);

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  yield encode(text);
}

/** A source whose files are texts in memory; a sidecar is a text under the file's key and `.hradlo.yaml`. */
export class MemorySource implements DocumentSource {
  readonly files = new Map<string, string>();
  /** Files that may not be read. */
  readonly locked = new Set<string>();
  /** Sizes that files claim to have. */
  readonly sizes = new Map<string, number>();

  async *list(): AsyncGenerator<FoundFile> {
    for (const [key, text] of this.files) {
      if (key.endsWith('.hradlo.yaml')) continue;
      const sidecar = this.files.get(`${key}.hradlo.yaml`);
      const stamp = digestOf(JSON.stringify([text, sidecar]));
      yield { key, stamp, sizeBytes: this.sizes.get(key) ?? encode(text).length };
    }
  }
  async fetch(key: string): Promise<FetchedFile | undefined> {
    if (this.locked.has(key)) throw new AppError('source.unavailable', 'Locked.');
    const text = this.files.get(key);
    const sidecar = this.files.get(`${key}.hradlo.yaml`);
    if (text === undefined) return undefined;
    return { pieces: piecesOf(text), sidecar: sidecar === undefined ? undefined : encode(sidecar) };
  }
}
