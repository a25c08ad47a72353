import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pickMerge, type SegmentSize } from './merge-policy.ts';

const size = (rowCount: number): SegmentSize => ({ rowCount, settledCount: rowCount, isCold: false });

test('fewer than eight of a tier are left as they are', () => {
  assert.deepEqual(pickMerge(Array.from({ length: 7 }, () => size(10))), []);
});

test('where many wait, the smallest go first and no merge takes more than sixteen', () => {
  const sizes = Array.from({ length: 300 }, (_, place) => size(place === 7 ? 500 : 10));
  const picked = pickMerge(sizes);
  assert.equal(picked.length, 16);
  assert.ok(!picked.includes(7));
});

test('merging one after the other leaves few segments, and copies each row a few times', () => {
  let sizes: SegmentSize[] = [];
  let copied = 0;
  const added = 2_000;
  for (let count = 0; count < added; count++) {
    sizes = [...sizes, size(10)];
    for (let picked = pickMerge(sizes); picked.length > 0; picked = pickMerge(sizes)) {
      const rows = picked.reduce((sum, place) => sum + sizes[place]!.rowCount, 0);
      copied += rows;
      sizes = [...sizes.filter((_, place) => !picked.includes(place)), size(rows)];
    }
    assert.ok(sizes.length <= 32, `${sizes.length} segments`);
  }
  assert.ok(copied <= added * 10 * 4, `each row was copied ${copied / (added * 10)} times`);
});
