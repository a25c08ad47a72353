/** What a step is for: running streams, what they take by themselves, and prompts that wait for their turn. */
export interface StepLoad {
  readonly decoding: number;
  /** What a step for the running streams alone takes. */
  readonly decodeMs: number;
  /** Prompts that are not read yet. */
  readonly waiting: number;
}

/**
 * Chooses how many prompt tokens go into a step so that the step takes about its target: short steps keep running
 * streams smooth and let aborts through, long ones waste less. Learns the cost of a token from the steps it sees.
 * While many prompts wait a step may take up to twice its target: everybody's first token comes sooner that way.
 */
export class ChunkController {
  readonly #targetMs: number;
  readonly #most: number;
  #msPerToken: number | undefined;
  #last: number;

  /** @param targetMs how long a step should take at most; beside running streams it aims a fifth below it. */
  constructor(targetMs: number, mostTokens: number) {
    if (!(targetMs > 0)) throw new RangeError(`targetMs must be positive, got ${targetMs}`);
    this.#targetMs = targetMs;
    this.#most = mostTokens;
    this.#last = Math.min(FIRST_CHUNK, mostTokens);
  }

  /** Prompt tokens for the next step. At least one, so that nothing starves. */
  budget({ decoding, decodeMs, waiting }: StepLoad): number {
    const room = Math.max(1, this.#most - decoding);
    if (this.#msPerToken === undefined) return Math.min(room, FIRST_CHUNK);
    const aim = decoding > 0 ? AIM : AIM_ALONE;
    const targetMs = this.#targetMs * aim * stretchOf(waiting);
    const wanted = Math.floor(Math.max(0, targetMs - decodeMs) / this.#msPerToken) - OVERHEAD_TOKENS;
    // Twice the last step at most: the cost of a token is learned from small chunks and may not hold for large ones.
    const least = decoding > 0 ? LEAST_CHUNK.besideStreams : LEAST_CHUNK.alone;
    const chosen = Math.max(least, Math.min(wanted, this.#last * 2));
    return Math.min(room, chosen >= 2 * TILE ? chosen - (chosen % TILE) : chosen);
  }

  /** Learns from a step that took `elapsedMs` with that many prompt tokens, beside streams that take `decodeMs`. */
  observe(step: { readonly prefill: number; readonly decodeMs: number; readonly elapsedMs: number }): void {
    // The end of a prompt says little about the cost of a token.
    if (step.prefill < LEAST_CHUNK.besideStreams) return;
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

const AIM = 0.8;
/** Nobody waits for the end of the step but who hangs up. */
const AIM_ALONE = 1.2;
const FIRST_CHUNK = 64;
/**
 * A chunk costs as if it had so many tokens more: per token, 32 at once take 1.25 times the processor time of 128, and
 * 8 take 2.6 times that of 256 (135 million parameters, Q8_0).
 */
const OVERHEAD_TOKENS = 8;
/**
 * On a slow or busy machine steps with these take longer than their target, because the alternative is that everything
 * takes longer.
 */
const LEAST_CHUNK = { alone: 64, besideStreams: 32 } as const;
/** Matrix kernels work on blocks of rows; a remainder costs almost as much as a whole block. */
const TILE = 16;
/** A step that another process held up says less than one that ran free. */
const NEW_WEIGHT = { faster: 0.4, slower: 0.2 } as const;

/** Two prompts wait within the target; from six on a step takes twice as long. */
function stretchOf(waiting: number): number {
  return Math.min(2, Math.max(1, 1 + (waiting - 2) / 4));
}
