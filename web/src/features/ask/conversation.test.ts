import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyAnswer } from './answer.ts';
import { ageOf, EVERYTHING, searchConversations, titleOf, type Conversation } from './conversation.ts';

function conversation(id: string, question: string, updatedAtMs: number): Conversation {
  const answer = {
    ...emptyAnswer('hradlo'),
    state: 'done' as const,
    segments: [{ text: 'Dva měsíce. [1]', isQuote: true, isContext: false }],
  };
  const turn = { id, question, askedAtMs: updatedAtMs, scope: EVERYTHING, answer };
  return {
    id,
    title: titleOf(question),
    createdAtMs: updatedAtMs,
    updatedAtMs,
    turns: [turn],
    isWhole: true,
  };
}

test('a search without diacritics finds words that have them, in questions and answers, newest first', () => {
  const all = [
    conversation('a', 'Jaká je výpovědní lhůta?', 1),
    conversation('b', 'Jaká je zkušební doba?', 2),
  ];
  assert.deepEqual(
    searchConversations(all, 'vypovedni').map(({ id }) => id),
    ['a'],
  );
  assert.deepEqual(
    searchConversations(all, 'mesice').map(({ id }) => id),
    ['b', 'a'],
  );
  assert.deepEqual(searchConversations(all, 'vypovedni doba'), []);
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
