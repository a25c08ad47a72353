import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAIN_START, encodeLink, expectId } from '#core/index.ts';
import { migrate, MIGRATIONS, openForWriting } from '#platform/index.ts';
import { createChainEvents, hashText } from './chain-store.ts';

const tenantId = expectId('tenant', `ten_${'0'.repeat(26)}`);
const event = (kind: string) => ({
  kind,
  tenantId,
  actor: { issuer: 'i', subject: 's' },
  atMs: 5,
  fields: { n: 1 },
});

test('each event rests on the one before it, across calls', () => {
  const database = openForWriting(':memory:');
  migrate(database, MIGRATIONS, 1);
  const chain = createChainEvents('chain-a');
  chain(database, [event('a.b'), event('c.d')]);
  chain(database, [event('e.f')]);
  const rows = database.prepare('SELECT * FROM audit_event ORDER BY sequence').all();
  let previousHash = CHAIN_START;
  for (const [index, row] of rows.entries()) {
    const link = { chainId: 'chain-a', sequence: index + 1, previousHash, event: String(row['event']) };
    assert.equal(row['previous_hash'], previousHash);
    assert.equal(row['hash'], hashText(encodeLink(link)));
    previousHash = row['hash'];
  }
  assert.equal(rows.length, 3);
});
