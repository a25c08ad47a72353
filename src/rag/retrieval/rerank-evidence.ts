import type { RerankingModel } from '#contracts/index.ts';
import type { Evidence } from '#core/index.ts';
import type { ValuedPiece } from './diversity.ts';

/** How a reranking model takes part: so many passages are shown to it, and its verdict, 0 to 1, counts so much. */
export const RERANKING = { pieces: 16, weight: 0.5 } as const;
/** Who waits for an answer waits no longer for its order. */
const DEADLINE_MS = 10_000;

/** What a passage says, with the headings that say what it is about. */
function textOf({ title, headingPath, text }: Evidence): string {
  return [...new Set([title, ...headingPath]), text].join('\n');
}

/**
 * The first passages in the order of score + weight · verdict; scores stay as they are, since what judges evidence was
 * fitted on them. A model that fails or takes too long leaves the order as it was: it only ever refines.
 */
export async function rerankEvidence(
  model: RerankingModel,
  question: string,
  evidence: readonly Evidence[],
): Promise<readonly ValuedPiece[]> {
  const shown = evidence.slice(0, RERANKING.pieces);
  const verdicts = await model
    .rerank(question, shown.map(textOf), AbortSignal.timeout(DEADLINE_MS))
    .catch(() => undefined);
  if (verdicts === undefined || !verdicts.every((verdict) => verdict >= 0 && verdict <= 1))
    return evidence.map(byScore);
  const ordered = shown
    .map((piece, index) => ({ piece, value: piece.score + RERANKING.weight * (verdicts[index] ?? 0) }))
    .toSorted((a, b) => b.value - a.value);
  return [...ordered, ...evidence.slice(RERANKING.pieces).map(byScore)];
}

/** A passage that is worth its score. */
export function byScore(piece: Evidence): ValuedPiece {
  return { piece, value: piece.score };
}
