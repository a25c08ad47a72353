// Reads one file after another from its input and answers on descriptor 3. Started in a sandbox by
// parse-in-child.ts; knows nothing but the bytes it is given.
import { writeSync } from 'node:fs';
import { ANSWER_FILE, sealAnswer } from './answer-file.ts';
import { FrameReader, toFrame } from './frames.ts';
import { loadParsers, parseDocument, type CarriedFile } from './parse-document.ts';
import { ParseFailure, type Quarantine } from './parse-failure.ts';
import { readRequest, REHEARSAL } from './parse-request.ts';
import type { ParseReply } from './parsed-document-schema.ts';
import { prepareSurroundings } from './pdf/pdf-surroundings.ts';
import { toReplyMessage } from './write-reply.ts';

const OUTPUT = 3;
/** Longer ones would be cut: a reader may write no larger files. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;
/** A file that waits already goes first. */
const PRELOAD_AFTER_MS = 20;
const MAX_INPUT_BYTES = 1024 * 1024 * 1024;

/** The program that started this one has ended: what was begun is brought to its end all the same. */
let isAlone = false;
const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length && !isAlone;) {
    try {
      at += writeSync(OUTPUT, bytes, at);
    } catch (error) {
      isAlone = codeOf(error) === 'EPIPE';
      // The pipe is full for the moment.
      if (!isAlone && codeOf(error) !== 'EAGAIN') throw error;
    }
  }
}

/** Writes an answer where it is found when nobody hears it. */
function keep(message: Uint8Array): void {
  if (message.length > MAX_KEPT_BYTES) return;
  try {
    writeSync(ANSWER_FILE, sealAnswer(message), 0, undefined, 0);
  } catch {
    // Without room for it the file may have to be read again.
  }
}

function answer(reply: ParseReply): void {
  write(toFrame(toReplyMessage(reply)));
}

/** A part of our own that is not there says nothing of the file. */
function isOurs(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^ERR_(?:MODULE|PACKAGE)|^E[MN]FILE$/u.test(error.code)
  );
}

/** A parser that stumbles over a file in a way nobody foresaw has met a damaged file. */
function toVerdict(error: unknown): Quarantine {
  if (error instanceof ParseFailure) return { quarantine: error.reason, detail: error.detail };
  const name = error instanceof Error ? error.name : 'unknown';
  const isSize =
    error instanceof RangeError &&
    /allocation|Invalid (?:string|array|typed array)|call stack/iu.test(error.message);
  return { quarantine: isSize ? 'out-of-memory' : 'damaged', detail: { cause: name } };
}

async function parseOne(head: Uint8Array, bytes: Uint8Array): Promise<void> {
  const { fileName, passwords, handsOut, keepsAnswer } = readRequest(Buffer.from(head).toString('utf8'));
  let mayKeep = keepsAnswer;
  try {
    const onPage = (page: number): void => answer({ type: 'progress', page });
    const onInner = (inner: CarriedFile): void => {
      // What an answer is about would be missing.
      mayKeep = false;
      const base64 = Buffer.from(inner.bytes).toString('base64');
      answer({ type: 'inner', fileName: inner.fileName, base64 });
    };
    const file = { bytes, fileName, passwords, onPage, ...(handsOut && { onInner }) };
    const message = toReplyMessage({ type: 'parsed', parsed: await parseDocument(file) });
    if (mayKeep) keep(message);
    write(toFrame(message));
  } catch (error) {
    if (isOurs(error)) throw error;
    answer({ type: 'quarantined', verdict: toVerdict(error) });
  }
}

// A library that fails in the background must not end the file that is being read.
process.on('unhandledRejection', () => undefined);

prepareSurroundings();
answer({ type: 'ready' });
// While nobody has a file for it, it gets ready for all of them.
const preload = new AbortController();
setTimeout(() => void loadParsers(preload.signal), PRELOAD_AFTER_MS);
const frames = new FrameReader(MAX_INPUT_BYTES);
let head: Uint8Array | undefined;
for await (const piece of process.stdin) {
  preload.abort();
  const bytes: unknown = piece;
  if (!(bytes instanceof Uint8Array)) continue;
  for (const message of frames.push(bytes)) {
    if (head === undefined) {
      head = message;
    } else {
      await parseOne(head, message);
      head = undefined;
    }
  }
}
// A rehearsal loads whatever its files did not need, and ends by itself: what was compiled by then is kept.
if (process.argv.includes(REHEARSAL)) await loadParsers(new AbortController().signal);
