import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packWritten, unpackWritten } from './writer-protocol.ts';

test('what was written arrives as it was: rows, changes, and the place of each event', () => {
  const units = [
    { id: 3, result: { rows: [[]], changes: [1], audit: [{ chainId: 'c', sequence: 7, hash: 'h7' }] } },
    { id: 4, result: { rows: [[], [{ id: 'a' }]], changes: [2, 1], audit: [] } },
    {
      id: 9,
      result: {
        rows: [],
        changes: [],
        audit: [
          { chainId: 'c', sequence: 8, hash: 'h8' },
          { chainId: 'c', sequence: 9, hash: 'h9' },
        ],
      },
    },
  ];
  assert.deepEqual([...unpackWritten(structuredClone(packWritten(units)))], units);
  assert.deepEqual([...unpackWritten(packWritten([]))], []);
});
