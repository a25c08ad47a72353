import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexOperation, RetrievalIndex, RetrievalQuery } from '#contracts/index.ts';
import { expectChunkRow, expectDigest } from '#core/index.ts';
import { toQuery } from '#test/synthetic-index.ts';
import { ChosenIndex, type EncodedIndex } from './chosen-index.ts';

const BUILT_IN = { name: 'built-in', digest: expectDigest(`sha256:${'0'.repeat(64)}`) };
const QUERY = toQuery({ text: 'dům', vector: Float32Array.of(0) }, [1]);
const ROWS = [expectChunkRow(1)];
const LOAD: IndexOperation = { type: 'load', rows: ROWS };

/** An index that notes what it is asked, and fails while it is told to. */
class NotingIndex implements Pick<RetrievalIndex, 'apply' | 'purge' | 'search'> {
  readonly applied: IndexOperation[] = [];
  readonly queries: RetrievalQuery[] = [];
  readonly purged: number[] = [];
  failure: Error | undefined;

  async apply(operations: readonly IndexOperation[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.applied.push(...operations);
  }
  async purge(rows: readonly number[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.purged.push(...rows);
  }
  async search(query: RetrievalQuery): Promise<[]> {
    if (this.failure !== undefined) throw this.failure;
    this.queries.push(query);
    return [];
  }
}

function world() {
  const base = new NotingIndex();
  const second = new NotingIndex();
  const time = { nowMs: 0 };
  const heard = { loaded: 0, fallbacks: 0, broken: 0, asked: 0 };
  const model: { failure: Error | undefined } = { failure: undefined };
  const notUsed = () => assert.fail('not asked for here');
  const whole = Object.assign(base, {
    vectors: notUsed,
    stats: notUsed,
    maintain: notUsed,
    snapshot: notUsed,
    open: notUsed,
  });
  const index = new ChosenIndex({
    base: whole,
    builtIn: BUILT_IN,
    monotonicMs: () => time.nowMs,
    onFallback: () => (heard.fallbacks += 1),
  });
  index.listen({
    onLoaded: () => (heard.loaded += 1),
    onBroken: async () => {
      heard.broken += 1;
    },
  });
  const encoded: EncodedIndex = {
    index: second,
    name: 'encoder',
    digest: expectDigest(`sha256:${'e'.repeat(64)}`),
    async embedQuestion() {
      heard.asked += 1;
      if (model.failure !== undefined) throw model.failure;
      return Float32Array.of(1);
    },
  };
  return { base, second, time, heard, model, index, encoded };
}

test('a question goes to the index of the chosen model, with its vector', async () => {
  const { base, second, index, encoded } = world();
  index.use(encoded);
  const reader = await index.readerFor('dům');
  await reader.search(QUERY);
  assert.deepEqual([reader.embedding.name, reader.embedding.insteadOf], ['encoder', undefined]);
  assert.deepEqual([base.queries.length, second.queries[0]?.vector], [0, Float32Array.of(1)]);
});

test('a model that fails is left alone for some seconds, and asked again then', async () => {
  const { base, index, encoded, model, time, heard } = world();
  index.use(encoded);
  model.failure = new Error('away');
  const first = await index.readerFor('dům');
  await first.search(QUERY);
  assert.deepEqual([first.embedding, base.queries.length], [{ ...BUILT_IN, insteadOf: 'encoder' }, 1]);
  await index.readerFor('dům');
  assert.deepEqual([heard.asked, heard.fallbacks], [1, 1]);
  model.failure = undefined;
  time.nowMs = 5_000;
  assert.equal((await index.readerFor('dům')).embedding.name, 'encoder');
});

test('both indexes learn of a change before it counts; one that missed it is searched no more', async () => {
  const { base, second, index, encoded, heard } = world();
  index.use(encoded);
  await index.apply([LOAD]);
  assert.deepEqual([base.applied, second.applied, heard.loaded], [[LOAD], [LOAD], 1]);
  second.failure = new Error('gone');
  await index.apply([{ type: 'remove', rows: ROWS }]);
  assert.deepEqual([index.embedding, heard.broken], [BUILT_IN, 1]);
  assert.equal((await index.readerFor('dům')).embedding.insteadOf, undefined);
});

test('an index that breaks in a search gives way within that search', async () => {
  const { base, second, index, encoded, heard } = world();
  index.use(encoded);
  const reader = await index.readerFor('dům');
  second.failure = new Error('gone');
  const { vector: _, ...plain } = QUERY;
  await reader.search(plain);
  assert.deepEqual([base.queries, heard.broken], [[plain], 1]);
});

test('an index that is being made hears of changes and erasures, and nobody waits for its changes', async () => {
  const { base, index, heard } = world();
  const joining = new NotingIndex();
  joining.apply = () => new Promise(() => undefined);
  index.join(joining);
  await index.apply([LOAD]);
  assert.deepEqual(base.applied, [LOAD]);
  await index.purge(ROWS);
  assert.deepEqual([base.purged, joining.purged], [ROWS, ROWS]);
  joining.failure = new Error('gone');
  await index.purge(ROWS);
  assert.equal(heard.broken, 1);
});

test('chunks are read anew only by the index of the model that embedded them', async () => {
  const { base, second, index, encoded } = world();
  index.use(encoded);
  await index.reloadEncoded(BUILT_IN.digest, ROWS);
  assert.deepEqual(second.applied, []);
  await index.reloadEncoded(encoded.digest, ROWS);
  assert.deepEqual([base.applied, second.applied], [[], [LOAD]]);
});
