import assert from 'node:assert/strict';
import { test } from 'node:test';
import { citedChunks, cutAt, toParagraphs, goesOn, toBlocks } from './passage.ts';

test('the cited range is cut out exactly, and the pieces are the text', () => {
  const chunk = { start: 100, text: 'Lhůta činí dva měsíce. Běží dnem.' };
  const pieces = cutAt(chunk, { start: 106, end: 122 });
  assert.deepEqual(
    pieces.filter((piece) => piece.isCited).map((piece) => piece.text),
    ['činí dva měsíce.'],
  );
  assert.equal(pieces.map((piece) => piece.text).join(''), chunk.text);
});

test('a range beyond a chunk marks only what is in it', () => {
  const chunk = { start: 10, text: 'abc' };
  assert.deepEqual(cutAt(chunk, { start: 0, end: 11 }), [
    { text: 'a', isCited: true },
    { text: 'bc', isCited: false },
  ]);
  assert.deepEqual(cutAt(chunk, { start: 50, end: 60 }), [{ text: 'abc', isCited: false }]);
});

test('chunks that a range covers are found, neighbours are not', () => {
  const chunks = [
    { start: 0, end: 10 },
    { start: 10, end: 20 },
    { start: 20, end: 30 },
  ];
  assert.deepEqual(citedChunks(chunks, { start: 10, end: 21 }), { first: 1, last: 2 });
  assert.equal(citedChunks(chunks, { start: 40, end: 50 }), undefined);
});

test('paragraphs keep their place in the canonical text, and headings are known', () => {
  const text = '2.1 Lhůta\n\nPrvní věta\nna dvou řádcích.\n\nDruhá.\n\n';
  const chunk = {
    headingPath: ['2.1 Lhůta'],
    page: null,
    start: 50,
    end: 50 + text.length,
    kind: 'text',
    text,
  };
  const paragraphs = toParagraphs(chunk);
  assert.deepEqual(
    paragraphs.map((paragraph) => [paragraph.isHeading, paragraph.text]),
    [
      [true, '2.1 Lhůta'],
      [false, 'První věta\nna dvou řádcích.'],
      [false, 'Druhá.'],
    ],
  );
  for (const paragraph of paragraphs) {
    const at = paragraph.start - chunk.start;
    assert.equal(text.slice(at, at + paragraph.text.length), paragraph.text);
  }
});

const table = (text: string, kind: 'table' | 'text' = 'table') => ({
  headingPath: ['Ceník'],
  page: null,
  start: 100,
  end: 100 + text.length,
  kind,
  text,
});

test('a table becomes rows of cells, each at its place in the text', () => {
  const text = 'Ceník\n\nSlužba | Cena\nZaměření | 800 Kč\n\n';
  const [heading, rows] = toBlocks(table(text));
  assert.equal(heading?.kind === 'paragraph' && heading.paragraph.isHeading, true);
  assert.ok(rows?.kind === 'table');
  const cells = rows.rows.flat();
  assert.deepEqual(
    cells.map((cell) => cell.text),
    ['Služba', 'Cena', 'Zaměření', '800 Kč'],
  );
  for (const { start, text: words } of cells) assert.equal(text.slice(start - 100).startsWith(words), true);
});

test('lines of unequal cells stay a paragraph, and so does a bar in a sentence', () => {
  assert.equal(toBlocks(table('a | b\nc'))[0]?.kind, 'paragraph');
  assert.equal(toBlocks(table('a | b', 'text'))[0]?.kind, 'paragraph');
});

test('a table that goes on in the next chunk has no head there', () => {
  assert.equal(goesOn(table('x | y'), table('a | b')), true);
  assert.equal(goesOn(table('x | y'), undefined), false);
  assert.equal(goesOn(table('x | y'), { ...table('a | b'), headingPath: ['Jiný'] }), false);
});
