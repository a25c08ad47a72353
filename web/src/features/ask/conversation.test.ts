import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageOf, searchTitles, titleOf } from './conversation.ts';

test('a search without diacritics finds names that have them, newest first', () => {
  const all = [
    { id: 'a', title: 'Jaká je výpovědní lhůta?', updatedAtMs: 1 },
    { id: 'b', title: 'Jaká je zkušební doba?', updatedAtMs: 2 },
  ];
  const found = (query: string) => searchTitles(all, query).map(({ id }) => id);
  assert.deepEqual(found('vypovedni'), ['a']);
  assert.deepEqual(found('jaka'), ['b', 'a']);
  assert.deepEqual(found('vypovedni doba'), []);
});

test('a long question is cut at a word for its title', () => {
  const title = titleOf('Kolik dnů dovolené náleží zaměstnanci, který nastoupil v polovině roku?');
  assert.ok(title.length <= 61 && title.endsWith('…') && !title.endsWith(' …'), title);
  assert.equal(titleOf('  Krátká\notázka '), 'Krátká otázka');
});

test('ages follow calendar days, not hours', () => {
  const noon = new Date(2026, 5, 10, 12).getTime();
  assert.equal(ageOf(new Date(2026, 5, 10, 0, 1).getTime(), noon), 'today');
  assert.equal(ageOf(new Date(2026, 5, 9, 23, 59).getTime(), noon), 'yesterday');
  assert.equal(ageOf(new Date(2026, 5, 5).getTime(), noon), 'week');
  assert.equal(ageOf(new Date(2026, 4, 5).getTime(), noon), 'older');
});
