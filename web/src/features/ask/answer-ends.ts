import { ApiError } from '../../api/errors.ts';
import type { Answer } from './answer.ts';
import { endAnswer, readOn, type AnswerPlace } from './ask.ts';
import type { AnswerSource } from './answer-stream.ts';

type Failure = NonNullable<Answer['error']>;

/** A stop may overtake its question on the way to the server. */
const STOP_TRIES = 3;
const STOP_AGAIN_MS = 400;

/** The line broke in the middle of an answer. */
export const CUT: Failure = { code: 'stream.cut', detail: '', requestId: '' };

/** What an answer says of an error that ended it. */
export function toFailure(error: unknown): Failure {
  // The browser tells a broken stream by a TypeError.
  if (error instanceof TypeError) return CUT;
  if (!(error instanceof ApiError)) return { code: 'internal', detail: String(error), requestId: '' };
  return { code: error.code, detail: error.message, requestId: error.requestId ?? '' };
}

export const failed = (answer: Answer, error: Failure): Answer => ({ ...answer, state: 'failed', error });

/** An answer that somebody stopped; one that was there already stays whole. */
export const stopped = (answer: Answer): Answer =>
  answer.state === 'done' ? answer : { ...answer, state: 'stopped' };

/** Whether an answer that was to be followed is not being made any more: the conversation has it by now. */
export const isGone = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'answer.not_found';

const pause = (durationMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });

/** How an answer is read on. */
export function waysTo(place: AnswerPlace): Omit<AnswerSource, 'first'> {
  return { readOn: (after, signal) => readOn(place, after, signal), wait: pause };
}

/** Ends an answer at the server; one that is over already needs nothing. */
export async function endSurely(place: AnswerPlace): Promise<void> {
  for (let tries = 1; tries <= STOP_TRIES; tries += 1) {
    try {
      await endAnswer(place);
      return;
    } catch (error) {
      if (!isGone(error)) return;
    }
    await pause(STOP_AGAIN_MS);
  }
}
