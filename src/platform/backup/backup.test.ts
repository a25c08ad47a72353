import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { scratchFolder } from '#test/scratch.ts';
import { FileBlobStore } from '../blobs/file-blob-store.ts';
import { checkpoint, cutLog } from '../database/checkpoint.ts';
import { openForWriting } from '../database/open.ts';
import { Archive } from './archive.ts';
import { BackupWriter } from './backup-writer.ts';
import { LogSpool } from './log-spool.ts';
import { restore } from './restore.ts';
import { computeStateRoot } from './state-root.ts';

function makeBackup(context: TestContext) {
  const scratch = scratchFolder('backup');
  context.after(() => scratch[Symbol.dispose]());
  const data = (name: string) => join(scratch.path, name);
  const clock = { now: 1_000_000, nowMs: () => clock.now, monotonicMs: () => clock.now };
  const key = randomBytes(32);
  const archive = new Archive(data('archive'), key);
  let database: DatabaseSync;
  let spool: LogSpool;
  const open = () => {
    database = openForWriting(data('hradlo.db'));
    spool = new LogSpool(data('spool'), data('hradlo.db'));
  };
  open();
  database!.exec('CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, body TEXT) STRICT');
  const blobs = new FileBlobStore(data('blobs'), clock);
  const source = {
    spool: async () => spool.spool(),
    hold: async () => {
      spool.spool();
      cutLog(database);
      spool.begin();
      return { logSequence: spool.sequence };
    },
    release: async () => undefined,
  };
  const keys: Record<string, Buffer> = { cnt_1: randomBytes(40) };
  const writer = new BackupWriter({
    archive,
    source,
    blobs,
    clock,
    databasePath: data('hradlo.db'),
    spoolFolder: data('spool'),
    chainId: 'test',
    product: 'test',
    readFiles: async () => ({ 'chain-id': Buffer.from('test') }),
    readKeys: async () => ({ ...keys }),
  });
  return {
    data,
    clock,
    archive,
    blobs,
    keys,
    writer,
    commit(count: number, bytes = 500) {
      for (let index = 0; index < count; index++) {
        database.prepare('INSERT INTO item (body) VALUES (?)').run(randomBytes(bytes).toString('hex'));
        spool.note(clock.now);
      }
    },
    checkpoint: () => checkpoint(database, 0, () => spool.spool()),
    /** As a kill would leave it: nothing is closed, the next process opens what lies there. */
    reopen: open,
    isBroken: () => spool.isBroken,
    root: () => computeStateRoot(database, data('blobs')).root,
    async restoredRoot(name: string, atMs?: number) {
      const folder = data(name);
      const request = { archive, folder, atMs, databaseName: 'hradlo.db' };
      const restored = await restore({
        ...request,
        blobFolder: join(folder, 'blobs'),
        keyFolder: join(folder, 'keys'),
      });
      const copy = new DatabaseSync(join(folder, 'hradlo.db'));
      const { root } = computeStateRoot(copy, join(folder, 'blobs'));
      copy.close();
      return { root, restored };
    },
  };
}

test('a copy and the log since give the very state, through checkpoints and restarts', async (context) => {
  const backup = makeBackup(context);
  backup.commit(50);
  await backup.blobs.put(Buffer.from('a file'));
  await backup.writer.snapshot();
  for (let round = 0; round < 6; round++) {
    backup.commit(7 + round, 3000);
    if (round % 2 === 0) backup.checkpoint();
    if (round === 3) backup.reopen();
    if (round % 3 === 0) await backup.writer.ship();
    assert.ok(!backup.isBroken());
  }
  await backup.blobs.put(Buffer.from('another'));
  await backup.writer.ship();
  const { root, restored } = await backup.restoredRoot('restored');
  assert.equal(root, backup.root());
  assert.equal(restored.blobs, 2);
  assert.equal(restored.brokenAfter, undefined);
});

test('any moment between can be restored', async (context) => {
  const backup = makeBackup(context);
  await backup.writer.snapshot();
  const roots: [number, string][] = [];
  for (let round = 0; round < 5; round++) {
    backup.clock.now += 1000;
    backup.commit(3);
    roots.push([backup.clock.now, backup.root()]);
    if (round === 2) backup.checkpoint();
  }
  await backup.writer.ship();
  for (const [atMs, root] of roots)
    assert.equal((await backup.restoredRoot(`at-${atMs}`, atMs + 500)).root, root);
  await assert.rejects(backup.restoredRoot('too-early', 1), /oldest state/);
});

test('a second copy stores only what changed', async (context) => {
  const backup = makeBackup(context);
  backup.commit(60, 100_000);
  await backup.writer.snapshot();
  const before = (await backup.archive.list('chunks')).length;
  backup.clock.now += 1000;
  backup.commit(1);
  await backup.writer.snapshot();
  const added = (await backup.archive.list('chunks')).length - before;
  assert.ok(before >= 10, `${before} chunks`);
  assert.ok(added <= 3, `${added} of ${before} chunks were stored again`);
});

test('one flipped bit is refused, and the object is named', async (context) => {
  const backup = makeBackup(context);
  backup.commit(5);
  await backup.writer.snapshot();
  for (const kind of ['chunks', 'snapshots']) {
    const [name] = await backup.archive.list(kind);
    const path = join(backup.data('archive'), name!);
    const whole = readFileSync(path);
    const flipped = Buffer.from(whole);
    flipped[Math.floor(flipped.length / 2)]! ^= 1;
    writeFileSync(path, flipped);
    await assert.rejects(backup.restoredRoot(`flipped-${kind}`), (error: Error) =>
      error.message.includes(name!),
    );
    writeFileSync(path, whole);
  }
});

test('keys that were destroyed are in no backup, however old the copy', async (context) => {
  const backup = makeBackup(context);
  await backup.writer.snapshot();
  delete backup.keys['cnt_1'];
  await backup.writer.ship();
  await backup.restoredRoot('restored');
  assert.deepEqual(readdirSync(join(backup.data('restored'), 'keys')), []);
});

test('a log that was not followed is known to be broken, and a new copy mends it', async (context) => {
  const backup = makeBackup(context);
  assert.ok(backup.isBroken(), 'nothing was copied yet');
  await backup.writer.snapshot();
  assert.ok(!backup.isBroken());
});

test('old copies go, and what they alone needed', async (context) => {
  const backup = makeBackup(context);
  for (let round = 0; round < 4; round++) {
    backup.clock.now += 1000;
    backup.commit(20, 20_000);
    await backup.writer.snapshot();
  }
  assert.ok((await backup.writer.prune(2)) > 0);
  assert.equal((await backup.archive.list('snapshots')).length, 2);
  assert.equal((await backup.restoredRoot('restored')).root, backup.root());
});
