// The thread that reads documents: it hands files to sandboxed children, checks what they answer and cuts it, so that
// the main thread is never held up by a large one. Entry point, started by reading-client.ts.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { FileBlobStore, systemClock, yieldToForeground } from '#platform/index.ts';
import {
  DocumentParser,
  isQuarantine,
  readDocumentMessage,
  toReadContent,
  type CarriedFile,
  type Quarantine,
} from '#rag/index.ts';
import type { InnerFile } from '#usecases/index.ts';
import { ReadSpool } from './read-spool.ts';
import {
  isReadingOptions,
  type ReadingOptions,
  type ReadingReply,
  type ReadingRequest,
} from './reading-protocol.ts';

const MAX_PATH = 500;
/** Readers that wait started: the first files of the day, or of a group of readers, need not wait for a start. */
const MAX_SPARES = 2;

type ReadRequest = Extract<ReadingRequest, { type: 'read' }>;
/** What came out of a file. */
type ReadResult = Pick<Extract<ReadingReply, { type: 'read' }>, 'content' | 'innerFiles'>;

/** The files that one carries, stored as they come. */
class InnerFiles {
  readonly #blobs: FileBlobStore;
  readonly #stored: Promise<InnerFile>[] = [];
  readonly #paths = new Set<string>();

  constructor(blobs: FileBlobStore) {
    this.#blobs = blobs;
  }

  add({ fileName, bytes }: CarriedFile): void {
    const path = this.#pathFor(fileName);
    const stored = this.#blobs.put(bytes);
    this.#stored.push(stored.then((blobDigest) => ({ path, blobDigest, sizeBytes: bytes.byteLength })));
  }

  get isEmpty(): boolean {
    return this.#stored.length === 0;
  }

  all(): Promise<InnerFile[]> {
    return Promise.all(this.#stored);
  }

  /** A plain path; of several files of one name each gets its own. */
  #pathFor(fileName: string): string {
    const parts = fileName
      .normalize('NFC')
      .replaceAll('\\', '/')
      .replaceAll(/\p{Cc}/gu, '')
      .split('/');
    const plain = parts.filter((part) => part !== '' && part !== '.' && part !== '..').join('/');
    const name = plain.replaceAll('!/', '! /').slice(0, MAX_PATH) || 'attachment';
    let path = name;
    for (let number = 2; this.#paths.has(path); number++) path = `${number} ${name}`;
    this.#paths.add(path);
    return path;
  }
}

/** Files under way. */
class Reading {
  readonly #parser: DocumentParser;
  readonly #blobs: FileBlobStore;
  readonly #spool: ReadSpool;
  readonly #running = new Map<number, AbortController>();

  constructor({ readers, mostReaders, blobFolder, readFolder }: ReadingOptions) {
    this.#spool = new ReadSpool(readFolder, systemClock.nowMs());
    this.#blobs = new FileBlobStore(blobFolder, systemClock);
    const spares = Math.min(readers, MAX_SPARES);
    this.#parser = new DocumentParser({ readers, mostReaders, spares, answerFolder: readFolder });
  }

  async read(request: ReadRequest, onBegin: () => void): Promise<ReadingReply> {
    const { id } = request;
    const abort = new AbortController();
    this.#running.set(id, abort);
    try {
      const kept = this.#kept(request);
      if (kept !== undefined) return { type: 'read', id, ...kept, wasKept: true };
      const read = await this.#parse(request, { signal: abort.signal, onBegin });
      if ('quarantine' in read) return { type: 'refused', id, quarantine: read };
      return { type: 'read', id, ...read, wasKept: false };
    } catch (error) {
      return {
        type: 'failed',
        id,
        message: error instanceof Error ? (error.stack ?? error.message) : 'failed',
      };
    } finally {
      this.#running.delete(id);
    }
  }

  /** What was read before the process ended the last time. */
  #kept({ key, documentId }: ReadRequest): ReadResult | undefined {
    const kept = this.#spool.load(key);
    const parsed = kept && readDocumentMessage(kept.message);
    return parsed && { content: toReadContent(parsed, documentId), innerFiles: kept.innerFiles };
  }

  async #parse(
    request: ReadRequest,
    { signal, onBegin }: { readonly signal: AbortSignal; readonly onBegin: () => void },
  ): Promise<ReadResult | Quarantine> {
    const { key, blobDigest, fileName, documentId, handsOut, passwords, group } = request;
    const bytes = await this.#blobs.get(blobDigest);
    if (bytes === undefined) throw new TypeError('a file that was stored is not there');
    const inner = new InnerFiles(this.#blobs);
    let message: Uint8Array = new Uint8Array();
    // At once, before it is even looked at: from here on a kill costs no second reading.
    const onAnswer = (answer: Uint8Array) => {
      message = answer;
      if (inner.isEmpty) this.#spool.save(key, { message, innerFiles: [] });
    };
    const onInner = handsOut ? (file: CarriedFile) => inner.add(file) : undefined;
    const answerName = this.#spool.nameOf(key);
    const file = { bytes, fileName, passwords, answerName, onInner, onBegin, onAnswer };
    const outcome = await this.#parser.parse(file, signal, group);
    if (isQuarantine(outcome)) {
      this.#spool.forget(key);
      return outcome;
    }
    const innerFiles = await inner.all();
    if (!inner.isEmpty) this.#spool.save(key, { message, innerFiles });
    return { content: toReadContent(outcome, documentId), innerFiles };
  }

  forget(key: string): void {
    this.#spool.forget(key);
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
  }

  async close(): Promise<void> {
    for (const abort of this.#running.values()) abort.abort();
    await this.#parser[Symbol.asyncDispose]();
  }
}

/** What is given away and not copied: the bytes of a large document. */
function buffersOf(reply: ReadingReply): ArrayBuffer[] {
  if (reply.type !== 'read') return [];
  return reply.content.packedChunks.flatMap(({ bytes }) =>
    bytes.buffer instanceof ArrayBuffer ? bytes.buffer : [],
  );
}

async function close(port: MessagePort, reading: Reading): Promise<void> {
  await reading.close();
  port.postMessage({ type: 'closed' } satisfies ReadingReply);
  port.close();
}

function run(port: MessagePort): void {
  const options: unknown = workerData;
  if (!isReadingOptions(options)) throw new TypeError('reading was started without its options');
  // Answers come first; the children inherit it.
  yieldToForeground();
  const reading = new Reading(options);
  port.on('message', (request: ReadingRequest) => {
    if (request.type === 'cancel') reading.cancel(request.id);
    else if (request.type === 'forget') reading.forget(request.key);
    else if (request.type === 'close') void close(port, reading);
    else {
      const onBegin = () => port.postMessage({ type: 'begun', id: request.id } satisfies ReadingReply);
      void reading.read(request, onBegin).then((reply) => port.postMessage(reply, buffersOf(reply)));
    }
  });
}

if (parentPort !== null) run(parentPort);
