/**
 * Chooses how many prompt tokens go into a step so that the step takes about its target: short steps keep running
 * streams smooth and let aborts through, long ones waste less. Learns the cost of a token from the steps it sees.
 */
export class ChunkController {
  readonly #targetMs: number;
  readonly #most: number;
  #msPerToken: number | undefined;
  #decodeMs = 0;
  #last: number;

  /** @param targetMs how long a step should take at most; the controller aims a fifth below it. */
  constructor(targetMs: number, mostTokens: number) {
    if (!(targetMs > 0)) throw new RangeError(`targetMs must be positive, got ${targetMs}`);
    this.#targetMs = targetMs * AIM;
    this.#most = mostTokens;
    this.#last = Math.min(FIRST_CHUNK, mostTokens);
  }

  /** Prompt tokens for the next step, beside `decoding` running streams. At least one, so that nothing starves. */
  budget(decoding: number): number {
    const room = Math.max(1, this.#most - decoding);
    if (this.#msPerToken === undefined) return Math.min(room, FIRST_CHUNK);
    const left = Math.max(0, this.#targetMs - (decoding > 0 ? this.#decodeMs : 0));
    const wanted = Math.floor(left / this.#msPerToken);
    // Twice the last step at most: the cost of a token is learned from small chunks and may not hold for large ones.
    const least = decoding > 0 ? LEAST_CHUNK.besideStreams : LEAST_CHUNK.alone;
    const chosen = Math.max(least, Math.min(wanted, this.#last * 2));
    return Math.min(room, chosen >= 2 * TILE ? chosen - (chosen % TILE) : chosen);
  }

  /** Learns from a step that took `elapsedMs` with that many running streams and prompt tokens. */
  observe(step: { readonly decoding: number; readonly prefill: number; readonly elapsedMs: number }): void {
    if (step.prefill === 0) {
      this.#decodeMs = blend(this.#decodeMs, step.elapsedMs);
      return;
    }
    // The end of a prompt says little about the cost of a token.
    if (step.prefill < LEAST_CHUNK.besideStreams) return;
    this.#last = step.prefill;
    const prefillMs = Math.max(0.001, step.elapsedMs - (step.decoding > 0 ? this.#decodeMs : 0));
    this.#msPerToken = blend(this.#msPerToken ?? prefillMs / step.prefill, prefillMs / step.prefill);
  }

  /** Prompt tokens per second as last seen; undefined before the first step. */
  get tokensPerSecond(): number | undefined {
    return this.#msPerToken === undefined ? undefined : 1000 / this.#msPerToken;
  }
}

const AIM = 0.8;
const FIRST_CHUNK = 64;
/**
 * Below these a step costs more than it does: per token, 8 at once take 2.6 times the processor time of 256, 32 take
 * 1.45 times, 64 take 1.13 times (135 million parameters, Q8_0). On a slow or busy machine steps then take longer than
 * their target, because the alternative is that everything takes longer.
 */
const LEAST_CHUNK = { alone: 64, besideStreams: 32 } as const;
/** Matrix kernels work on blocks of rows; a remainder costs almost as much as a whole block. */
const TILE = 16;
const NEW_WEIGHT = 0.4;

function blend(old: number, value: number): number {
  return old === 0 ? value : old * (1 - NEW_WEIGHT) + value * NEW_WEIGHT;
}
