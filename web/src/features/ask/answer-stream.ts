import type { AskEvent } from '#wire/hradlo/index.ts';
import { ApiError } from '../../api/errors.ts';
import type { StreamedEvent } from './ask.ts';

/** The line broke in the middle of an answer, and there is nothing to read on. */
export class CutError extends Error {
  override readonly name = 'CutError';
}

/** The ways to an answer: how it was asked for or found, and how it is read on. */
export interface AnswerSource {
  first(signal: AbortSignal): AsyncIterable<StreamedEvent>;
  /** @throws {ApiError} `answer.not_found` when it is not being made any more. */
  readOn(after: number, signal: AbortSignal): AsyncIterable<StreamedEvent>;
  /** Resolves after so many milliseconds, earlier when `signal` aborts. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** Between tries to reach the server again; after the last one it is given up. */
const TRIES_MS = [0, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 15_000, 15_000, 30_000, 30_000];

/** Whether trying again may help: nobody answered, or the server just stops and comes back. */
function mayPass(error: unknown): boolean {
  // The browser tells a stream that breaks by a TypeError.
  if (error instanceof TypeError) return true;
  return error instanceof ApiError && (error.code === 'network' || error.code === 'server.draining');
}

/**
 * The events of an answer to its end, over as many lines as it takes: when one breaks, the server goes on, and this
 * reads on where it broke.
 * @throws {ApiError} when the server refuses, or was not reached at all.
 * @throws {CutError} when the line broke and the answer is not being made any more.
 */
export async function* wholeAnswer(source: AnswerSource, signal: AbortSignal): AsyncGenerator<AskEvent> {
  const place: Place = { at: undefined, hasBegun: false, tries: 0, isOver: false };
  let events = source.first(signal);
  for (;;) {
    try {
      yield* followed(events, place);
    } catch (error) {
      if (!place.isOver && (signal.aborted || !isWorthReadingOn(error, place.hasBegun))) throw error;
    }
    if (signal.aborted || place.isOver) return;
    const waitMs = TRIES_MS[place.tries];
    // Without numbers there is no place to read on from.
    if (waitMs === undefined || place.at === undefined) throw new CutError();
    place.tries += 1;
    await source.wait(waitMs, signal);
    events = source.readOn(place.at, signal);
  }
}

/** How far an answer was read, and how often in a row its line broke. */
interface Place {
  at: number | undefined;
  hasBegun: boolean;
  tries: number;
  isOver: boolean;
}

/** The events of one line; `place` moves on with them. */
async function* followed(events: AsyncIterable<StreamedEvent>, place: Place): AsyncGenerator<AskEvent> {
  for await (const { event, at } of events) {
    Object.assign(place, { at, hasBegun: true, tries: 0, isOver: event.type === 'end' });
    yield event;
  }
}

/** @throws {CutError} when the answer is over at the server, too. */
function isWorthReadingOn(error: unknown, hasBegun: boolean): boolean {
  if (!hasBegun) return false;
  if (error instanceof ApiError && error.code === 'answer.not_found') throw new CutError();
  return mayPass(error);
}
