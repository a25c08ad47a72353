/** Positions that are taken to cost the same. */
const BLOCK_TOKENS = 256;
/** What a block costs more than the one before it until it was seen, as a share of the first. */
const LIKELY_GROWTH = 0.05;
/** A step that another process held up says less than one that ran free. */
const NEW_WEIGHT = { faster: 0.4, slower: 0.2 } as const;
const NEW_SHAPE_WEIGHT = 0.3;

/**
 * Learns what a prompt token costs at each place of a prompt: every token looks at all before it, so with a small model
 * the 2,000th costs twice the first. How fast the machine is just now and how the cost grows are learned apart: the
 * first changes with what else runs, the second belongs to the model.
 */
export class TokenCost {
  #firstMs: number | undefined;
  /** By block: its cost as a multiple of the first block's. */
  readonly #growth = new Map<number, number>([[0, 1]]);

  /** Milliseconds for a token at a position; undefined before anything was seen. */
  at(position: number): number | undefined {
    return this.#firstMs === undefined ? undefined : this.#firstMs * this.#growthAt(blockOf(position));
  }

  /** Milliseconds for the first so many tokens of a prompt; 0 before anything was seen. */
  upTo(length: number): number {
    let sum = 0;
    for (let position = 0; position < length; position += BLOCK_TOKENS)
      sum += (this.at(position) ?? 0) * Math.min(BLOCK_TOKENS, length - position);
    return sum;
  }

  /** Takes in what a token of a step took, that began at a position. */
  observe(position: number, msPerToken: number): void {
    const block = blockOf(position);
    const growth = this.#growthAt(block);
    const asFirstMs = msPerToken / growth;
    const old = this.#firstMs ?? asFirstMs;
    this.#firstMs = mixed(old, asFirstMs, asFirstMs < old ? NEW_WEIGHT.faster : NEW_WEIGHT.slower);
    if (block > 0) this.#growth.set(block, mixed(growth, msPerToken / old, NEW_SHAPE_WEIGHT));
  }

  /** Of a block that was never seen: what the nearest one that was seen lets expect. */
  #growthAt(block: number): number {
    const known = this.#growth.get(block);
    if (known !== undefined) return known;
    const [nearest] = [...this.#growth.keys()].toSorted((a, b) => Math.abs(a - block) - Math.abs(b - block));
    return (this.#growth.get(nearest!)! * likelyGrowth(block)) / likelyGrowth(nearest!);
  }
}

const blockOf = (position: number): number => Math.floor(position / BLOCK_TOKENS);
const likelyGrowth = (block: number): number => 1 + LIKELY_GROWTH * block;
const mixed = (old: number, value: number, weight: number): number => old * (1 - weight) + value * weight;
