/** What a proof is told about its run. */
export interface ProofRun {
  /** Fewer repetitions, for CI: the same measurement on a smaller sample. */
  readonly isQuick: boolean;
}

/** One measured figure; `informative` figures are printed and not judged. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly target?: string;
  readonly verdict: 'met' | 'missed' | 'informative';
  /** The value is a time, a rate or a ratio of them: what else the machine does can spoil it. */
  readonly isTiming?: boolean;
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

/**
 * A judged figure that is a time, a rate or a ratio of them. The full form judges it like any other. The quick
 * form, on small samples and shared machines, measures a missed one again and in the end only reports it.
 */
export function timing(name: string, value: string | number, target: string, isMet: boolean): Figure {
  return { ...judged(name, value, target, isMet), isTiming: true };
}

/** A figure that is printed and not judged. */
export function informative(name: string, value: string | number): Figure {
  return { name, value: String(value), verdict: 'informative' };
}
