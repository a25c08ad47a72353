import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ParseFailure } from './parse-failure.ts';
import type { Block } from './parsed-document.ts';
import { parseDocument } from './parse-document.ts';

const encoder = new TextEncoder();
const parse = (text: string, fileName: string) => parseDocument({ bytes: encoder.encode(text), fileName });
const shape = (blocks: readonly Block[]) => blocks.map((block) => `${block.kind}: ${block.text}`);

test('Markdown keeps headings, nested lists, tables and footnotes, and loses its marks', async () => {
  const parsed = await parse(
    '---\ntitle: Řád\n---\n# **Řád** `x`\n\nText s [odkazem](https://a.cz) a snake_case.\n\n1. první\n   - vnořený\n2. druhý\n\n| A | B |\n|---|---|\n| 1 | `a\\|b` |\n\n[^1]: Poznámka.\n',
    'x.md',
  );
  assert.deepEqual(shape(parsed.blocks), [
    'heading: Řád x',
    'paragraph: Text s odkazem a snake_case.',
    'list-item: 1. první',
    'list-item: vnořený',
    'list-item: 2. druhý',
    'table: A | B\n1 | a|b',
    'footnote: 1 Poznámka.',
  ]);
  assert.equal(parsed.title, 'Řád');
  assert.deepEqual(parsed.links, [{ text: 'odkazem', target: 'https://a.cz' }]);
});

test('Markdown is read by its grammar: tables below text, code in lists, footnotes over lines, task lists', async () => {
  const parsed = await parse(
    'Ceny:\n| Zboží | Kč |\n|---|---|\n| stůl | 100 |\n\n- [x] hotovo\n\n  ```\n  npm start\n  ```\n\n> [!NOTE]\n> Pozor,\n> horké.\n\nViz[^1] *.bicep a <b>tučně</b>.\n\n[^1]: První\n  druhá.\n',
    'x.md',
  );
  assert.deepEqual(shape(parsed.blocks), [
    'paragraph: Ceny:',
    'table: Zboží | Kč\nstůl | 100',
    'list-item: hotovo',
    'code: npm start',
    'quote: Pozor, horké.',
    'paragraph: Viz *.bicep a tučně.',
    'footnote: 1 První druhá.',
  ]);
});

test('Markdown that nests without end keeps its text to a depth nobody writes', async () => {
  const [block] = (await parse(`${'- '.repeat(150)}hluboko\n`, 'x.md')).blocks;
  assert.equal(block?.text, 'hluboko');
  await assert.rejects(parse(`${'> '.repeat(50_000)}hluboko\n`, 'x.md'), ParseFailure);
});

test('HTML keeps its content and lists navigation, footer and hidden text as removed', async () => {
  const parsed = await parse(
    '<!doctype html><title>T</title><nav><a href=/>Domů</a></nav><main><h2>Nadpis</h2><p>Ode<b>vzdejte</b> do<br>pátku.</p><table><tr><th colspan=2>Cena<tr><td>1<td>2</table></main><p hidden>tajné</p><footer>© my</footer>',
    'x.bin',
  );
  assert.deepEqual(shape(parsed.blocks), [
    'heading: Nadpis',
    'paragraph: Odevzdejte do\npátku.',
    'table: Cena\n1 | 2',
  ]);
  assert.deepEqual(
    parsed.removed.map(({ reason, text }) => [reason, text]),
    [
      ['navigation', 'Domů'],
      ['hidden', 'tajné'],
      ['footer', '© my'],
    ],
  );
});

test('old Czech code pages are told apart', async () => {
  // „Příliš žluťoučký kůň“ as windows-1250, ISO 8859-2 and the code page 852 of DOS write it.
  const page1250 = [
    80, 248, 237, 108, 105, 154, 32, 158, 108, 117, 157, 111, 117, 232, 107, 253, 32, 107, 249, 242,
  ];
  const page8859 = [
    80, 248, 237, 108, 105, 185, 32, 190, 108, 117, 187, 111, 117, 232, 107, 253, 32, 107, 249, 242,
  ];
  const page852 = [
    80, 253, 161, 108, 105, 231, 32, 167, 108, 117, 156, 111, 117, 159, 107, 236, 32, 107, 133, 229,
  ];
  for (const bytes of [page1250, page8859, page852]) {
    const parsed = await parseDocument({ bytes: Uint8Array.from(bytes), fileName: 'x.txt' });
    assert.equal(parsed.blocks[0]?.text, 'Příliš žluťoučký kůň');
  }
  const utf16 = Uint8Array.from(Buffer.from('Žlutý kůň a něco dalšího', 'utf16le'));
  const parsed = await parseDocument({ bytes: utf16, fileName: 'x.txt' });
  assert.equal(parsed.blocks[0]?.text, 'Žlutý kůň a něco dalšího');
});

test('CSV finds its delimiter and its header', async () => {
  const parsed = await parse('název;cena\n"stůl; dub";1200\nžidle;"3 ""ks"""\n', 'c.csv');
  const [table] = parsed.blocks;
  assert.equal(table?.text, 'název | cena\nstůl; dub | 1200\nžidle | 3 "ks"');
  assert.ok(table.kind === 'table' && table.table.cells.slice(0, 2).every((cell) => cell.isHeader));
});

test('a law in plain text becomes a tree of headings', async () => {
  const parsed = await parse(
    'ČÁST PRVNÍ\nOBECNÁ USTANOVENÍ\n\nHlava I\nÚvod\n\n§ 1\n\n(1) Tento zákon upravuje\na) jedno,\nb) druhé.\n\n§ 2 Pojmy\n\nText.\n',
    'z.txt',
  );
  const headings = parsed.blocks.flatMap((block) =>
    block.kind === 'heading' ? [[block.level, block.label]] : [],
  );
  assert.deepEqual(headings, [
    [1, 'ČÁST PRVNÍ'],
    [2, 'Hlava I'],
    [3, '§ 1'],
    [3, '§ 2'],
  ]);
  assert.equal(parsed.blocks.filter((block) => block.kind === 'list-item').length, 3);
});

test('a block knows its language', async () => {
  const parsed = await parse(
    'Zaměstnanec je povinen odevzdat výkaz práce do pátého dne následujícího měsíce.\n\nThe employee shall submit the report of work by the fifth day of the next month.\n',
    'x.txt',
  );
  assert.deepEqual(
    parsed.blocks.map(({ language }) => language),
    ['cs', 'en'],
  );
  const prices = await parse(
    'Položka číslo jedna skladu, položka číslo dvě skladu, balení, kusů, ks, ceník.',
    'x.txt',
  );
  assert.equal(prices.language, 'cs');
});

test('what is no document is refused with its reason', async () => {
  await assert.rejects(parse('', 'x.txt'), new ParseFailure('empty'));
  await assert.rejects(parse('  \n \n', 'x.md'), new ParseFailure('empty'));
  const binary = Uint8Array.from({ length: 300 }, (_, index) => (index * 7) % 256);
  await assert.rejects(parseDocument({ bytes: binary, fileName: 'x.txt' }), { reason: 'unsupported-type' });
});

test('no text makes a parser fail, and a table cell is where it says', async () => {
  const names = fc.constantFrom('a.md', 'a.csv', 'a.txt', 'a.html');
  const marks = fc.array(
    fc.constantFrom(
      '# ',
      '- ',
      '1. ',
      '| a ',
      '|---',
      '\n',
      '\n\n',
      '> ',
      '```',
      'ř',
      '<b>',
      '</p>',
      '<table><td>',
      '"',
      ';',
      '    ',
      '[x](y)',
      '*',
      '_',
    ),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(marks, names, async (parts, fileName) => {
      const parsed = await parse(parts.join(''), fileName).catch((error: unknown) => {
        assert.ok(error instanceof ParseFailure, String(error));
        return undefined;
      });
      for (const block of parsed?.blocks ?? []) {
        assert.notEqual(block.text.trim().length + (block.kind === 'table' ? 1 : 0), 0);
        if (block.kind !== 'table') continue;
        for (const cell of block.table.cells)
          assert.ok(cell.start <= cell.end && cell.end <= block.text.length);
      }
    }),
    { numRuns: 300 },
  );
});
