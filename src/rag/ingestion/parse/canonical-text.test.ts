import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { boxesOf, offsetAt, offsetOf, placeOf, toCanonicalText } from './canonical-text.ts';
import type { Block } from './parsed-document.ts';

/** Blocks whose words stand on a grid: one word per cell, a line per block. */
const drawn: fc.Arbitrary<Block[]> = fc
  .array(fc.array(fc.stringMatching(/^[a-zěščř]{1,8}$/), { minLength: 1, maxLength: 6 }), { maxLength: 8 })
  .map((lines) =>
    lines.map((words, line): Block => {
      let at = 0;
      const placed = words.map((word, column) => {
        const start = at;
        at += word.length + 1;
        const box = [column * 50, line * 20, column * 50 + 45, line * 20 + 12] as const;
        return { start, end: start + word.length, page: 1, box };
      });
      return {
        kind: line % 3 === 0 ? 'list-item' : 'paragraph',
        level: 0,
        text: words.join(' '),
        words: placed,
      };
    }),
  );

test('every character of a block is found in the canonical text and back', () => {
  fc.assert(
    fc.property(drawn, (blocks) => {
      const canonical = toCanonicalText({ blocks });
      for (const [blockIndex, block] of blocks.entries()) {
        for (let offset = 0; offset < block.text.length; offset++) {
          const at = offsetOf(canonical, { blockIndex, offset });
          assert.equal(canonical.text[at], block.text[offset]);
          const place = placeOf(canonical, blocks, at);
          assert.equal(place?.blockIndex, blockIndex);
          assert.equal(place.offset, offset);
          assert.equal(place.word === undefined, block.text[offset] === ' ');
        }
      }
    }),
  );
});

test('a point in a word gives the offset of that word, and its span gives back a box around the point', () => {
  fc.assert(
    fc.property(drawn, (blocks) => {
      const canonical = toCanonicalText({ blocks });
      for (const word of blocks.flatMap((block) => block.words ?? [])) {
        const point = { page: 1, x: (word.box[0] + word.box[2]) / 2, y: (word.box[1] + word.box[3]) / 2 };
        const start = offsetAt(canonical, blocks, point);
        assert.ok(start !== undefined);
        const [found] = boxesOf(canonical, blocks, { start, end: start + word.end - word.start });
        assert.deepEqual(found, { page: 1, box: word.box });
      }
    }),
  );
});

test('separators point at nothing, and the marks of a sentence are one rectangle per line', () => {
  const word = (start: number, end: number, x: number, y: number) => ({
    start,
    end,
    page: 2,
    box: [x, y, x + 30, y + 10] as const,
  });
  const blocks: Block[] = [
    {
      kind: 'paragraph',
      text: 'one two three',
      words: [word(0, 3, 0, 0), word(4, 7, 35, 0), word(8, 13, 0, 14)],
    },
    { kind: 'paragraph', text: 'next' },
  ];
  const canonical = toCanonicalText({ blocks });
  assert.equal(placeOf(canonical, blocks, 13), undefined);
  assert.deepEqual(boxesOf(canonical, blocks, { start: 0, end: 13 }), [
    { page: 2, box: [0, 0, 65, 10] },
    { page: 2, box: [0, 14, 30, 24] },
  ]);
});
