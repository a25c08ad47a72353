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
  /**
   * What the vector weighs where evidence is judged, if that is not what it weighs in the order: what judges was
   * fitted on certain weights.
   */
  readonly judged?: { readonly sameLanguage: number; readonly otherLanguage: number };
}

/** Visible rows at which half of the 1 under the logarithm is left. */
const FEW_ROWS = 50;
/** What a term that most rows have still weighs. */
const LEAST_FREQUENCY = 1e-6;

/**
 * Robertson's and Spärck Jones's weight, ln((N − n + ½) / (n + ½)), never below 10⁻⁶, as SQLite's FTS5 has it. Over a
 * few rows it would take every word for a common one: one of two rows says nothing of a language. So something is added
 * under the logarithm that is 1 with no rows at all and fades with their square: 1 / (1 + (N / 50)²).
 */
function inverseFrequency(rowCount: number, frequency: number): number {
  const odds = (rowCount - frequency + 0.5) / (frequency + 0.5);
  return Math.max(LEAST_FREQUENCY, Math.log(odds + 1 / (1 + (rowCount / FEW_ROWS) ** 2)));
}

/** Chosen on public sets in Czech and English; flat around these values, so not tuned to any of them. */
export const DEFAULT_WEIGHTS: ScoreWeights = {
  stems: 0.8,
  folded: 0.2,
  inverseFrequency,
  sameLanguage: { vector: 0.15, spelling: 0.2 },
  otherLanguage: { vector: 0.25, spelling: 0.5 },
};

/**
 * With vectors of an encoder, which knows words by what they mean: a text that says the same in other words may come
 * before one that shares a common word. A convex combination of normalised scores with more weight on meaning than on
 * words is the safest choice in Bruch, Gai, Ingber: An Analysis of Fusion Functions for Hybrid Retrieval, TOIS 2023; a
 * starting point below theirs, as exact words must go on to count. Not measured here with a real encoder.
 */
export const ENCODER_WEIGHTS: ScoreWeights = {
  ...DEFAULT_WEIGHTS,
  sameLanguage: { ...DEFAULT_WEIGHTS.sameLanguage, vector: 0.5 },
  otherLanguage: { ...DEFAULT_WEIGHTS.otherLanguage, vector: 0.8 },
  judged: {
    sameLanguage: DEFAULT_WEIGHTS.sameLanguage.vector,
    otherLanguage: DEFAULT_WEIGHTS.otherLanguage.vector,
  },
};

/** Every constant that a score is made of, for the digest of a release: another number ranks otherwise. */
export const SCORE_CONSTANTS = {
  stems: DEFAULT_WEIGHTS.stems,
  folded: DEFAULT_WEIGHTS.folded,
  fewRows: FEW_ROWS,
  leastFrequency: LEAST_FREQUENCY,
  sameLanguage: DEFAULT_WEIGHTS.sameLanguage,
  otherLanguage: DEFAULT_WEIGHTS.otherLanguage,
  encoder: {
    sameLanguage: ENCODER_WEIGHTS.sameLanguage.vector,
    otherLanguage: ENCODER_WEIGHTS.otherLanguage.vector,
  },
} as const;
