import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tinyPdf, type PdfText } from '#test/tiny-pdf.ts';
import { boxesOf, toCanonicalText } from '../canonical-text.ts';
import type { Block } from '../parsed-document.ts';
import { parsePdf } from './parse-pdf.ts';

const shape = (blocks: readonly Block[]) => blocks.map(({ kind, text }) => `${kind}: ${text}`);

/** Lines of prose under each other. */
function column(x: number, top: number, texts: readonly string[]): PdfText[] {
  return texts.map((text, index) => ({ text, x, y: top - index * 12 }));
}

const LEFT = [
  'The left column holds a first sentence',
  'that goes on over the second line and',
  'ends on the third of its own lines,',
  'before a fourth line closes it here.',
];
const RIGHT = [
  'The right column has another sentence',
  'that must not be mixed with the left',
  'one although both stand side by side',
  'on the page and share their heights.',
];

test('columns are read one after the other, under the heading over both', async () => {
  const parsed = await parsePdf(
    tinyPdf([
      {
        texts: [
          { text: 'Two columns', x: 220, y: 780, size: 18, isBold: true },
          ...column(60, 740, LEFT),
          ...column(320, 740, RIGHT),
        ],
      },
    ]),
  );
  assert.deepEqual(shape(parsed.blocks), [
    'heading: Two columns',
    `paragraph: ${LEFT.join(' ')}`,
    `paragraph: ${RIGHT.join(' ')}`,
  ]);
});

test('every word has its place, and a span can be marked on the page', async () => {
  const parsed = await parsePdf(tinyPdf([{ texts: [{ text: 'Pay within thirty days.', x: 100, y: 700 }] }]));
  const canonical = toCanonicalText(parsed);
  const start = canonical.text.indexOf('thirty');
  const [marked] = boxesOf(canonical, parsed.blocks, { start, end: start + 'thirty'.length });
  assert.equal(marked?.page, 1);
  const [x0, y0, x1, y1] = marked.box;
  assert.ok(x0 > 145 && x0 < 155 && x1 - x0 > 20 && x1 - x0 < 30, `${x0} ${x1}`);
  assert.ok(y0 > 842 - 712 && y1 < 842 - 694, `${y0} ${y1}`);
});

test('a framed table keeps rows, columns and a cell over two columns', async () => {
  const lines = [
    ...[700, 680, 660, 640].map((y) => [100, y, 400, y] as const),
    ...[100, 400].map((x) => [x, 640, x, 700] as const),
    ...[200, 300].map((x) => [x, 640, x, 680] as const),
  ];
  const cell = (text: string, x: number, y: number): PdfText => ({ text, x, y });
  const parsed = await parsePdf(
    tinyPdf([
      {
        lines,
        texts: [
          cell('Prices of 2026', 200, 686),
          cell('Item', 105, 666),
          cell('Piece', 205, 666),
          cell('Box', 305, 666),
          cell('Chair', 105, 646),
          cell('120', 205, 646),
          cell('1100', 305, 646),
        ],
      },
    ]),
  );
  const table = parsed.blocks.find((block) => block.kind === 'table');
  assert.equal(table?.text, 'Prices of 2026\nItem | Piece | Box\nChair | 120 | 1100');
  assert.deepEqual([table.table.rows, table.table.columns, table.table.cells[0]?.columnSpan], [3, 3, 3]);
});

test('a table without lines is found by its figures', async () => {
  const rows = [
    ['Town', 'People', 'Area'],
    ['Brno', '398 510', '230.2'],
    ['Praha', '1 384 732', '496.2'],
    ['Zlin', '74 191', '102.8'],
  ];
  const texts = rows.flatMap((row, index) =>
    row.map((text, at): PdfText => ({ text, x: 100 + at * 120, y: 700 - index * 14 })),
  );
  const parsed = await parsePdf(tinyPdf([{ texts }]));
  const [table] = parsed.blocks;
  assert.equal(table?.kind, 'table');
  assert.equal(table.text.split('\n')[2], 'Praha | 1 384 732 | 496.2');
});

test('headers, footers and page numbers are removed and listed; a paragraph goes on over the page', async () => {
  const page = (number: number, body: readonly string[]) => ({
    texts: [
      { text: 'Internal rules of the company', x: 60, y: 815 },
      ...column(60, 700, body),
      { text: `Page ${number} of 3`, x: 280, y: 30 },
    ],
  });
  const parsed = await parsePdf(
    tinyPdf([
      page(1, ['The employee shall hand in the report of work', 'not later than on the fifth day of the']),
      page(2, ['following month, signed by the head of unit.']),
      page(3, ['Other matters are settled by the director.']),
    ]),
  );
  assert.deepEqual(shape(parsed.blocks), [
    'paragraph: The employee shall hand in the report of work not later than on the fifth day of the following month, signed by the head of unit.',
    'paragraph: Other matters are settled by the director.',
  ]);
  assert.deepEqual(new Set(parsed.removed.map(({ reason }) => reason)), new Set(['header', 'page-number']));
  assert.equal(parsed.removed.length, 6);
});

test('a table goes on over the page without its repeated header', async () => {
  const rows = (from: number) => [
    ['Item', 'Price'],
    ...Array.from({ length: 4 }, (_, index) => [`Part ${from + index}`, `${(from + index) * 10}`]),
  ];
  const page = (from: number, top: number) => {
    const all = rows(from);
    const bottom = top - all.length * 20;
    return {
      lines: [
        ...all.map((_, index) => [100, top - index * 20, 300, top - index * 20] as const),
        [100, bottom, 300, bottom] as const,
        ...[100, 200, 300].map((x) => [x, bottom, x, top] as const),
      ],
      texts: all.flatMap((row, index) =>
        row.map((text, at): PdfText => ({ text, x: 105 + at * 100, y: top - 14 - index * 20 })),
      ),
    };
  };
  const parsed = await parsePdf(tinyPdf([page(1, 300), page(5, 780)]));
  const [table, ...rest] = parsed.blocks;
  assert.equal(rest.length, 0);
  assert.ok(table?.kind === 'table');
  assert.deepEqual([table.table.rows, table.table.continuedFromPage], [9, 1]);
  assert.equal(table.text.split('\n').filter((row) => row === 'Item | Price').length, 1);
  assert.equal(table.words?.at(-1)?.page, 2);
});

test('lists and a word cut at the end of a line are put together', async () => {
  const parsed = await parsePdf(
    tinyPdf([
      {
        texts: [
          ...column(60, 700, ['The follow-', 'ing matters are decided by the board:']),
          ...column(80, 660, ['1. the budget of the year,', '2. the sale of land.']),
        ],
      },
    ]),
  );
  assert.deepEqual(shape(parsed.blocks), [
    'paragraph: The following matters are decided by the board:',
    'list-item: 1. the budget of the year,',
    'list-item: 2. the sale of land.',
  ]);
});

test('what is no PDF inside is damaged, not a crash', async () => {
  await assert.rejects(parsePdf(Buffer.from('%PDF-1.7\nnothing here')), { reason: 'damaged' });
});

test('rows of a table that reach the edges of pages stay, its heads once; a header and a page number go', async () => {
  const row = (number: number, y: number): PdfText[] => [
    { text: String(number), x: 60, y },
    { text: `Item ${number} in store`, x: 160, y },
    { text: `${number * 37} CZK`, x: 400, y },
  ];
  const heads: PdfText[] = [
    { text: 'Number', x: 60, y: 790, isBold: true },
    { text: 'Name', x: 160, y: 790, isBold: true },
    { text: 'Price', x: 400, y: 790, isBold: true },
  ];
  const pages = [0, 1, 2].map((page) => ({
    texts: [
      { text: 'Price list of the store', x: 200, y: 815 },
      ...heads,
      ...Array.from({ length: 48 }, (_, at) => row(page * 48 + at + 1, 775 - at * 15)).flat(),
      { text: `Page ${page + 1}`, x: 280, y: 30 },
    ],
  }));
  const parsed = await parsePdf(tinyPdf(pages));
  const text = parsed.blocks.map((block) => block.text).join('\n');
  for (let number = 1; number <= 144; number++)
    assert.match(text, new RegExp(`Item ${number} in store`, 'u'));
  assert.equal(text.match(/Number/gu)?.length, 1);
  assert.deepEqual(new Set(parsed.removed.map(({ reason }) => reason)), new Set(['header', 'page-number']));
  assert.doesNotMatch(text, /Price list|Page/u);
});

test('bullets that are drawn begin items of a list', async () => {
  const texts = ['First item of the list', 'Second item of the list'].map((text, at) => ({
    text,
    x: 100,
    y: 700 - at * 14,
  }));
  const squares = texts.map(({ y }) => [88, y + 2] as const);
  const parsed = await parsePdf(tinyPdf([{ texts, squares }]));
  assert.deepEqual(shape(parsed.blocks), [
    'list-item: First item of the list',
    'list-item: Second item of the list',
  ]);
});

test('heads in the middle over short entries at the left make one column with them', async () => {
  const rows = [
    ['Praha', 'Jana', '12'],
    ['Brno', 'Petr', '98'],
    ['Plzen', 'Eva', '71'],
  ];
  const texts = [
    ...['Headquarters', 'Responsible', 'Thousands'].map((text, at) => ({ text, x: 150 + at * 170, y: 700 })),
    ...rows.flatMap((row, line) => row.map((text, at) => ({ text, x: 60 + at * 170, y: 685 - line * 14 }))),
  ];
  const [table] = (await parsePdf(tinyPdf([{ texts }]))).blocks;
  assert.equal(table?.kind === 'table' && table.table.columns, 3);
});
