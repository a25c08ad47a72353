import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { RadixTree } from './radix-tree.ts';

const list = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 });

function sharedLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length += 1;
  return length;
}

test('finds the longest shared beginning, and exactly the lists that share it', () => {
  fc.assert(
    fc.property(fc.array(list, { maxLength: 12 }), fc.array(fc.nat(11)), list, (lists, removed, wanted) => {
      const tree = new RadixTree();
      const kept = new Map(lists.map((tokens, index) => [String(index), tokens]));
      for (const [key, tokens] of kept) tree.insert(tokens, key);
      for (const index of removed) {
        const tokens = kept.get(String(index));
        if (tokens === undefined) continue;
        tree.remove(tokens, String(index));
        kept.delete(String(index));
      }
      const lengths = [...kept].map(([key, tokens]) => ({ key, length: sharedLength(tokens, wanted) }));
      const best = Math.max(0, ...lengths.map(({ length }) => length));
      const found = tree.longestPrefix(wanted);
      assert.equal(found.length, best);
      const expected =
        best === 0 ? [] : lengths.filter(({ length }) => length === best).map(({ key }) => key);
      assert.deepEqual([...found.keys].toSorted(), expected.toSorted());
    }),
  );
});
