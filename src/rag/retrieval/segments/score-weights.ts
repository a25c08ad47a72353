/** How the signals add up. Absolute scales, the same for all collections: never rescaled per list of results. */
export interface ScoreWeights {
  /** Share of BM25 over stems, and over folded forms as typed. */
  readonly stems: number;
  readonly folded: number;
  /** Weight of a term that `frequency` of `rowCount` visible rows have. */
  inverseFrequency(rowCount: number, frequency: number): number;
  /** Where chunk and question are in one language, and where they are not: words tell less there. */
  readonly sameLanguage: { readonly vector: number; readonly spelling: number };
  readonly otherLanguage: { readonly vector: number; readonly spelling: number };
}

/** Chosen on public sets in Czech and English; flat around these values, so not tuned to any of them. */
export const DEFAULT_WEIGHTS: ScoreWeights = {
  stems: 0.8,
  folded: 0.2,
  // BM25's in the form that is never negative.
  inverseFrequency: (rowCount, frequency) => Math.log(1 + (rowCount - frequency + 0.5) / (frequency + 0.5)),
  sameLanguage: { vector: 0.2, spelling: 0.2 },
  otherLanguage: { vector: 0.25, spelling: 0.5 },
};
