import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNotes } from '#core/index.ts';
import { openTestDatabase, TEST_TENANT } from '#test/database.ts';
import { ChainReader } from './chain-reader-store.ts';
import { Checkpointer } from './checkpointer.ts';
import { isSignedBy } from './checkpoint-signature.ts';
import { CheckpointSigner, makeSigningKey } from './signing-key.ts';
import { verifyChains } from './verify.ts';

async function makeChain(events: number) {
  const { database, writer } = openTestDatabase();
  const write = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const actor = { issuer: 'hradlo', subject: 'eva' };
      const audit = [
        { kind: 'test.written', tenantId: TEST_TENANT, actor, atMs: 1000 + index, fields: { index } },
      ];
      await writer.write({ statements: [], audit });
    }
  };
  await write(events);
  const notes: string[] = [];
  const signer = new CheckpointSigner('test', makeSigningKey());
  const reader = new ChainReader(database);
  const clock = { nowMs: () => 5, monotonicMs: () => 5 };
  const sinks = [async (note: string) => void notes.push(note)];
  const checkpointer = new Checkpointer({ chainId: 'test', reader, signer, clock, sinks });
  const verify = () => verifyChains(reader.list(), parseNotes(notes.join('\n')), signer.verifierKey);
  return { database, write, notes, signer, reader, checkpointer, verify };
}

test('what the writer chained verifies, and signed checkpoints agree', async () => {
  const { write, checkpointer, notes, verify } = await makeChain(5);
  await checkpointer.write();
  await checkpointer.write();
  assert.equal(notes.length, 1, 'a chain that did not grow needs no new checkpoint');
  await write(3);
  await checkpointer.write();
  const { events, checkpoints, faults, badSignatures } = verify();
  assert.deepEqual(
    { events, checkpoints, faults, badSignatures },
    { events: 8, checkpoints: 2, faults: [], badSignatures: 0 },
  );
});

test('the database refuses to change or delete an event', async () => {
  const { database } = await makeChain(2);
  assert.throws(() => database.exec("UPDATE audit_event SET kind = 'x'"), /append-only/);
  assert.throws(() => database.exec('DELETE FROM audit_event'), /append-only/);
});

test('a checkpoint that another key signed, or whose text was changed, is not believed', async () => {
  const { checkpointer, notes, signer, verify } = await makeChain(5);
  await checkpointer.write();
  const [checkpoint] = parseNotes(notes[0]!);
  assert.ok(isSignedBy(checkpoint!, signer.verifierKey));
  const other = new CheckpointSigner('test', makeSigningKey());
  assert.ok(!isSignedBy(checkpoint!, other.verifierKey));
  notes[0] = notes[0]!.replace('\n5\n', '\n4\n');
  const { badSignatures, checkpoints } = verify();
  assert.deepEqual([badSignatures, checkpoints], [1, 0]);
});

test('an event that was edited behind the triggers is found', async () => {
  const { database, verify } = await makeChain(5);
  database.exec(
    `DROP TRIGGER audit_event_no_update; UPDATE audit_event SET event = replace(event, 'eva', 'jan') WHERE sequence = 3`,
  );
  assert.deepEqual(
    verify().faults.map(({ kind, sequence }) => [kind, sequence]),
    [
      ['changed', 3],
      ['columns', 3],
    ],
  );
});

test('an event is found by what it names', async () => {
  const { reader } = await makeChain(3);
  assert.equal(reader.findByField('test.written', 'index', 'none'), undefined);
});
