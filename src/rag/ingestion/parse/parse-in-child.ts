import { spawn, type ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FrameReader, FrameTooLarge, toFrame } from './frames.ts';
import type { SourceFile } from './parse-document.ts';
import type { Quarantine, QuarantineDetail, QuarantineReason } from './parse-failure.ts';
import type { ParsedDocument } from './parsed-document.ts';
import { readReply, type ParseRequest } from './parsed-document-schema.ts';
import { residentBytes } from './resident-memory.ts';
import { probeSandbox, sandboxed, type Sandbox } from './sandbox.ts';

/** What one file may cost. */
export interface ParseLimits {
  /** Time without a sign of progress; every page read by OCR is one. */
  readonly stallMs: number;
  /** Time for the whole file. */
  readonly totalMs: number;
  readonly memoryBytes: number;
  readonly inputBytes: number;
  readonly resultBytes: number;
  /** Files after which a child is replaced by a new one. */
  readonly filesPerChild: number;
}

const MEBIBYTE = 1024 * 1024;
export const PARSE_LIMITS: ParseLimits = {
  stallMs: 60_000,
  totalMs: 900_000,
  memoryBytes: 1536 * MEBIBYTE,
  inputBytes: 256 * MEBIBYTE,
  resultBytes: 256 * MEBIBYTE,
  filesPerChild: 25,
};
const WATCH_INTERVAL_MS = 100;
const STDERR_BYTES = 8192;
const MAX_INNER_FILES = 10_000;
const MAX_INNER_BYTES = 512 * MEBIBYTE;
const SCRIPT = fileURLToPath(new URL('./parse-child.ts', import.meta.url));

/** A parsed document, or why there is none. */
export type ParseOutcome = ParsedDocument | Quarantine;

/** Whether a file could not be read. */
export function isQuarantine(outcome: ParseOutcome): outcome is Quarantine {
  return 'quarantine' in outcome;
}

const verdict = (quarantine: QuarantineReason, detail: QuarantineDetail = {}): Quarantine => ({
  quarantine,
  detail,
});

/** What the end of a child tells of the file it was reading. */
function exitVerdict(code: number | null, signal: NodeJS.Signals | null, stderr: string): Quarantine {
  if (/heap out of memory|allocation failed|Array buffer allocation/iu.test(stderr) || code === 134)
    return verdict('out-of-memory');
  if (signal === 'SIGXCPU' || signal === 'SIGKILL' || code === 137 || code === 152)
    return verdict('timed-out');
  if (signal === 'SIGXFSZ' || code === 153) return verdict('too-large');
  return verdict('damaged', { cause: 'parser-crashed', exit: signal ?? code ?? 'unknown' });
}

/** Ways in which one exchange with a child goes on. */
interface Exchange {
  readonly resolve: (outcome: ParseOutcome) => void;
  readonly refuse: (reason: Quarantine) => void;
  /** Ends the exchange with a failure of ours, which says nothing of the file. */
  readonly fail: (error: Error) => void;
  readonly progress: () => void;
  /** Takes a file that the one being read carries. */
  readonly inner: (fileName: string, base64: string) => void;
}

/** Gives on the files that another one carries, within what any archive may unpack to. */
function handOut(file: SourceFile, refuse: (reason: Quarantine) => void): Exchange['inner'] {
  let count = 0;
  let size = 0;
  return (fileName, base64) => {
    const bytes = Buffer.from(base64, 'base64');
    count += 1;
    size += bytes.length;
    if (count > MAX_INNER_FILES || size > MAX_INNER_BYTES) refuse(verdict('archive-bomb', { files: count }));
    else file.onInner?.({ fileName, bytes });
  };
}

/** Reads files in a child process, one at a time, so that no file can harm the service. */
export class DocumentParser implements AsyncDisposable {
  readonly #limits: ParseLimits;
  readonly sandbox: Sandbox;
  #child: ChildProcess | undefined;
  #files = 0;
  #isReady = false;
  #queue: Promise<unknown> = Promise.resolve();
  /** Most memory that any child has held, in bytes. */
  peakBytes = 0;

  constructor(options: { readonly limits?: Partial<ParseLimits>; readonly sandbox?: Sandbox } = {}) {
    this.#limits = { ...PARSE_LIMITS, ...options.limits };
    this.sandbox = options.sandbox ?? probeSandbox();
  }

  /**
   * Parses a file, or says why not. Never throws for what is in the file; an abort ends the child.
   * @throws {Error} when no child can be started.
   */
  parse(file: SourceFile, signal?: AbortSignal): Promise<ParseOutcome> {
    const turn = this.#queue.then(() => this.#parse(file, signal));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue;
    this.#end();
  }

  async #parse(file: SourceFile, signal: AbortSignal | undefined): Promise<ParseOutcome> {
    signal?.throwIfAborted();
    const { inputBytes, filesPerChild } = this.#limits;
    if (file.bytes.length > inputBytes)
      return verdict('too-large', { bytes: file.bytes.length, limit: inputBytes });
    if (this.#files >= filesPerChild) this.#end();
    this.#child ??= this.#start();
    this.#files += 1;
    const outcome = await this.#exchange(this.#child, file, signal);
    signal?.throwIfAborted();
    return outcome;
  }

  #start(): ChildProcess {
    const { totalMs, memoryBytes } = this.#limits;
    const { file, args } = sandboxed(this.sandbox, SCRIPT, {
      cpuSeconds: Math.ceil(totalMs / 1000),
      openFiles: 256,
      fileBytes: 64 * MEBIBYTE,
      heapMebibytes: Math.floor((memoryBytes * 0.75) / MEBIBYTE),
    });
    this.#files = 0;
    this.#isReady = false;
    const child = spawn(file, args, {
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
      env: { HOME: '/tmp' },
      cwd: '/',
    });
    // A child that has died cannot be written to; its end is what counts.
    child.stdin?.on('error', () => undefined);
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    return child;
  }

  #end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  /** Sends one file and waits for what comes first: an answer, a broken limit, the end of the child. */
  #exchange(child: ChildProcess, file: SourceFile, signal: AbortSignal | undefined): Promise<ParseOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<ParseOutcome>();
    const stop = new AbortController();
    const refuse = (reason: Quarantine): void => {
      this.#end();
      resolve(reason);
    };
    const fail = (error: Error): void => {
      this.#end();
      reject(error);
    };
    const progress = this.#watch(child, refuse, stop.signal);
    const inner = handOut(file, refuse);
    this.#listen(child, { resolve, refuse, fail, progress, inner }, stop.signal);
    signal?.addEventListener('abort', () => refuse(verdict('timed-out')), { signal: stop.signal });
    this.#send(child, file);
    return promise.finally(() => stop.abort());
  }

  #send(child: ChildProcess, file: SourceFile): void {
    const request: ParseRequest = {
      fileName: file.fileName,
      passwords: file.passwords === undefined ? undefined : [...file.passwords],
      sizeBytes: file.bytes.length,
      handsOut: file.onInner !== undefined,
    };
    child.stdin?.write(toFrame(Buffer.from(JSON.stringify(request))));
    child.stdin?.write(toFrame(file.bytes));
  }

  /** Watches time and memory; gives back what to call at a sign of progress. */
  #watch(child: ChildProcess, refuse: (reason: Quarantine) => void, done: AbortSignal): () => void {
    const { stallMs, totalMs, memoryBytes } = this.#limits;
    const startedAt = performance.now();
    let progressAt = startedAt;
    const check = (): void => {
      const now = performance.now();
      const bytes = child.pid === undefined ? 0 : residentBytes(child.pid);
      this.peakBytes = Math.max(this.peakBytes, bytes);
      if (bytes > memoryBytes) refuse(verdict('out-of-memory', { bytes, limit: memoryBytes }));
      else if (now - progressAt > stallMs) refuse(verdict('timed-out', { limitMs: stallMs }));
      else if (now - startedAt > totalMs) refuse(verdict('timed-out', { limitMs: totalMs }));
    };
    const timer = setInterval(check, WATCH_INTERVAL_MS);
    done.addEventListener('abort', () => clearInterval(timer));
    return () => {
      progressAt = performance.now();
    };
  }

  #listen(child: ChildProcess, on: Exchange, done: AbortSignal): void {
    const frames = new FrameReader(this.#limits.resultBytes);
    let stderr = '';
    const onStderr = (piece: Buffer): void => {
      stderr = (stderr + piece.toString('utf8')).slice(-STDERR_BYTES);
    };
    const onPiece = (piece: Buffer): void => {
      try {
        for (const message of frames.push(piece)) this.#receive(Buffer.from(message).toString('utf8'), on);
      } catch (error) {
        if (!(error instanceof FrameTooLarge)) throw error;
        on.refuse(verdict('too-large', { limit: this.#limits.resultBytes }));
      }
    };
    // A child that never came up has not seen the file: that is no verdict on it.
    const notStarted = (why: string): void => on.fail(new Error(`the parser could not be started: ${why}`));
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void =>
      this.#isReady ? on.refuse(exitVerdict(code, signal, stderr)) : notStarted(stderr.slice(-500));
    const onError = (error: Error): void => notStarted(error.message);
    const output = child.stdio[3];
    child.stderr?.on('data', onStderr);
    if (output instanceof Readable) output.on('data', onPiece);
    child.once('exit', onExit).once('error', onError);
    done.addEventListener('abort', () => {
      child.stderr?.off('data', onStderr);
      if (output instanceof Readable) output.off('data', onPiece);
      child.off('exit', onExit).off('error', onError);
    });
  }

  #receive(json: string, on: Exchange): void {
    const reply = readReply(json);
    if (reply === undefined) {
      on.refuse(verdict('damaged', { cause: 'answer-malformed' }));
      return;
    }
    switch (reply.type) {
      case 'ready':
        this.#isReady = true;
        break;
      case 'progress':
        on.progress();
        break;
      case 'inner':
        on.progress();
        on.inner(reply.fileName, reply.base64);
        break;
      case 'parsed':
        on.resolve(reply.parsed);
        break;
      case 'quarantined':
        on.resolve(reply.verdict);
        break;
    }
  }
}
