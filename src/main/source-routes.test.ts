import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUARANTINE_REASONS } from '#rag/index.ts';
import { ENTRY_REASON_CODES } from '#wire/hradlo/index.ts';

test('every reason of the readers is among the codes that the contract lists', () => {
  const listed = new Set<string>(ENTRY_REASON_CODES);
  assert.deepEqual(
    QUARANTINE_REASONS.filter((reason) => !listed.has(reason)),
    [],
  );
});
