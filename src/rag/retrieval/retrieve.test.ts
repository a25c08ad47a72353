import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetrievalQuery } from '#contracts/index.ts';
import { expectAclSetId, expectChunkRow, expectId, mintAccessFilter, type Evidence } from '#core/index.ts';
import { anEvidence } from '#test/fakes/evidence.ts';
import { createRetrieve, type RetrievalDeps } from './retrieve.ts';

const access = mintAccessFilter({
  tenantId: expectId('tenant', `ten_${'0'.repeat(26)}`),
  aclSets: new Set([expectAclSetId(1)]),
  collections: new Set(),
  fingerprint: 'f',
  decidedAtMs: 0,
});

/** Retrieval over passages that rank in the order in which they are given. */
function retrieveOver(texts: readonly string[]) {
  const limits: number[] = [];
  const evidence = new Map<number, Evidence>(
    texts.map((text, at) => [
      at + 1,
      anEvidence({
        text,
        chunkRow: expectChunkRow(at + 1),
        chunkId: expectId('chunk', `chk_${String(at).padStart(26, '0')}`),
        score: 1 - at / 100,
      }),
    ]),
  );
  const index: Pick<RetrievalDeps['index'], 'search'> = {
    search: async ({ limit }: RetrievalQuery) => {
      limits.push(limit);
      return [...evidence.values()]
        .slice(0, limit)
        .map(({ chunkRow }, at) => ({ row: chunkRow, score: 1 - at / 100, signals: {} }));
    },
  };
  const retrieve = createRetrieve({
    index,
    listEvidence: async (hits) => hits.flatMap(({ row }) => evidence.get(row) ?? []),
  });
  const request = { messages: [{ role: 'user' as const, content: 'lhůta' }], access };
  return { limits, ask: () => retrieve({ ...request, validAtMs: 0, recordedAtMs: 0 }) };
}

/** Passages that have no four words in a row in common. */
const passage = (n: number) =>
  'Ustanovení stanoví lhůtu kdy podat žádost na proplacení výdajů zaměstnance'.replaceAll(' ', ` ${n} `);
/** A wording that is repeated from document to document. */
const clause = (n: number) =>
  `Objednatel číslo ${n} uhradí cenu díla do třiceti dnů ode dne doručení řádně vystavené faktury zhotovitele.`;

test('copies take no place from other passages, and are named beside the one that stands for them', async () => {
  const copies = Array.from({ length: 8 }, () => passage(0));
  const { ask, limits } = retrieveOver([...copies, ...Array.from({ length: 12 }, (_, n) => passage(n + 1))]);
  const found = await ask();
  assert.equal(found.length, 10);
  assert.equal(new Set(found.map(({ text }) => text)).size, 10);
  assert.deepEqual(
    found.map((piece) => piece.copies?.length ?? 0),
    [7, ...Array.from({ length: 9 }, () => 0)],
  );
  assert.equal(limits.length, 2);
});

test('where nothing is said twice one search is enough', async () => {
  const { ask, limits } = retrieveOver(Array.from({ length: 12 }, (_, n) => passage(n)));
  assert.equal((await ask()).length, 10);
  assert.equal(limits.length, 1);
});

test('one wording of many documents does not crowd out the others', async () => {
  const crowd = Array.from({ length: 11 }, (_, n) => clause(n));
  const { ask, limits } = retrieveOver([...crowd, ...Array.from({ length: 3 }, (_, n) => passage(n))]);
  const found = await ask();
  assert.equal(found.length, 10);
  assert.equal(found.filter(({ text }) => text.startsWith('Ustanovení')).length, 3);
  assert.equal(found[0]?.text, clause(0));
  assert.equal(limits.length, 2);
});
