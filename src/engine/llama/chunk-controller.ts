import { TILE } from './step-planner.ts';
import { TokenCost } from './token-cost.ts';

/** What a step is for: running streams, what they take by themselves, and the prompt that is read beside them. */
export interface StepLoad {
  readonly decoding: number;
  /** What a step for the running streams alone takes. */
  readonly decodeMs: number;
  /** Place in its prompt where the first token would come from. */
  readonly position: number;
  /** Tokens of that prompt in all. */
  readonly length: number;
}

/** A step as it went. */
export interface StepCost {
  /** Prompt tokens in it. */
  readonly prefill: number;
  readonly decodeMs: number;
  readonly position: number;
  readonly elapsedMs: number;
}

/**
 * Chooses how many prompt tokens go into a step: short steps keep running streams smooth and let aborts through, long
 * ones waste less. Learns the cost of a token from the steps it sees.
 */
export class ChunkController {
  readonly #targetMs: number;
  readonly #most: number;
  readonly #cost = new TokenCost();
  #last: number;
  #lastPosition = 0;

  /** @param targetMs what a step may take is told in multiples of this. */
  constructor(targetMs: number, mostTokens: number) {
    if (!(targetMs > 0)) throw new RangeError(`targetMs must be positive, got ${targetMs}`);
    this.#targetMs = targetMs;
    this.#most = mostTokens;
    this.#last = Math.min(TILE, mostTokens);
  }

  /**
   * Prompt tokens for the next step: a tile at least. On a slow or busy machine steps take longer than they may, because
   * the alternative is that everything takes longer.
   */
  budget(load: StepLoad): number {
    const room = Math.max(1, this.#most - load.decoding);
    const msPerToken = this.#cost.at(load.position);
    if (msPerToken === undefined) return Math.min(room, TILE);
    const wanted = Math.floor(this.#promptMs(load) / msPerToken - OVERHEAD_TOKENS);
    // Twice the last step at most: the cost of a token is learned from small chunks and may not hold for large ones.
    return Math.min(room, Math.max(TILE, Math.min(wanted, this.#last * 2)));
  }

  /** What the part of the prompt may take. */
  #promptMs({ decoding, decodeMs, length }: StepLoad): number {
    const target = this.#targetMs;
    if (decoding === 0) return target * LIMIT.alone - decodeMs;
    const evenMs = this.#cost.upTo(length) / SMOOTH.parts;
    const leastMs = this.#cost.upTo(SMOOTH.leastLength) / SMOOTH.leastParts;
    const harmlessMs = target * LIMIT.harmless - decodeMs;
    return Math.min(target * LIMIT.besideStreams - decodeMs, Math.max(evenMs, leastMs, harmlessMs));
  }

  /** Learns from a step. */
  observe({ prefill, decodeMs, position, elapsedMs }: StepCost): void {
    // The end of a prompt says little about the cost of a token.
    if (prefill < TILE) return;
    this.#last = prefill;
    this.#lastPosition = position;
    const promptMs = Math.max(0.001, elapsedMs - decodeMs);
    this.#cost.observe(position, promptMs / (prefill + OVERHEAD_TOKENS));
  }

  /** Prompt tokens per second as last seen; undefined before the first step. */
  get tokensPerSecond(): number | undefined {
    const msPerToken = this.#cost.at(this.#lastPosition);
    return msPerToken === undefined ? undefined : 1000 / msPerToken;
  }
}

/**
 * What a step may take, in multiples of its target. Beside running streams a tile less would cost a tenth more for every
 * token of the prompt; alone nobody waits for the end of the step but who hangs up. Steps below `harmless` are felt by
 * nobody, so they are not cut for smoothness.
 */
const LIMIT = { alone: 1.4, besideStreams: 3, harmless: 0.5 } as const;
/**
 * Beside running streams a prompt is read in so many parts that take the same time: more tokens while they are cheap, fewer
 * when they look at many. Short prompts are not cut finer than one of `leastLength` tokens in `leastParts` would be.
 */
const SMOOTH = { parts: 13, leastLength: 2_048, leastParts: 16 } as const;
/** A chunk costs as if it had so many tokens more. */
const OVERHEAD_TOKENS = 8;
