import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AskEvent } from '#wire/hradlo/index.ts';
import { addEvent, doubtfulSentences, emptyAnswer, splitMarkers, textOf, toParagraphs } from './answer.ts';

const citation = {
  index: 1,
  documentId: 'doc',
  versionId: 'ver',
  collectionId: 'col',
  chunkId: 'chk',
  title: 'Pravidla',
  headingPath: ['Pravidla', 'Lhůta'],
  page: null,
  start: 10,
  end: 21,
  quote: 'Dva měsíce.',
};
const text = (value: string, isQuote = false): AskEvent => {
  return { type: 'text', text: value, isQuote, isContext: false };
};
const START: AskEvent = { type: 'start', answerId: 'ans', model: 'hradlo', mode: 'quoted' };
const END: AskEvent = {
  type: 'end',
  finishReason: 'stop',
  grade: 'answered',
  nearby: [],
  contact: null,
  support: [],
  dataClass: 'internal',
  inputTokens: 1,
  outputTokens: 1,
};
const after = (...events: AskEvent[]) => events.reduce(addEvent, emptyAnswer('hradlo'));

test('an answer grows by its events and knows its end', () => {
  const answer = after(
    START,
    text('Dva měsíce.', true),
    text(' [1]\n\n'),
    { type: 'citation', citation },
    END,
  );
  assert.equal(textOf(answer), 'Dva měsíce. [1]');
  assert.deepEqual([answer.state, answer.id, answer.grade], ['done', 'ans', 'answered']);
});

test('neighbouring text of one kind is one segment, however many pieces it came in', () => {
  assert.equal(after(START, ...'abcdef'.split('').map((letter) => text(letter))).segments.length, 1);
});

test('a quotation and its marker are one paragraph, apart from what is said beside it', () => {
  const answer = after(START, text('Možná souvisí:\n\n'), text('Dva měsíce.', true), text(' [1]\n\n'), {
    type: 'citation',
    citation,
  });
  assert.deepEqual(toParagraphs(answer), [
    { isQuote: false, parts: [{ text: 'Možná souvisí:', isContext: false }] },
    {
      isQuote: true,
      parts: [{ text: 'Dva měsíce.', isContext: false }, { text: ' ', isContext: false }, 1],
    },
  ]);
});

test('a sentence and the one beside it keep the space between them', () => {
  const context: AskEvent = { type: 'text', text: 'Dovolená.', isQuote: true, isContext: true };
  const answer = after(START, context, text(' '), text('Dva měsíce.', true));
  assert.deepEqual(toParagraphs(answer), [
    {
      isQuote: true,
      parts: [
        { text: 'Dovolená.', isContext: true },
        { text: ' ', isContext: false },
        { text: 'Dva měsíce.', isContext: false },
      ],
    },
  ]);
});

test('a quotation may hold blank lines', () => {
  const answer = after(START, text('První řádek.\n\nDruhý řádek.', true));
  assert.deepEqual(toParagraphs(answer)[0]?.parts, [
    { text: 'První řádek.\n\nDruhý řádek.', isContext: false },
  ]);
});

test('a bracket that is no citation stays text', () => {
  assert.deepEqual(
    splitMarkers('viz [7] a [1]', (index) => index === 1),
    ['viz ', '[7]', ' a ', 1],
  );
});

test('an answer that the asker stopped says so', () => {
  assert.equal(after(START, { ...END, finishReason: 'cancelled' }).state, 'stopped');
});

test('sentences that their sources do not carry are named, without markers', () => {
  const one = { citations: [1], lacking: [] as string[] };
  const answer = after(START, text('Dva měsíce [1]. Tři roky [1]. Snad.'), {
    ...END,
    support: [
      { ...one, start: 0, end: 15, verdict: 'supported' },
      { ...one, start: 16, end: 29, verdict: 'unsupported', lacking: ['Tři'] },
      { ...one, start: 30, end: 35, verdict: 'uncited', citations: [] },
    ],
  });
  assert.deepEqual(doubtfulSentences(answer), [
    { text: 'Tři roky.', isCited: true, lacking: ['Tři'] },
    { text: 'Snad.', isCited: false, lacking: [] },
  ]);
});
