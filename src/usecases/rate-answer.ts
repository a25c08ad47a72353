import type { Clock, Writer } from '#contracts/index.ts';
import type { AnswerStore } from '#conversation/index.ts';
import { AppError, type AnswerId, type Principal } from '#core/index.ts';

/** What an asker thinks of an answer. The reason is a code, never a text. */
export interface Feedback {
  readonly rating: 'up' | 'down';
  readonly reason?: string | undefined;
}

export interface RateDeps {
  readonly writer: Writer;
  readonly answers: AnswerStore;
  readonly clock: Clock;
}

/**
 * Records what an asker thinks of their own answer; rating again replaces it.
 * The promise rejects with AppError answer.not_found when the answer is unknown or somebody else's, alike on purpose.
 */
export function createRateAnswer({ writer, answers, clock }: RateDeps) {
  return async (request: {
    readonly principal: Principal;
    readonly answerId: AnswerId;
    readonly feedback: Feedback;
  }): Promise<void> => {
    const { principal, answerId, feedback } = request;
    if (!(await answers.isOwn(answerId, principal))) {
      throw new AppError('answer.not_found', 'There is no such answer of yours.');
    }
    const { rating, reason } = feedback;
    const nowMs = clock.nowMs();
    await writer.write({
      statements: [
        answers.rateAnswer(answerId, reason === undefined ? rating : `${rating}:${reason}`, nowMs),
      ],
      audit: [
        {
          kind: 'answer.rated',
          tenantId: principal.tenantId,
          actor: { issuer: principal.issuer, subject: principal.subject },
          atMs: nowMs,
          fields: { answerId, rating, reason: reason ?? null },
        },
      ],
    });
  };
}
