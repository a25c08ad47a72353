import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { IndexedChunk } from '#contracts/index.ts';
import { expectAclSetId, expectChunkRow, expectId, mintAccessFilter, type AclSetId } from '#core/index.ts';
import { anEvidence } from '#test/fakes/evidence.ts';
import { MemoryIndex } from './memory-index.ts';

const WORDS = ['lhůta', 'smlouva', 'dovolená', 'mzda', 'notebook', 'heslo'];
const { chunkId, documentId, versionId, collectionId } = anEvidence();
const SETS: readonly AclSetId[] = [1, 2, 3].map(expectAclSetId);

const chunk = (row: number, text: string, aclSet: AclSetId): IndexedChunk => ({
  row: expectChunkRow(row),
  chunkId,
  documentId,
  versionId,
  collectionId,
  aclSet,
  text,
  language: 'cs',
  title: '',
  headingPath: [],
  validFromMs: 0,
  validToMs: Infinity,
  recordedFromMs: 0,
  recordedToMs: Infinity,
});

async function search(chunks: readonly IndexedChunk[], sets: readonly AclSetId[], text: string) {
  const index = new MemoryIndex();
  await index.apply([{ type: 'add', chunks }]);
  const access = mintAccessFilter({
    tenantId: expectId('tenant', `ten_${'0'.repeat(26)}`),
    aclSets: new Set(sets),
    collections: undefined,
    fingerprint: 'f',
    decidedAtMs: 0,
  });
  return index.search({ text, language: 'cs', access, validAtMs: 1, recordedAtMs: 1, limit: 100 });
}

test('what may not be seen has no influence: not on hits, not on order, not on scores', async () => {
  const corpus = fc.array(
    fc.tuple(fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 8 }), fc.nat(2)),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(corpus, fc.subarray([...SETS]), fc.constantFrom(...WORDS), async (rows, sets, word) => {
      const all = rows.map(([words, set], index) => chunk(index + 1, words.join(' '), SETS[set]!));
      const visible = all.filter(({ aclSet }) => sets.includes(aclSet));
      assert.deepEqual(await search(all, sets, word), await search(visible, sets, word));
    }),
  );
});

test('inflected and unaccented words meet', async () => {
  const hits = await search([chunk(1, 'O výpovědních lhůtách.', SETS[0]!)], SETS, 'vypovedni lhuta');
  assert.equal(hits.length, 1);
});
