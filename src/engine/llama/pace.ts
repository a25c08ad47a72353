/** A stream as its pace is decided. */
export interface PacedStream {
  readonly tenant: string;
  /** Prompt tokens that are not in the cache yet; 0 while it decodes. */
  readonly remainingPrompt: number;
}

/** What the pace is decided by. */
export interface PaceView {
  /** Whether a tenant has had less than is fair. */
  isModest(tenant: string): boolean;
  /** What a step takes that gives so many streams their next tokens; 0 while nothing is known. */
  expectedMs(streams: number): number;
}

/**
 * For each millisecond of steps for the modest the others get so much for their next tokens, and so much for their
 * prompts: their streams slow down and never stop.
 */
const OTHERS_RATIO = { tokens: 0.2, prompts: 0.1 } as const;
/** What all streams together would bring in the same time may shrink by this part at most. */
const MOST_LOSS_RATIO = 0.2;

/**
 * Who takes part in a step while a tenant that has had little shares the model with one that has much. Where every row
 * costs time, an answer in a crowd of the greedy takes many times what it takes alone; then most steps are for the
 * modest alone. Where a crowd is served almost as fast as one, everybody takes part in every step.
 */
export class Pace {
  /** Steps that are due for the modest before the others get their next tokens. */
  #stepsDue = 0;
  /** Milliseconds that are due for the modest before the others' prompts are read on. */
  #promptMsDue = 0;
  /** What the step would take that was chosen last, but for the others' prompts in it; undefined when there are none. */
  #withoutPromptsMs: number | undefined;

  /** Those that take part in the next step, in their order. */
  choose<Stream extends PacedStream>(streams: readonly Stream[], view: PaceView): readonly Stream[] {
    this.#withoutPromptsMs = undefined;
    const favoured = favouredOf(streams, view);
    if (favoured.size === 0) return streams;
    const decoding = streams.filter(({ remainingPrompt }) => remainingPrompt === 0);
    const isReading = [...favoured].some(({ remainingPrompt }) => remainingPrompt > 0);
    // A prompt costs as much as many rows: who decodes goes along with it, and other prompts wait for it.
    if (isReading) return streams.filter((stream) => favoured.has(stream) || stream.remainingPrompt === 0);
    if (this.#promptMsDue <= 0 && decoding.length < streams.length) {
      this.#withoutPromptsMs = view.expectedMs(decoding.length);
      return streams;
    }
    if (this.#stepsDue >= 1) {
      this.#stepsDue -= 1;
      return streams.filter((stream) => favoured.has(stream));
    }
    this.#stepsDue += stepsBetween(favoured.size, decoding.length, view);
    return decoding;
  }

  /** Told how long the step took that was chosen last. */
  ran(elapsedMs: number): void {
    const promptMs = this.#withoutPromptsMs === undefined ? 0 : elapsedMs - this.#withoutPromptsMs;
    this.#promptMsDue =
      Math.max(0, this.#promptMsDue - elapsedMs) + Math.max(0, promptMs) / OTHERS_RATIO.prompts;
  }
}

/** Streams of tenants that have had little and hold little, where others hold more than one; otherwise none. */
function favouredOf<Stream extends PacedStream>(
  streams: readonly Stream[],
  { isModest }: PaceView,
): ReadonlySet<Stream> {
  const byTenant = Map.groupBy(streams, ({ tenant }) => tenant);
  if (byTenant.size < 2 || byTenant.size === streams.length) return new Set();
  const modest = [...byTenant].filter(
    ([tenant, own]) => own.length <= Math.ceil(streams.length / byTenant.size) && isModest(tenant),
  );
  return modest.length === byTenant.size ? new Set() : new Set(modest.flatMap(([, own]) => own));
}

/**
 * How many steps for `favoured` streams alone come between two for all that decode. In k such steps and one for all,
 * everybody gets k·f + n tokens in k·t(f) + t(n). The others' part of the time is kept by k·t(f)·ratio = t(n) − t(f);
 * that the rate stays above (1 − loss)·n/t(n) bounds k as well.
 */
function stepsBetween(favoured: number, all: number, { expectedMs }: PaceView): number {
  const [few, many] = [expectedMs(favoured), expectedMs(all)];
  // What was never tried is tried once.
  if (!(few > 0)) return many > 0 ? 1 : 0;
  if (!(many > few)) return 0;
  const byTime = (many - few) / (few * OTHERS_RATIO.tokens);
  const wasted = (1 - MOST_LOSS_RATIO) * all * (few / many) - favoured;
  return wasted <= 0 ? byTime : Math.min(byTime, (MOST_LOSS_RATIO * all) / wasted);
}
