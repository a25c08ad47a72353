import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { expectId } from '#core/index.ts';
import { anEvidence } from '#test/fakes/evidence.ts';
import { chooseDiverse, DIVERSITY, isRepetitive, redundancyOf, type ValuedPiece } from './diversity.ts';
import { likenessOf, wordingOf } from './wording.ts';

const clause = (party: string): string =>
  `Smluvní strana ${party} se zavazuje uhradit cenu díla do třiceti dnů ode dne doručení řádně vystavené faktury na účet zhotovitele.`;
const OTHERS = [
  'Reklamaci vyřídí prodávající nejpozději do čtrnácti dnů a o výsledku vyrozumí kupujícího písemně.',
  'Ředitel odpovídá za hospodaření a předkládá radě výroční zprávu vždy do konce března.',
  'Zkušební doba činí tři měsíce, u vedoucích zaměstnanců šest.',
];

function valued(texts: readonly string[], valueAt = (at: number) => 1 - at / 100): ValuedPiece[] {
  return texts.map((text, at) => {
    const chunkId = expectId('chunk', `chk_${String(at).padStart(26, '0')}`);
    return { piece: anEvidence({ text, chunkId, score: valueAt(at) }), value: valueAt(at) };
  });
}
const placesOf = (ranked: readonly ValuedPiece[], limit: number): readonly number[] => {
  const chosen = new Set(chooseDiverse(ranked, limit).chosen);
  return ranked.flatMap(({ piece }, at) => (chosen.has(piece) ? [at] : []));
};

test('one wording of many documents leaves room for others that are worth nearly as much', () => {
  const crowd = Array.from({ length: 12 }, (_, at) => clause(`č. ${at}`));
  const ranked = valued([...crowd, ...OTHERS]);
  assert.deepEqual(placesOf(ranked, 10), [0, 1, 2, 3, 4, 5, 6, 12, 13, 14]);
  const { redundant, best, chosen } = chooseDiverse(ranked, 10);
  assert.deepEqual(
    redundant.map(({ piece, like }) => [piece.chunkId, like.chunkId]),
    ranked.slice(7, 10).map(({ piece }) => [piece.chunkId, ranked[0]!.piece.chunkId]),
  );
  assert.ok(redundancyOf(chosen) < redundancyOf(best));
});

test('what is worth much less takes no place from one of many contracts that are alike', () => {
  const crowd = Array.from({ length: 12 }, (_, at) => clause(`č. ${at}`));
  const ranked = valued([...crowd, ...OTHERS], (at) => (at < 12 ? 0.9 : 0.3));
  assert.deepEqual(placesOf(ranked, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('likeness is of wording, not of subject', () => {
  assert.ok(likenessOf(wordingOf(clause('Novák')), wordingOf(clause('Svoboda'))) > DIVERSITY.leastLikeness);
  const other = 'Cenu díla uhradí objednatel po předání díla, a to na základě faktury zhotovitele.';
  assert.ok(likenessOf(wordingOf(clause('Novák')), wordingOf(other)) < 0.1);
  assert.equal(likenessOf(wordingOf('Ano.'), wordingOf('ano')), 1);
  assert.equal(likenessOf(wordingOf(''), wordingOf('')), 1);
});

const texts = fc.array(
  fc.oneof(
    fc.constantFrom(...OTHERS),
    fc.integer({ min: 0, max: 30 }).map((n) => clause(`strana ${n}`)),
  ),
  { maxLength: 30 },
);

test('the best stays, the order stays, and as many are given as there are', () => {
  fc.assert(
    fc.property(
      texts,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 200 }),
      (list, limit, step) => {
        const ranked = valued(list, (at) => 1 - at / step);
        const places = placesOf(ranked, limit);
        assert.equal(places.length, Math.min(limit, list.length));
        if (list.length > 0) assert.equal(places[0], 0);
        // Where the best are not alike a wider look changes nothing: most questions are spared it.
        const best = ranked.slice(0, limit);
        if (!isRepetitive(best.map(({ piece }) => piece)))
          assert.deepEqual(
            places,
            best.map((_, at) => at),
          );
      },
    ),
  );
});
