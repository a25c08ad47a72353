import type { JobHandler } from '#contracts/index.ts';
import type { Digest } from '#core/index.ts';
import type { ChunkEmbeddingStore } from '#rag/index.ts';

export interface ExpireVectorsDeps {
  readonly embeddings: ChunkEmbeddingStore;
  /** Models that are here; undefined while that is not known. */
  knownModels(): ReadonlySet<Digest> | undefined;
}

/** Deleted in one unit: the writer has others to serve. */
const VECTORS_PER_UNIT = 500;

/** Deletes the vectors of models that were taken away; those of models that are merely not chosen stay. */
export function createExpireVectors({ embeddings, knownModels }: ExpireVectorsDeps): JobHandler {
  return {
    kind: 'vectors.expire',
    async run(run) {
      for (const model of await embeddings.listGenerations()) {
        const known = knownModels();
        if (known === undefined || known.has(model)) continue;
        for (let deleted = 1; deleted > 0;) {
          run.signal.throwIfAborted();
          const { changes } = await run.write({
            statements: [embeddings.deleteSome(model, VECTORS_PER_UNIT)],
            audit: [],
          });
          deleted = changes[0] ?? 0;
        }
        await run.write({ statements: [embeddings.deleteGeneration(model)], audit: [] });
      }
    },
  };
}
