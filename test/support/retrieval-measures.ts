/** Relevance grades by document id; what is not in it is not relevant. */
export type Judgements = ReadonlyMap<string, number>;

/**
 * nDCG at a cut-off with the grades as gains and log2(rank + 1) as discount, the ideal ranking over all judged
 * documents: trec_eval's ndcg_cut.
 */
export function ndcgAt(ranking: readonly string[], relevant: Judgements, cutoff: number): number {
  const discounted = (gains: readonly number[]): number =>
    gains.slice(0, cutoff).reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
  const ideal = discounted([...relevant.values()].toSorted((a, b) => b - a));
  return ideal === 0 ? 0 : discounted(ranking.map((id) => relevant.get(id) ?? 0)) / ideal;
}

/** Share of the relevant documents that stand above a cut-off: trec_eval's recall. */
export function recallAt(ranking: readonly string[], relevant: Judgements, cutoff: number): number {
  const all = [...relevant.values()].filter((grade) => grade > 0).length;
  if (all === 0) return 0;
  return ranking.slice(0, cutoff).filter((id) => (relevant.get(id) ?? 0) > 0).length / all;
}

/** Mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Area under the ROC curve: how often a positive scores above a negative, ties counting a half. */
export function rocAuc(positives: readonly number[], negatives: readonly number[]): number {
  let sum = 0;
  for (const positive of positives) {
    for (const negative of negatives) sum += positive > negative ? 1 : positive === negative ? 0.5 : 0;
  }
  return sum / (positives.length * negatives.length);
}
