import { spawn, type ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import { FrameReader, FrameTooLarge, toFrame } from './frames.ts';
import type { SourceFile } from './parse-document.ts';
import { AnswerFile } from './answer-file.ts';
import { exitVerdict, verdict } from './exit-verdict.ts';
import type { Quarantine } from './parse-failure.ts';
import type { ParseLimits } from './parse-limits.ts';
import type { ParseRequest } from './parse-request.ts';
import { claimsDocument, readReply } from './read-reply.ts';
import { readerCommand } from './reader-command.ts';
import { LIFE_LINE, type Sandbox } from './sandbox.ts';
import { watchReader } from './watch-reader.ts';

/** What a reader said of a file: a message that claims to be a document and is not looked at yet, or why there is none. */
export type ReaderAnswer = { readonly message: Uint8Array; readonly quarantine?: never } | Quarantine;

/** The process ended for what another file did to it: the file in hand is to be read by another one. */
export class SpoiltReader extends Error {
  override readonly name = 'SpoiltReader';
}

const MEBIBYTE = 1024 * 1024;
const STDERR_BYTES = 8192;
const MAX_INNER_FILES = 10_000;
const MAX_INNER_BYTES = 512 * MEBIBYTE;
/** Ways in which one exchange with a child goes on. */
interface Exchange {
  readonly resolve: (answer: ReaderAnswer) => void;
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

/** What a reader is started with. */
export interface ReaderOptions {
  readonly sandbox: Sandbox;
  readonly limits: ParseLimits;
  /** Where its answers are found when the program ends before it has heard them; nowhere where this is left out. */
  readonly answerFolder?: string | undefined;
}

/** One sandboxed process that reads files, one at a time. It starts with its making. */
export class ReaderProcess {
  readonly #child: ChildProcess;
  readonly #limits: ParseLimits;
  readonly #answers: AnswerFile | undefined;
  readonly #onEnd: () => void;
  #isReady = false;
  #isEnded = false;
  #isSpoilt = false;
  #files = 0;
  #busyMs = 0;
  #begunAtMs: number | undefined;
  /** Whose files it has read; undefined while it has read none. */
  group: string | undefined;
  /** Most memory that it has held, in bytes. */
  peakBytes = 0;

  /** @param onEnd told once it can read no more. */
  constructor({ sandbox, limits, answerFolder }: ReaderOptions, onEnd: (process: ReaderProcess) => void) {
    this.#limits = limits;
    const cpuSeconds = Math.ceil((limits.totalMs + limits.busyMsPerChild) / 1000);
    const { file, args, environment } = readerCommand(sandbox, { ...limits, cpuSeconds });
    this.#answers = answerFolder === undefined ? undefined : AnswerFile.open(answerFolder);
    const child = spawn(file, args, {
      stdio: ['pipe', 'ignore', 'pipe', 'pipe', this.#answers?.fd ?? 'ignore', 'pipe'],
      env: environment,
      cwd: '/',
      // A group of its own: a kill meets also what the sandbox is just starting.
      detached: true,
    });
    // A child that has died cannot be written to; its end is what counts.
    for (const stream of [child.stdin, child.stdio.at(LIFE_LINE)]) stream?.on('error', () => undefined);
    this.#onEnd = () => onEnd(this);
    child.once('exit', () => this.#note()).once('error', () => this.#note());
    const output = child.stdio[3];
    // Before its first file it says one thing: that it is ready.
    if (output instanceof Readable) output.once('data', () => (this.#isReady = true));
    this.#child = child;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }
  /** How long it has been at the file that it reads; 0 between files. */
  get readingMs(): number {
    return this.#begunAtMs === undefined ? 0 : performance.now() - this.#begunAtMs;
  }
  /** It has read as much as one process may, or held so much memory that the next file could suffer for it. */
  get isWorn(): boolean {
    const { filesPerChild, busyMsPerChild, memoryBytes } = this.#limits;
    const isFull = this.peakBytes > memoryBytes / 2;
    return isFull || this.#files >= filesPerChild || this.#busyMs >= busyMsPerChild;
  }

  end(): void {
    killGroup(this.#child);
    this.#note();
  }

  /** Its last answer was heard, and is kept: no second copy of it stays. */
  clearAnswer(): void {
    if (!this.#isEnded) this.#answers?.clear();
  }

  /** Ends it for what it said of an earlier file; the one that it may have in hand by now is none the worse for it. */
  spoil(): void {
    this.#isSpoilt = true;
    this.end();
  }

  #note(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    // What a kill missed, because it came while the sandbox was being set up, finds its pipes closed and ends.
    for (const stream of this.#child.stdio) stream?.destroy();
    this.#answers?.[Symbol.dispose]();
    this.#onEnd();
  }

  /**
   * Sends one file and waits for what comes first: an answer, a broken limit, an abort, the end of the child. All but
   * an answer end it.
   * @throws {SpoiltReader}
   * @throws {Error} when it did not come up.
   */
  async read(file: SourceFile, signal: AbortSignal | undefined): Promise<ReaderAnswer> {
    this.#begunAtMs = performance.now();
    this.#files += 1;
    try {
      return await this.#exchange(file, signal);
    } finally {
      this.#busyMs += this.readingMs;
      this.#begunAtMs = undefined;
    }
  }

  #exchange(file: SourceFile, signal: AbortSignal | undefined): Promise<ReaderAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<ReaderAnswer>();
    const stop = new AbortController();
    const refuse = (reason: Quarantine): void => {
      this.end();
      resolve(reason);
    };
    const fail = (error: Error): void => {
      this.end();
      reject(error);
    };
    const progress = this.#watch(refuse, stop.signal);
    const inner = handOut(file, refuse);
    this.#listen({ resolve, refuse, fail, progress, inner }, stop.signal);
    signal?.addEventListener('abort', () => refuse(verdict('timed-out')), { signal: stop.signal });
    this.#send(file);
    return promise.finally(() => stop.abort());
  }

  #send(file: SourceFile): void {
    const { fileName, passwords = [], onInner, answerName } = file;
    const keepsAnswer = answerName !== undefined && this.#answers?.begin(answerName) === true;
    const request: ParseRequest = { fileName, passwords, handsOut: onInner !== undefined, keepsAnswer };
    this.#child.stdin?.write(toFrame(Buffer.from(JSON.stringify(request))));
    this.#child.stdin?.write(toFrame(file.bytes));
  }

  /** Watches time and memory; gives back what to call at a sign of progress. */
  #watch(refuse: (reason: Quarantine) => void, done: AbortSignal): () => void {
    const { pid } = this.#child;
    if (pid === undefined) return () => undefined;
    const onMemory = (bytes: number): void => {
      this.peakBytes = Math.max(this.peakBytes, bytes);
    };
    return watchReader(pid, this.#limits, { onMemory, refuse, done });
  }

  #listen(on: Exchange, done: AbortSignal): void {
    const child = this.#child;
    const frames = new FrameReader(this.#limits.resultBytes);
    let stderr = '';
    const onStderr = (piece: Buffer): void => {
      stderr = (stderr + piece.toString('utf8')).slice(-STDERR_BYTES);
    };
    const onPiece = (piece: Buffer): void => {
      try {
        for (const message of frames.push(piece)) this.#receive(message, on);
      } catch (error) {
        if (!(error instanceof FrameTooLarge)) throw error;
        on.refuse(verdict('too-large', { limit: this.#limits.resultBytes }));
      }
    };
    // A child that never came up has not seen the file: that is no verdict on it.
    const notStarted = (why: string): void => on.fail(new Error(`the parser could not be started: ${why}`));
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (this.#isSpoilt) on.fail(new SpoiltReader());
      else if (this.#isReady) on.refuse(exitVerdict(code, signal, stderr));
      else notStarted(stderr.slice(-500));
    };
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

  #receive(message: Uint8Array, on: Exchange): void {
    if (claimsDocument(message)) {
      on.resolve({ message });
      return;
    }
    const reply = readReply(message);
    // A document was told by its first bytes, like all documents that our own readers send.
    if (reply === undefined || reply.type === 'parsed') {
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
      case 'quarantined':
        on.resolve(reply.verdict);
        break;
    }
  }
}

function killGroup(child: ChildProcess): void {
  // What has ended may have left its number to somebody else.
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
  child.kill('SIGKILL');
}
