import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { expectChunkRow, expectId, type ChunkId } from '#core/index.ts';
import { anEvidence } from '#test/fakes/evidence.ts';
import { groupNearDuplicates } from './near-duplicates.ts';

const idOf = (n: number): ChunkId => expectId('chunk', `chk_${String(n).padStart(26, '0')}`);
const pieces = (...texts: readonly string[]) =>
  texts.map((text, n) => anEvidence({ text, chunkId: idOf(n), chunkRow: expectChunkRow(n + 1) }));

const CLAUSE =
  'Výpovědní lhůta činí dva měsíce a počíná běžet prvním dnem kalendářního měsíce následujícího po doručení výpovědi druhé straně.';

test('copies of a passage are given once, the first standing for the others', () => {
  const spaced = `${CLAUSE.toUpperCase().replaceAll(' ', '  ')} `;
  const headed = `Výpověď ${CLAUSE}`;
  const other = 'Nájemné se platí vždy do patnáctého dne v měsíci na účet pronajímatele.';
  const grouped = groupNearDuplicates(pieces(CLAUSE, other, spaced, headed));
  assert.deepEqual(
    grouped.map(({ chunkId, copies = [] }) => [chunkId, ...copies.map((copy) => copy.chunkId)]),
    [[idOf(0), idOf(2), idOf(3)], [idOf(1)]],
  );
});

test('passages that differ in a number, in one word or by a negation are not copies', () => {
  const rest =
    'Ostatní ujednání smlouvy zůstávají beze změny a platí pro všechny pobočky společnosti v kraji. '.repeat(
      4,
    );
  for (const [one, other] of [
    ['Sazba činí 650 Kč.', 'Sazba činí 750 Kč.'],
    ['Lhůta činí dva měsíce.', 'Lhůta činí tři měsíce.'],
    ['Náhradu platí nájemce.', 'Náhradu platí pronajímatel.'],
    ['Postoupení se připouští.', 'Postoupení se nikdy připouští.'],
  ]) {
    assert.equal(groupNearDuplicates(pieces(`${rest}${one}`, `${rest}${other}`)).length, 2);
  }
});

test('every passage is given or named, and a passage that is not there changes nothing of the others', () => {
  const words = fc.constantFrom('lhůta', 'smlouva', 'dva', 'měsíce', 'nájem', '5', '15', 'platí', 'den');
  const text = fc.array(words, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(' '));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
      const given = pieces(...texts);
      const grouped = groupNearDuplicates(given);
      const named = grouped.flatMap(({ chunkId, copies = [] }) => [
        chunkId,
        ...copies.map((copy) => copy.chunkId),
      ]);
      assert.deepEqual(named.toSorted(), given.map(({ chunkId }) => chunkId).toSorted());
      // Without its last passage the groups are the same but for that passage.
      const shorter = groupNearDuplicates(given.slice(0, -1));
      assert.deepEqual(
        shorter.map(({ chunkId }) => chunkId),
        grouped.map(({ chunkId }) => chunkId).filter((id) => id !== given.at(-1)?.chunkId),
      );
    }),
  );
});
