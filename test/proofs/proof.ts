/** What a proof is told about its run. */
export interface ProofRun {
  /** Fewer repetitions, for CI: the same measurement on a smaller sample. */
  readonly isQuick: boolean;
  /** The machine is too busy for a timing to mean anything: report timings as `informative`. */
  readonly isHeavilyLoaded: boolean;
}

/** One measured figure; `informative` figures are printed and not judged. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly target?: string;
  readonly verdict: 'met' | 'missed' | 'informative';
}

/** A promise of the product and the end-to-end measurement that shows it. */
export interface Proof {
  /** One sentence, without the figure. */
  readonly promise: string;
  /** `false` when even the quick form is too long or needs what CI lacks. */
  readonly quick?: boolean;
  run(run: ProofRun): Promise<{ readonly figures: readonly Figure[]; readonly note?: string }>;
}

/** A figure that is met when `isMet`. */
export function judged(name: string, value: string | number, target: string, isMet: boolean): Figure {
  return { name, value: String(value), target, verdict: isMet ? 'met' : 'missed' };
}

/** A figure that is printed and not judged. */
export function informative(name: string, value: string | number): Figure {
  return { name, value: String(value), verdict: 'informative' };
}
