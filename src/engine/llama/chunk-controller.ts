/** What a step is for: running streams, and what they take by themselves. */
export interface StepLoad {
  readonly decoding: number;
  /** What a step for the running streams alone takes. */
  readonly decodeMs: number;
}

/**
 * Chooses how many prompt tokens go into a step so that it takes no longer than it may: short steps keep running
 * streams smooth and let aborts through, long ones waste less. Learns the cost of a token from the steps it sees.
 */
export class ChunkController {
  readonly #targetMs: number;
  readonly #most: number;
  #msPerToken: number | undefined;
  #last: number;

  /** @param targetMs what a step may take is told in multiples of this. */
  constructor(targetMs: number, mostTokens: number) {
    if (!(targetMs > 0)) throw new RangeError(`targetMs must be positive, got ${targetMs}`);
    this.#targetMs = targetMs;
    this.#most = mostTokens;
    this.#last = Math.min(TILE, mostTokens);
  }

  /** Prompt tokens for the next step. At least one, so that nothing starves. */
  budget({ decoding, decodeMs }: StepLoad): number {
    const room = Math.max(1, this.#most - decoding);
    if (this.#msPerToken === undefined) return Math.min(room, TILE);
    const limitMs = this.#targetMs * (decoding > 0 ? LIMIT.besideStreams : LIMIT.alone);
    const wanted = Math.max(0, limitMs - decodeMs) / this.#msPerToken - OVERHEAD_TOKENS;
    // Twice the last step at most: the cost of a token is learned from small chunks and may not hold for large ones.
    return Math.min(room, inTiles(wanted, this.#last * 2), inTiles(room, room));
  }

  /** Learns from a step that took `elapsedMs` with that many prompt tokens, beside streams that take `decodeMs`. */
  observe(step: { readonly prefill: number; readonly decodeMs: number; readonly elapsedMs: number }): void {
    // The end of a prompt says little about the cost of a token.
    if (step.prefill < TILE) return;
    this.#last = step.prefill;
    const perToken = Math.max(0.001, step.elapsedMs - step.decodeMs) / (step.prefill + OVERHEAD_TOKENS);
    const old = this.#msPerToken ?? perToken;
    const weight = perToken < old ? NEW_WEIGHT.faster : NEW_WEIGHT.slower;
    this.#msPerToken = old * (1 - weight) + perToken * weight;
  }

  /** Prompt tokens per second as last seen; undefined before the first step. */
  get tokensPerSecond(): number | undefined {
    return this.#msPerToken === undefined ? undefined : 1000 / this.#msPerToken;
  }
}

/**
 * What a step may take, in multiples of its target. Beside running streams a tile less would cost a tenth more for every
 * token of the prompt; alone nobody waits for the end of the step but who hangs up.
 */
const LIMIT = { alone: 1.4, besideStreams: 2.1 } as const;
/**
 * The library's attention works on blocks of so many rows; what is left over goes row by row, at three times the cost:
 * at position 2,048, 63 tokens took 573 ms and 64 took 242 (135 million parameters, one thread). On a slow or busy
 * machine steps take longer than they may, because the alternative is that everything takes longer.
 */
export const TILE = 64;
/** A chunk costs as if it had so many tokens more. */
const OVERHEAD_TOKENS = 8;
/** A step that another process held up says less than one that ran free. */
const NEW_WEIGHT = { faster: 0.4, slower: 0.2 } as const;

/** Whole tiles within both, one at least. */
function inTiles(wanted: number, most: number): number {
  const tokens = Math.min(wanted, most);
  return Math.max(TILE, tokens - (tokens % TILE));
}
