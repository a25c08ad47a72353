import type { Clock } from '#contracts/index.ts';
import type { ChainReader } from './chain-reader-store.ts';
import type { CheckpointSigner } from './signing-key.ts';

export interface CheckpointerDeps {
  readonly chainId: string;
  readonly reader: ChainReader;
  readonly signer: CheckpointSigner;
  readonly clock: Clock;
  /** Takes a note to a place that those who can change the database cannot change. */
  readonly sinks: readonly ((note: string) => Promise<void>)[];
}

/** Says now and then, signed, where the chain stands. */
export class Checkpointer {
  readonly #deps: CheckpointerDeps;
  #lastSequence = 0;

  constructor(deps: CheckpointerDeps) {
    this.#deps = deps;
  }

  /** Writes a checkpoint to every place, if the chain grew since the last one. */
  async write(): Promise<void> {
    const { chainId, reader, signer, clock, sinks } = this.#deps;
    const head = reader.head(chainId);
    if (head === undefined || head.sequence === this.#lastSequence) return;
    const { sequence, hash } = head;
    const note = signer.sign({ chainId, sequence, hash, atMs: clock.nowMs() });
    await Promise.all(sinks.map((sink) => sink(note)));
    this.#lastSequence = sequence;
  }
}
