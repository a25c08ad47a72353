import type { DatabaseSync } from 'node:sqlite';
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { createChainEvents } from '#audit/index.ts';
import type { WriteResult } from '#contracts/index.ts';
import { AppError, isAppError } from '#core/index.ts';
import {
  DiskReserve,
  FatalWriteError,
  MIGRATIONS,
  migrate,
  openForWriting,
  toFailure,
  toStorageError,
  UnitWriter,
  type UnitOutcome,
} from '#platform/index.ts';
import { LogKeeper } from './log-keeper.ts';
import {
  packWritten,
  type LogTask,
  type SentUnit,
  type UnwrittenUnit,
  type WriterOptions,
  type WriterReply,
  type WriterRequest,
  type WriterState,
} from './writer-protocol.ts';

const MAX_UNITS_PER_COMMIT = 64;
const MAX_GATHER_MS = 5;
const RESERVE_CHECK_MS = 1_000;

const FULL = new AppError('storage.full', 'The disk is full. Nothing was changed; make room and try again.');

function toUnwritten(id: number, error: Error): UnwrittenUnit {
  return isAppError(error)
    ? { type: 'refused', id, code: error.code, message: error.message, details: error.details }
    : { type: 'failed', id, message: error.message, stack: error.stack };
}

/**
 * Takes units as they come, writes up to 64 of them with one fsync, and acknowledges after it. With one caller
 * nothing waits; with many, a commit is held back a little while (at most half the time the last one took, and
 * never more than 5 ms) for as many units as came last time.
 */
export class WriterLoop {
  readonly #port: MessagePort;
  readonly #database: DatabaseSync;
  readonly #writer: UnitWriter;
  readonly #reserve: DiskReserve;
  readonly #sent: Int32Array;
  #queue: SentUnit[] = [];
  readonly #logTasks: { readonly type: LogTask; readonly id: number }[] = [];
  readonly #log: LogKeeper;
  #state: WriterState = 'writing';
  #stopped: Error | undefined;
  #isClosing = false;
  #isScheduled = false;
  #lastUnits = 1;
  #lastCommitMs = 0;

  constructor(port: MessagePort, options: WriterOptions) {
    this.#port = port;
    this.#sent = new Int32Array(options.sent);
    this.#reserve = new DiskReserve(options.reservePath, options.reserveBytes);
    this.#database = openForWriting(options.path, options.synchronous);
    this.#log = new LogKeeper(this.#database, options);
    migrate(this.#database, MIGRATIONS, options.nowMs);
    this.#writer = new UnitWriter(this.#database, createChainEvents(options.chainId));
  }

  start(): void {
    this.#reply({ type: 'ready' });
    if (!this.#reserve.take()) this.#enter('full', 'There is no room for the reserve.');
    this.#port.on('message', (request: WriterRequest) => {
      this.#accept(request);
      this.#schedule();
    });
  }

  #accept(request: WriterRequest): void {
    if (request.type === 'close') this.#isClosing = true;
    else if (request.type === 'write') this.#queue.push(...request.units);
    else this.#logTasks.push(request);
  }

  /** One commit per turn of the event loop, so that the timer of the reserve has its turn too. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#gather();
      const batch = this.#queue.splice(0, MAX_UNITS_PER_COMMIT);
      if (batch.length > 0) this.#commit(batch);
      this.#tendLog();
      if (this.#queue.length > 0) this.#schedule();
      else if (this.#isClosing) this.#close();
    });
  }

  #gather(): void {
    const wanted = Math.min(this.#lastUnits, MAX_UNITS_PER_COMMIT);
    const endMs = performance.now() + Math.min(MAX_GATHER_MS, this.#lastCommitMs / 2);
    for (;;) {
      const seen = Atomics.load(this.#sent, 0);
      for (;;) {
        const waiting: { message: WriterRequest } | undefined = receiveMessageOnPort(this.#port);
        if (waiting === undefined) break;
        this.#accept(waiting.message);
      }
      const leftMs = endMs - performance.now();
      if (this.#queue.length >= wanted || this.#isClosing || leftMs <= 0) return;
      Atomics.wait(this.#sent, 0, seen, leftMs);
    }
  }

  #commit(batch: readonly SentUnit[]): void {
    const startedAtMs = performance.now();
    const outcomes = this.#write(batch);
    if (outcomes.some(({ ok }) => ok)) this.#log.note();
    this.#lastUnits = batch.length;
    this.#lastCommitMs = performance.now() - startedAtMs;
    // Only now: everything that says `written` is behind an fsync.
    this.#settle(batch, outcomes);
    if (this.#queue.length === 0 && this.#state === 'writing') this.#checkpointIfLong();
  }

  #settle(batch: readonly SentUnit[], outcomes: readonly UnitOutcome[]): void {
    const written: { id: number; result: WriteResult }[] = [];
    const others: UnwrittenUnit[] = [];
    for (const [index, { id }] of batch.entries()) {
      const outcome = outcomes[index]!;
      if (outcome.ok) written.push({ id, result: outcome.result });
      else others.push(toUnwritten(id, outcome.error));
    }
    this.#reply({ type: 'settled', written: packWritten(written), others });
  }

  #write(batch: readonly SentUnit[]): UnitOutcome[] {
    if (this.#stopped !== undefined) return batch.map(() => ({ ok: false, error: this.#stopped! }));
    const outcomes = new Map<SentUnit, UnitOutcome>();
    const attempt = (units: readonly SentUnit[]) => {
      if (units.length === 0) return;
      const results = this.#writer.writeBatch(units.map(({ unit }) => unit));
      for (const [index, unit] of units.entries()) outcomes.set(unit, results[index]!);
    };
    const isOpen = this.#state === 'writing';
    try {
      attempt(batch.filter(({ unit }) => isOpen || unit.isEssential === true));
      if (
        isOpen &&
        [...outcomes.values()].some((outcome) => !outcome.ok && isAppError(outcome.error, 'storage.full'))
      ) {
        this.#reserve.release();
        this.#enter('full', 'A write found the disk full.');
        attempt(batch.filter((unit) => unit.unit.isEssential === true && outcomes.get(unit)?.ok !== true));
      }
    } catch (error) {
      if (!(error instanceof FatalWriteError)) throw error;
      this.#stop(error.failure);
      return batch.map(() => ({ ok: false, error: error.failure }));
    }
    return batch.map((unit) => outcomes.get(unit) ?? { ok: false, error: FULL });
  }

  /** Nothing is acknowledged any more: what is on the disk is not known until the process has started anew. */
  #stop(failure: Error): void {
    this.#stopped = failure;
    this.#enter('stopped', failure.message);
  }

  #enter(state: WriterState, why: string): void {
    this.#state = state;
    this.#reply({ type: 'state', state, why });
    if (state !== 'full') return;
    const timer = setInterval(() => {
      if (this.#state === 'full' && this.#reserve.take()) this.#enter('writing', 'There is room again.');
      if (this.#state !== 'full') clearInterval(timer);
    }, RESERVE_CHECK_MS);
    timer.unref();
  }

  /** Work on the log, between commits. */
  #tendLog(): void {
    for (const { type, id } of this.#logTasks.splice(0)) {
      try {
        if (this.#stopped !== undefined) throw this.#stopped;
        this.#log.do(type);
        this.#reply({ type: 'log-done', id, log: this.#log.state });
      } catch (error) {
        this.#reply({
          type: 'log-failed',
          id,
          message: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }

  #checkpointIfLong(): void {
    try {
      this.#log.checkpointIfLong();
    } catch (error) {
      // What the database file has no room for stays in the log: nothing is lost by writing it back later.
      if (isAppError(toFailure(toStorageError(error)), 'storage.full')) {
        this.#reserve.release();
        this.#enter('full', 'The log found no room to be written back.');
        return;
      }
      this.#stop(
        new AppError('record.unavailable', 'The disk failed. Nothing is written until a restart.', {
          cause: error,
        }),
      );
    }
  }

  #close(): void {
    if (this.#stopped === undefined) this.#log.end();
    this.#database.close();
    this.#reply({ type: 'closed' });
    this.#port.close();
  }

  #reply(reply: WriterReply): void {
    this.#port.postMessage(reply);
  }
}
