import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { IndexedChunk, IndexOperation, RetrievalIndex, RetrievalQuery } from '#contracts/index.ts';
import { expectAclSetId, expectChunkRow, type ChunkRow } from '#core/index.ts';
import { arbitraryCorpus, arbitraryQuery } from '../arbitrary-corpus.ts';
import { searchByDefinition, type OracleAnalyzer, type OracleWeights } from '../retrieval-oracle.ts';

export interface RetrievalIndexUnderTest {
  readonly name: string;
  readonly dimensions: number;
  readonly analyzer: OracleAnalyzer;
  readonly weights: OracleWeights;
  /** A new, empty index that can keep snapshots; closed by the suite. */
  open(): Promise<{ readonly index: RetrievalIndex; close(): Promise<void> }>;
  readonly runs: number;
}

const rows = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 10 })
  .map((numbers) => numbers.map(expectChunkRow));
const change: fc.Arbitrary<Exclude<IndexOperation, { type: 'add' | 'load' }>> = fc.oneof(
  fc.record({ type: fc.constant('remove' as const), rows }),
  fc.record({
    type: fc.constant('reassign' as const),
    rows,
    aclSet: fc.integer({ min: 1, max: 4 }).map(expectAclSetId),
  }),
  fc.record({
    type: fc.constant('close' as const),
    rows,
    validToMs: fc.constantFrom(10, 20, 30),
    recordedToMs: fc.constantFrom(10, 20, 30),
  }),
);

/** The chunks after an operation, by the contract's words. */
export function applied(
  chunks: readonly IndexedChunk[],
  operation: Exclude<IndexOperation, { type: 'load' }>,
): IndexedChunk[] {
  if (operation.type === 'add') {
    const added = new Set<ChunkRow>(operation.chunks.map(({ row }) => row));
    return [...chunks.filter(({ row }) => !added.has(row)), ...operation.chunks];
  }
  const { rows: changed, type, ...values } = operation;
  if (type === 'remove') return chunks.filter(({ row }) => !changed.includes(row));
  return chunks.map((chunk) => (changed.includes(chunk.row) ? { ...chunk, ...values } : chunk));
}

/** What every implementation of the contract must do, against the definition of its scores. */
export function testRetrievalIndex(subject: RetrievalIndexUnderTest): void {
  const { name, dimensions, runs } = subject;
  const defined = (chunks: readonly IndexedChunk[], query: RetrievalQuery): unknown[] =>
    searchByDefinition(chunks, query, subject).map(({ row, score }) => [row, score]);
  const found = async (index: Pick<RetrievalIndex, 'search'>, query: RetrievalQuery): Promise<unknown[]> =>
    (await index.search(query)).map(({ row, score }) => [row, score]);

  test(`${name}: finds what the definition finds, after any operations`, async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryCorpus(dimensions),
        fc.array(change, { maxLength: 6 }),
        arbitraryQuery(dimensions),
        async (chunks, changes, query) => {
          await using opened = await disposable(subject);
          const half = Math.ceil(chunks.length / 2);
          const operations: Exclude<IndexOperation, { type: 'load' }>[] = [
            { type: 'add', chunks: chunks.slice(0, half) },
            ...changes.slice(0, 3),
            { type: 'add', chunks: chunks.slice(half) },
            ...changes.slice(3),
          ];
          for (const operation of operations) await opened.index.apply([operation]);
          const wanted = operations.reduce<IndexedChunk[]>(applied, []);
          assert.deepEqual(await found(opened.index, query), defined(wanted, query));
          while (await opened.index.maintain(100));
          assert.deepEqual(await found(opened.index, query), defined(wanted, query));
          assert.equal((await opened.index.stats()).chunks, wanted.length);
        },
      ),
      { numRuns: runs },
    );
  });

  test(`${name}: what the filter hides has no influence on any score`, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCorpus(dimensions), arbitraryQuery(dimensions), async (chunks, query) => {
        await using whole = await disposable(subject);
        await using part = await disposable(subject);
        await whole.index.apply([{ type: 'add', chunks }]);
        const allowed = chunks.filter(({ aclSet }) => query.access.aclSets.has(aclSet));
        await part.index.apply([{ type: 'add', chunks: allowed }]);
        assert.deepEqual(await whole.index.search(query), await part.index.search(query));
      }),
      { numRuns: runs },
    );
  });

  test(`${name}: a snapshot answers the same to the last bit after documents were replaced`, async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryCorpus(dimensions),
        fc.array(change, { maxLength: 4 }),
        arbitraryQuery(dimensions),
        async (chunks, changes, query) => {
          await using opened = await disposable(subject);
          const { index } = opened;
          await index.apply([{ type: 'add', chunks: chunks.slice(5) }]);
          const before = await index.search(query);
          const { id, chunks: kept } = await index.snapshot('before');
          assert.equal(kept, chunks.slice(5).length);
          await index.apply([...changes, { type: 'add', chunks: chunks.slice(0, 5) }]);
          while (await index.maintain(100));
          await index.snapshot('after');
          await using snapshot = await index.open(id);
          assert.deepEqual(await snapshot.search(query), before);
        },
      ),
      { numRuns: Math.ceil(runs / 3) },
    );
  });

  test(`${name}: gives back the vectors that were put in`, async () => {
    await using opened = await disposable(subject);
    const chunks = fc.sample(arbitraryCorpus(dimensions), { numRuns: 1, seed: 7 })[0]!;
    await opened.index.apply([{ type: 'add', chunks }]);
    const vectors = await opened.index.vectors(chunks.map(({ row }) => row));
    const empty = new Float32Array(dimensions);
    for (const chunk of chunks) assert.deepEqual(vectors.get(chunk.row), chunk.vector ?? empty);
  });

  test(`${name}: a snapshot that was never made cannot be opened`, async () => {
    await using opened = await disposable(subject);
    await assert.rejects(opened.index.open('0'.repeat(32)), { code: 'storage.damaged' });
    await assert.rejects(opened.index.open('../manifest'), { code: 'storage.damaged' });
  });
}

async function disposable(
  subject: RetrievalIndexUnderTest,
): Promise<{ index: RetrievalIndex } & AsyncDisposable> {
  const { index, close } = await subject.open();
  return { index, [Symbol.asyncDispose]: close };
}
