import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { makeId } from '#core/index.ts';
import { toCanonicalText } from '../parse/canonical-text.ts';
import { parseMarkdown } from '../parse/markdown/parse-markdown.ts';
import type { Block } from '../parse/parsed-document.ts';
import { tableOfRows } from '../parse/tables.ts';
import { chunkDocument } from './chunk-document.ts';
import { countTokens } from './token-count.ts';

const documentId = makeId('document', new Uint8Array(16));

function chunksOf(blocks: readonly Block[]) {
  const canonical = toCanonicalText({ blocks });
  return { canonical, chunks: chunkDocument({ documentId, canonical, blocks }) };
}

const words = fc.array(fc.constantFrom('smlouva', 'účet', 'the', 'price', '2026', 'a.', 'Dům', '§ 5', '👍🏽'), {
  minLength: 1,
  maxLength: 400,
});
const sentence = words.map((list) => list.join(' '));
const block: fc.Arbitrary<Block> = fc.oneof(
  sentence.map((text) => ({ kind: 'paragraph' as const, text })),
  sentence.map((text) => ({ kind: 'list-item' as const, level: 0, text })),
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('Ceny', 'Práva', 'Scope'))
    .map(([level, text]) => ({
      kind: 'heading' as const,
      level,
      text,
    })),
  fc
    .array(fc.tuple(fc.constantFrom('a', 'bb'), sentence), { minLength: 1, maxLength: 8 })
    .map((rows) => tableOfRows([['Klíč', 'Hodnota'], ...rows], 1)),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 3000 })
    .map((text) => ({ kind: 'code' as const, text })),
);
const blocks = fc.array(block, { maxLength: 12 });

test('the spans of the chunks join to exactly the canonical text, whatever the document', () => {
  fc.assert(
    fc.property(blocks, (blocks) => {
      const { canonical, chunks } = chunksOf(blocks);
      let end = 0;
      for (const { span } of chunks) {
        assert.equal(span.start, end);
        assert.ok(span.end > span.start);
        end = span.end;
      }
      assert.equal(end, canonical.text.length);
      assert.equal(
        chunks.map(({ span }) => canonical.text.slice(span.start, span.end)).join(''),
        canonical.text,
      );
    }),
    { numRuns: 60 },
  );
});

test('no chunk is larger than 400 tokens, and ids differ', () => {
  fc.assert(
    fc.property(blocks, (blocks) => {
      const { canonical, chunks } = chunksOf(blocks);
      for (const { span } of chunks)
        assert.ok(countTokens(canonical.text.slice(span.start, span.end)) <= 400);
      assert.equal(new Set(chunks.map(({ id }) => id)).size, chunks.length);
    }),
    { numRuns: 40 },
  );
});

const paragraph = (index: number): Block => ({
  kind: 'paragraph',
  text: `Odstavec ${index} stanoví, že smluvní strana ${index * 7} uhradí částku ${index * 131} Kč. `
    .repeat(3)
    .trim(),
});

test('an edit at the head of one long section leaves the ids of chunks further down', () => {
  const before = Array.from({ length: 120 }, (_, index) => paragraph(index));
  const after: Block[] = [
    { kind: 'paragraph', text: 'Nově vložený úvodní odstavec, který tu dříve nebyl.' },
    ...before,
  ];
  const old = new Set(chunksOf(before).chunks.map(({ id }) => id));
  const now = chunksOf(after).chunks;
  const changed = now.filter(({ id }) => !old.has(id));
  assert.ok(now.length > 15);
  assert.ok(changed.length <= 4, `${changed.length} of ${now.length} chunks changed`);
});

test('an edit in one section leaves every chunk of the others', () => {
  const section = (name: string): Block[] => [
    { kind: 'heading', level: 1, text: name },
    paragraph(1),
    paragraph(2),
  ];
  const before = [...section('A'), ...section('B'), ...section('C')];
  const after = [...section('A'), ...section('B'), paragraph(9), ...section('C')];
  const old = new Set(chunksOf(before).chunks.map(({ id }) => id));
  assert.equal(chunksOf(after).chunks.filter(({ id }) => !old.has(id)).length, 1);
});

test('a chunk knows its headings, and a heading alone goes with what it heads', () => {
  const { chunks, canonical } = chunksOf(
    parseMarkdown('# Řád\n\n## Čl. 1\n\nText.\n\n## Čl. 2\n\nJiný.').blocks,
  );
  assert.deepEqual(
    chunks.map(({ headingPath, span }) => [headingPath, canonical.text.slice(span.start, span.end).trim()]),
    [
      [['Řád', 'Čl. 1'], 'Řád\n\nČl. 1\n\nText.'],
      [['Řád', 'Čl. 2'], 'Čl. 2\n\nJiný.'],
    ],
  );
});

test('a long table is cut between rows, and later parts are indexed with the header', () => {
  const rows = Array.from({ length: 200 }, (_, index) => [`Položka ${index}`, `${index * 10} Kč`]);
  const { chunks, canonical } = chunksOf([tableOfRows([['Název', 'Cena'], ...rows], 1)]);
  assert.ok(chunks.length > 3);
  for (const chunk of chunks) {
    assert.equal(chunk.kind, 'table');
    assert.ok(chunk.indexedText.startsWith('Název | Cena\n'));
    const text = canonical.text.slice(chunk.span.start, chunk.span.end);
    assert.match(text, /^(?:Název|Položka)/);
    assert.match(text.trimEnd(), /Kč$|Cena$/);
  }
});

test('the context before a chunk ends where the chunk begins', () => {
  const { chunks } = chunksOf(Array.from({ length: 30 }, (_, index) => paragraph(index)));
  const [, second] = chunks;
  assert.ok(second?.contextBefore !== undefined);
  assert.equal(second.contextBefore.end, second.span.start);
  assert.ok(second.contextBefore.start < second.span.start);
});
