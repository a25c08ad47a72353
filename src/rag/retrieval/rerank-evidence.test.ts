import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RerankingModel } from '#contracts/index.ts';
import { expectDigest } from '#core/index.ts';
import { anEvidence } from '#test/fakes/evidence.ts';
import type { ValuedPiece } from './diversity.ts';
import { rerankEvidence } from './rerank-evidence.ts';

const passages = Array.from({ length: 20 }, (_, at) =>
  anEvidence({ text: `Pasáž ${at}.`, score: 0.6 - at / 100 }),
);

const piecesOf = (valued: readonly ValuedPiece[]) => valued.map(({ piece }) => piece);

/** Gives each text the verdict of a function; always the same. */
function fakeReranker(judge: (text: string) => number): RerankingModel {
  return {
    name: 'fake',
    digest: expectDigest(`sha256:${'0'.repeat(64)}`),
    rerank: async (_, texts) => texts.map(judge),
  };
}

test('a verdict moves a passage up, and its score stays what it was', async () => {
  const model = fakeReranker((text) => (text.endsWith('Pasáž 9.') ? 1 : 0));
  const [first, second] = piecesOf(await rerankEvidence(model, 'otázka', passages));
  assert.equal(first, passages[9]);
  assert.equal(second, passages[0]);
});

test('what is not shown to the model keeps its place behind', async () => {
  const reranker = fakeReranker((text) => text.length / 1000);
  const ordered = piecesOf(await rerankEvidence(reranker, 'otázka', passages));
  assert.deepEqual(ordered.slice(16), passages.slice(16));
  assert.equal(new Set(ordered).size, passages.length);
});

test('a model that fails, or says what is no verdict, changes nothing', async () => {
  const failing = { ...fakeReranker(() => 0), rerank: () => Promise.reject(new Error('away')) };
  assert.deepEqual(piecesOf(await rerankEvidence(failing, 'otázka', passages)), passages);
  const senseless = fakeReranker(() => Number.NaN);
  assert.deepEqual(piecesOf(await rerankEvidence(senseless, 'otázka', passages)), passages);
});
