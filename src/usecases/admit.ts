import { AppError, type ChatMessage, type Evidence, type Verdict } from '#core/index.ts';
import type { AnswerTrail } from './answer-trail.ts';

/**
 * The messages that a verdict on the question lets go on: all of them, or with the last question redacted.
 * @throws {AppError} policy.blocked
 */
export function admitMessages(messages: readonly ChatMessage[], verdict: Verdict): readonly ChatMessage[] {
  if (verdict.action === 'allow') return messages;
  if (verdict.action === 'block') {
    throw new AppError('policy.blocked', `The question was refused by the rule "${verdict.rule}".`, {
      details: { rule: verdict.rule },
    });
  }
  const last = messages.findLastIndex((message) => message.role === 'user');
  return messages.map((message, index) => (index === last ? { ...message, content: verdict.text } : message));
}

/**
 * The evidence that its verdicts let go on. A quotation must be verbatim, so evidence is never redacted: a piece
 * that may not be shown as it stands is dropped. @throws {RangeError} when a piece has no verdict.
 */
export function admitEvidence(
  evidence: readonly Evidence[],
  verdicts: readonly Verdict[],
  trail: AnswerTrail,
): readonly Evidence[] {
  if (verdicts.length !== evidence.length) throw new RangeError('every piece of evidence needs a verdict');
  return evidence.filter((_piece, index) => trail.note('evidence', verdicts[index]!).action === 'allow');
}
