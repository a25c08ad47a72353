import type { SourceFile } from './parse-document.ts';
import { verdict } from './exit-verdict.ts';
import type { Quarantine, QuarantineReason } from './parse-failure.ts';
import type { ParsedDocument } from './parsed-document.ts';
import { endOrphans } from './end-orphans.ts';
import { PARSE_LIMITS, type ParseLimits } from './parse-limits.ts';
import { READER_SCRIPT } from './reader-command.ts';
import { readDocumentMessage } from './read-reply.ts';
import { ReaderProcess, SpoiltReader } from './reader-process.ts';
import { probeSandbox, type Sandbox } from './sandbox.ts';

/** Readers that nobody needed for so long are ended, but for one spare. */
const IDLE_MS = 5 * 60_000;
/** Spares are started when there is nothing else to do. */
const STOCK_AFTER_MS = 1_000;
/** A file that takes longer does not keep the others waiting: one reader more takes them up. */
const LONG_FILE_MS = 1_000;
/** What says nothing of an attack: after anything else that is put aside the process reads no more. */
const HARMLESS: ReadonlySet<QuarantineReason> = new Set([
  'encrypted',
  'wrong-password',
  'empty',
  'unsupported-type',
  'too-many-pages',
]);

/** A parsed document, or why there is none. */
type ParseOutcome = ParsedDocument | Quarantine;

/** Whether a file could not be read. */
export function isQuarantine(outcome: ParseOutcome): outcome is Quarantine {
  return 'quarantine' in outcome;
}

export interface ParserOptions {
  readonly limits?: Partial<ParseLimits>;
  readonly sandbox?: Sandbox;
  /** Files read side by side; 1 by default. */
  readonly readers?: number;
  /** The same while all of those are busy with files that take long; as many as `readers` by default. */
  readonly mostReaders?: number;
  /** Processes that are kept started and have read nothing; none by default. */
  readonly spares?: number;
  /** Where an answer is found when this program ends before it has heard it; see `AnswerFile`. */
  readonly answerFolder?: string;
}

/** A file in turn, with whose it is. */
interface Turn {
  readonly file: SourceFile;
  readonly signal: AbortSignal | undefined;
  readonly group: string;
  readonly done: PromiseWithResolvers<ParseOutcome>;
}

/**
 * Reads files in sandboxed child processes, so that no file can harm the service. A process reads files of one group
 * only, those with the same readers, and none after one that may have been an attack: what a hostile file took over
 * never meets what its author may not see. Spares that have read nothing wait ready, because a start takes a second.
 */
export class DocumentParser implements AsyncDisposable {
  readonly #limits: ParseLimits;
  readonly #readers: number;
  readonly #mostReaders: number;
  readonly #spares: number;
  readonly #answerFolder: string | undefined;
  readonly sandbox: Sandbox;
  readonly #idle = new Set<ReaderProcess>();
  readonly #busy = new Set<ReaderProcess>();
  readonly #waiting: Turn[] = [];
  /** Processes started so far. */
  started = 0;
  #isClosing = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #longTimer: NodeJS.Timeout | undefined;
  #peakBytes = 0;

  constructor(options: ParserOptions = {}) {
    this.#limits = { ...PARSE_LIMITS, ...options.limits };
    this.sandbox = options.sandbox ?? probeSandbox();
    this.#readers = options.readers ?? 1;
    this.#mostReaders = Math.max(this.#readers, options.mostReaders ?? 0);
    this.#spares = options.spares ?? 0;
    this.#answerFolder = options.answerFolder;
    if (this.sandbox.bubblewrap !== undefined) endOrphans(READER_SCRIPT);
    this.#stock();
  }

  /** Most memory that any child has held, in bytes. */
  get peakBytes(): number {
    const held = [...this.#idle, ...this.#busy].map((process) => process.peakBytes);
    return Math.max(this.#peakBytes, ...held);
  }

  /**
   * Parses a file, or says why not. Never throws for what is in the file; an abort ends the child.
   * @param group whose file it is: files of one group may be read by the same process.
   * @throws {Error} when no child can be started.
   */
  async parse(file: SourceFile, signal?: AbortSignal, group = ''): Promise<ParseOutcome> {
    signal?.throwIfAborted();
    const { inputBytes } = this.#limits;
    if (file.bytes.length > inputBytes)
      return { quarantine: 'too-large', detail: { bytes: file.bytes.length, limit: inputBytes } };
    const done = Promise.withResolvers<ParseOutcome>();
    this.#waiting.push({ file, signal, group, done });
    this.#dispatch();
    return done.promise;
  }

  /** Waits for what is being read, and ends the children. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#longTimer);
    await Promise.allSettled(this.#waiting.map(({ done }) => done.promise));
    while (this.#busy.size > 0) await new Promise((resolve) => setImmediate(resolve));
    for (const process of this.#idle) process.end();
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && this.#mayBegin()) void this.#run(this.#waiting.shift()!);
    clearTimeout(this.#longTimer);
    if (this.#waiting.length === 0 || this.#busy.size >= this.#mostReaders) return;
    this.#longTimer = setTimeout(() => this.#dispatch(), LONG_FILE_MS);
    this.#longTimer.unref();
  }

  #mayBegin(): boolean {
    if (this.#busy.size < this.#readers) return true;
    return (
      this.#busy.size < this.#mostReaders &&
      [...this.#busy].every((process) => process.readingMs > LONG_FILE_MS)
    );
  }

  async #run(turn: Turn): Promise<void> {
    const { file, signal, group, done } = turn;
    if (signal?.aborted) {
      done.reject(signal.reason);
      return;
    }
    let held: ReaderProcess | undefined;
    try {
      const process = (held = this.#take(group));
      this.#busy.add(process);
      file.onBegin?.();
      const answer = await process.read(file, signal);
      if (answer.quarantine === undefined) {
        file.onAnswer?.(answer.message);
        process.clearAnswer();
        // It reads on while its answer is looked at.
        held = undefined;
        this.#release(process);
      } else if (!HARMLESS.has(answer.quarantine)) process.end();
      signal?.throwIfAborted();
      done.resolve(answer.quarantine === undefined ? documentOf(answer.message, process) : answer);
    } catch (error) {
      if (error instanceof SpoiltReader) this.#waiting.unshift(turn);
      else done.reject(error);
    } finally {
      if (held !== undefined) this.#release(held);
    }
  }

  /** Gives a process its next file. */
  #release(process: ReaderProcess): void {
    this.#keep(process);
    this.#dispatch();
  }

  /** A process for a file: one that reads for its group, else one that has read nothing. */
  #take(group: string): ReaderProcess {
    const idle = [...this.#idle];
    const found =
      idle.find((process) => process.group === group) ?? idle.find((process) => process.group === undefined);
    if (found === undefined) {
      this.#makeRoom();
      const started = this.#start();
      started.group = group;
      return started;
    }
    this.#idle.delete(found);
    found.group = group;
    return found;
  }

  /** Of processes that wait for a group of their own, those that waited longest end. */
  #makeRoom(): void {
    const others = [...this.#idle].filter(({ group }) => group !== undefined);
    const most = Math.max(0, this.#readers - this.#busy.size - 1);
    for (const process of others.slice(0, Math.max(0, others.length - most))) this.#endIdle(process);
  }

  #keep(process: ReaderProcess): void {
    this.#busy.delete(process);
    this.#peakBytes = Math.max(this.#peakBytes, process.peakBytes);
    if (process.isWorn) process.end();
    else if (!process.isEnded) this.#idle.add(process);
    if (this.#busy.size === 0 && this.#waiting.length === 0)
      this.#whenIdle(STOCK_AFTER_MS, () => this.#stock());
  }

  #whenIdle(afterMs: number, then: () => void): void {
    clearTimeout(this.#idleTimer);
    if (this.#isClosing) return;
    this.#idleTimer = setTimeout(() => {
      if (this.#busy.size === 0) then();
    }, afterMs);
    this.#idleTimer.unref();
  }

  /** Nobody has needed a reader for a while. */
  #rest(): void {
    const fresh = [...this.#idle].filter(({ group }) => group === undefined);
    const [spare] = fresh;
    for (const process of this.#idle) if (process !== spare) this.#endIdle(process);
  }

  /** Starts the spares that are missing; after a long rest one is enough. */
  #stock(): void {
    const fresh = [...this.#idle].filter(({ group, isEnded }) => group === undefined && !isEnded).length;
    for (let count = fresh; count < this.#spares; count++) this.#idle.add(this.#start());
    this.#whenIdle(IDLE_MS, () => this.#rest());
  }

  #start(): ReaderProcess {
    this.started += 1;
    const options = { sandbox: this.sandbox, limits: this.#limits, answerFolder: this.#answerFolder };
    return new ReaderProcess(options, (ended) => this.#idle.delete(ended));
  }

  #endIdle(process: ReaderProcess): void {
    this.#idle.delete(process);
    process.end();
  }
}

/** The document in an answer; a process that sends what is none is taken over, or broken. */
function documentOf(message: Uint8Array, process: ReaderProcess): ParseOutcome {
  const parsed = readDocumentMessage(message);
  if (parsed !== undefined) return parsed;
  process.spoil();
  return verdict('damaged', { cause: 'answer-malformed' });
}
