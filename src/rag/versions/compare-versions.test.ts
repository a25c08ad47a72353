import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { makeId } from '#core/index.ts';
import type { ChunkText } from '../document-detail-store.ts';
import { compareVersions } from './compare-versions.ts';

function chunk(name: string, heading = 'A'): ChunkText {
  const bytes = new Uint8Array(16);
  new TextEncoder().encodeInto(name, bytes);
  return {
    id: makeId('chunk', bytes),
    headingPath: [heading],
    page: 1,
    kind: 'text',
    text: name,
    start: 0,
    end: 1,
  };
}
const told = (before: ChunkText[], after: ChunkText[]) =>
  compareVersions(before, after).map((one) => [one.change, one.before?.text, one.after?.text]);

test('a changed paragraph is told with what it was and what it became', () => {
  const before = [chunk('one'), chunk('two', 'B'), chunk('three', 'C')];
  const after = [chunk('one'), chunk('2', 'B'), chunk('three', 'C'), chunk('four', 'D')];
  assert.deepEqual(told(before, after), [
    ['changed', 'two', '2'],
    ['added', undefined, 'four'],
  ]);
  assert.deepEqual(told(after, before), [
    ['changed', '2', 'two'],
    ['removed', 'four', undefined],
  ]);
});

test('versions of one text do not differ', () => {
  assert.deepEqual(told([chunk('a'), chunk('b')], [chunk('a'), chunk('b')]), []);
});

test('leaving out what was removed and putting in what was added gives the other version', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'), {
    maxLength: 10,
  });
  fc.assert(
    fc.property(names, names, (one, other) => {
      const before = one.map((name) => chunk(name, name < 'f' ? 'A' : 'B'));
      const after = other.map((name) => chunk(name, name < 'f' ? 'A' : 'B'));
      const differences = compareVersions(before, after);
      const gone = new Set(differences.map((difference) => difference.before));
      const come = new Set(differences.map((difference) => difference.after));
      const keptBefore = before.filter((piece) => !gone.has(piece)).map((piece) => piece.id);
      const keptAfter = after.filter((piece) => !come.has(piece)).map((piece) => piece.id);
      assert.deepEqual(keptBefore, keptAfter);
      const allCome = differences.flatMap((difference) => difference.after ?? []);
      assert.deepEqual(
        allCome,
        after.filter((piece) => come.has(piece)),
      );
    }),
  );
});
