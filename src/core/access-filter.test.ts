import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMinted, mayRead, mintAccessFilter, type AccessFilter } from './access-filter.ts';
import { expectAclSetId, expectId } from './ids.ts';

const tenantId = expectId('tenant', `ten_${'0'.repeat(26)}`);
const collection = expectId('collection', `col_${'1'.repeat(26)}`);
const other = expectId('collection', `col_${'2'.repeat(26)}`);
const [one, two] = [expectAclSetId(1), expectAclSetId(2)];
const filterOf = (collections?: ReadonlySet<typeof collection>): AccessFilter =>
  mintAccessFilter({ tenantId, aclSets: new Set([one]), collections, fingerprint: 'f', decidedAtMs: 0 });

test('a filter lets through its sets in its collections, and nothing else', () => {
  assert.ok(mayRead(filterOf(), one, other));
  assert.ok(!mayRead(filterOf(), two, collection));
  assert.ok(mayRead(filterOf(new Set([collection])), one, collection));
  assert.ok(!mayRead(filterOf(new Set([collection])), one, other));
});

test('a filter assembled by hand is not a proof, nor is a copy, and a minted one cannot be changed', () => {
  const filter = filterOf();
  assert.ok(isMinted(filter));
  assert.ok(!isMinted({ ...filter }));
  assert.throws(() => Object.assign(filter, { aclSets: new Set([one, two]) }), TypeError);
});
