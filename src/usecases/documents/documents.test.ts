import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryBlobStore } from '#test/fakes/memory-blob-store.ts';
import { MemorySource } from '#test/fakes/memory-source.ts';
import { blobStoreConformance } from '#test/conformance/blob-store.ts';
import { documentSourceConformance } from '#test/conformance/document-source.ts';
import { makeDocumentWork, personOf } from '#test/document-work.ts';
import { expectDigest } from '#core/index.ts';
import { addFolder } from './add-source.ts';
import { acceptUpload, removeUpload, retryEntry } from './accept-upload.ts';
import { mayHandOut } from './inner-files.ts';
import { followSource, type SourceState } from './follow-source.ts';

blobStoreConformance('in memory', async () => ({ store: new MemoryBlobStore() }));
documentSourceConformance('in memory', async () => {
  const source = new MemorySource();
  return {
    source,
    write: async (key, text) => void source.files.set(key, text),
    remove: async (key) => void source.files.delete(key),
  };
});

const DAY = 86_400_000;
const ANYBODY = personOf();
const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

test('a document that changes answers with its new text, and as known before with its old one', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('cenik.md', '# Ceník\n\nSazba truhláře je 500 Kč.');
  await work.take(10 * DAY);
  work.files.files.set('cenik.md', '# Ceník\n\nSazba truhláře je 600 Kč.');
  await work.take(20 * DAY);
  assert.match((await work.search('sazba truhláře', ANYBODY)).join(), /600/);
  assert.doesNotMatch((await work.search('sazba truhláře', ANYBODY)).join(), /500/);
  const before = await work.search('sazba truhláře', ANYBODY, { valid: 15 * DAY, known: 15 * DAY });
  assert.match(before.join(), /500/);
  assert.match((await work.search('sazba truhláře', ANYBODY, { valid: 15 * DAY })).join(), /500/);
});

test('older versions come from their folder, whatever the order in which files arrive', async () => {
  const work = await makeDocumentWork();
  const nowMs = day('2026-11-20');
  work.files.files.set('cenik.md', '# Ceník\n\nSazba je 700 Kč.');
  work.files.files.set('cenik.md.hradlo.yaml', 'id: cenik\nvalid-from: 2026-01-01');
  await work.take(nowMs);
  work.files.files.set('.versions/2024-01-01/cenik.md', '# Ceník\n\nSazba je 500 Kč.');
  work.files.files.set('.versions/2025-01-01/cenik.md', '# Ceník\n\nSazba je 600 Kč.');
  await work.take(nowMs + DAY);
  const asOf = async (text: string) => (await work.search('sazba', ANYBODY, { valid: day(text) })).join();
  assert.match(await asOf('2024-06-01'), /500/);
  assert.match(await asOf('2025-06-01'), /600/);
  assert.match(await asOf('2026-06-01'), /700/);
  assert.equal(await asOf('2023-06-01'), '');
  const documents = work.database.prepare('SELECT count(*) AS n FROM document').get();
  assert.equal(documents?.['n'], 1);
});

test('who may read comes with the sidecar, and a change of it acts without reading the text again', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('mzdy.md', '# Mzdy\n\nZáklad truhláře je tajný.');
  work.files.files.set('mzdy.md.hradlo.yaml', 'grants:\n  - group: hr');
  await work.take(DAY);
  assert.deepEqual(await work.search('truhláře', ANYBODY), []);
  assert.equal((await work.search('truhláře', personOf('hr'))).length, 1);
  work.files.files.set('mzdy.md.hradlo.yaml', 'grants:\n  - everyone: true');
  await work.take(2 * DAY);
  assert.equal((await work.search('truhláře', ANYBODY)).length, 1);
  work.files.files.set('mzdy.md.hradlo.yaml', 'grants:\n  - group: vedeni');
  await work.take(3 * DAY);
  assert.deepEqual(await work.search('truhláře', personOf('hr')), []);
  assert.deepEqual(await work.search('truhláře', personOf('hr'), { valid: DAY, known: DAY }), []);
  assert.deepEqual([work.reads, work.forbidden], [['mzdy.md'], []]);
});

test('a sidecar that is wrong or names nobody takes the document out of answers until it is right', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('mzdy.md', '# Mzdy\n\nZáklad truhláře.');
  await work.take(DAY);
  work.files.files.set('mzdy.md.hradlo.yaml', 'grant:\n  - group: hr');
  await work.take(2 * DAY);
  assert.deepEqual(await work.search('truhláře', ANYBODY), []);
  const [entry] = await work.sources.listEntries(work.source.id, { limit: 10 });
  assert.deepEqual([entry?.state, entry?.reason?.code], ['failed', 'sidecar.invalid']);
  work.files.files.set('mzdy.md.hradlo.yaml', 'grants:\n  - user: nobody');
  await work.take(3 * DAY);
  assert.deepEqual(await work.search('truhláře', ANYBODY), []);
  work.files.files.set('mzdy.md.hradlo.yaml', 'grants:\n  - group: hr');
  await work.take(4 * DAY);
  assert.equal((await work.search('truhláře', personOf('hr'))).length, 1);
  assert.deepEqual(await work.search('truhláře', ANYBODY), []);
});

test('what vanishes disappears from answers, and its history stays', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('a.md', '# A\n\nVýpovědní lhůta.');
  work.files.files.set('b.md', '# B\n\nVýpovědní lhůta.');
  await work.take(DAY);
  work.files.files.delete('a.md');
  await work.take(2 * DAY);
  assert.equal((await work.search('výpovědní', ANYBODY)).length, 1);
  assert.equal((await work.search('výpovědní', ANYBODY, { valid: DAY, known: DAY })).length, 2);
  work.files.files.set('a.md', '# A\n\nVýpovědní lhůta.');
  await work.take(3 * DAY);
  assert.equal((await work.search('výpovědní', ANYBODY)).length, 2);
});

test('a second look touches only what changed', async () => {
  const work = await makeDocumentWork();
  for (let n = 0; n < 20; n++) work.files.files.set(`${n}.md`, `# ${n}\n\nText ${n}.`);
  await work.take(DAY);
  const before = work.database.prepare('SELECT count(*) AS n FROM job').get()?.['n'];
  work.files.files.set('7.md', '# 7\n\nJiný text.');
  await work.take(2 * DAY);
  const after = work.database.prepare('SELECT count(*) AS n FROM job').get()?.['n'];
  assert.deepEqual([work.reads.length, Number(after) - Number(before)], [21, 2]);
});

test('a bad file says why and stops nobody; the text that it had before stays', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('a.md', '# A\n\nPůvodní text.');
  await work.take(DAY);
  work.files.files.set('a.md', 'damaged');
  work.files.files.set('b.md', '# B\n\nDalší text.');
  await work.take(2 * DAY);
  const counts = await work.sources.countEntries(work.source.id);
  assert.deepEqual([counts.indexed, counts.quarantined, counts.queued], [1, 1, 0]);
  assert.equal((await work.search('text', ANYBODY)).length, 2);
});

test('files inside a file are documents under its key, with its readers, and go with it', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('vse.zip', 'archive\ninner a.md: # Smlouva\ninner b/c.md: # Dodatek');
  work.files.files.set('vse.zip.hradlo.yaml', 'id: vse\ntitle: Vše\ngrants:\n  - group: hr');
  await work.take(DAY);
  const keys = async () =>
    (await work.sources.listEntries(work.source.id, { limit: 10 })).map(({ key }) => key);
  assert.deepEqual(await keys(), ['vse.zip', 'vse.zip!/a.md', 'vse.zip!/b/c.md']);
  assert.deepEqual(await work.search('smlouva', ANYBODY), []);
  assert.deepEqual(await work.search('smlouva', personOf('hr')), ['Smlouva']);
  work.files.files.set('vse.zip', 'archive\ninner b/c.md: # Dodatek');
  await work.take(2 * DAY);
  assert.deepEqual(await keys(), ['vse.zip', 'vse.zip!/b/c.md']);
  work.files.files.delete('vse.zip');
  await work.take(3 * DAY);
  assert.deepEqual([await keys(), await work.search('dodatek', personOf('hr'))], [[], []]);
});

test('the index built anew from the database answers as the one that was told of each change', async () => {
  const work = await makeDocumentWork();
  for (const [at, text] of ['jedna', 'dvě', 'tři'].entries()) {
    work.files.files.set('a.md', `# A\n\nHodnota je ${text}.`);
    work.files.files.set(`b${at}.md`, `# B\n\nHodnota je ${text}.`);
    await work.take((at + 1) * 10 * DAY);
  }
  work.files.files.delete('b1.md');
  await work.take(40 * DAY);
  const rebuilt = await work.rebuiltIndex();
  const times = [5, 10, 15, 20, 25, 30, 35, 40, 45].map((n) => n * DAY);
  const answers = new Set<string>();
  for (const valid of times) {
    for (const known of times) {
      const told = await work.search('hodnota', ANYBODY, { valid, known });
      const anew = await work.search('hodnota', ANYBODY, { valid, known }, rebuilt);
      assert.deepEqual(told.toSorted(), anew.toSorted(), `valid ${valid}, known ${known}`);
      answers.add(told.toSorted().join());
    }
  }
  assert.ok(answers.size > 5);
});

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

test('an upload at the same path is the next version, and may be taken out again', async () => {
  const work = await makeDocumentWork();
  const owner = { ...personOf(), roles: ['administrator'] as const };
  const put = (text: string, path = 'pokyny/a.md') =>
    acceptUpload(work, owner, {
      collectionId: work.collection.id,
      path,
      password: undefined,
      validFromMs: undefined,
      body: piecesOf(text),
    });
  const { entryId } = await put('# Pokyn\n\nLak schne den.');
  await work.drain(DAY);
  assert.deepEqual((await put('# Pokyn\n\nLak schne týden.')).entryId, entryId);
  await work.drain(2 * DAY);
  assert.match((await work.search('lak', ANYBODY)).join(), /týden/);
  await removeUpload(work, owner, entryId);
  assert.deepEqual(await work.search('lak', ANYBODY), []);
  await assert.rejects(put('x', '../a.md'), { code: 'input.invalid' });
  await assert.rejects(put('x', 'a.zip!/b.md'), { code: 'input.invalid' });
  await assert.rejects(put(''), { code: 'input.invalid' });
});

test('a file that was put aside is tried again, and only such a one', async () => {
  const work = await makeDocumentWork();
  const owner = { ...personOf(), roles: ['administrator'] as const };
  work.files.files.set('mzdy.md', '# Mzdy\n\nZáklad truhláře.');
  work.files.files.set('mzdy.md.hradlo.yaml', 'grants:\n  - user: nikdo');
  await work.take(DAY);
  const [entry] = await work.sources.listEntries(work.source.id, { state: 'failed', limit: 1 });
  assert.equal(entry?.reason?.code, 'sidecar.unknown_reader');
  work.setReaders('nikdo');
  await retryEntry(work, owner, { entryId: entry.id, password: undefined });
  await work.drain(2 * DAY);
  assert.equal((await work.search('truhláře', personOf('nikdo'))).length, 1);
  await assert.rejects(retryEntry(work, owner, { entryId: entry.id, password: undefined }), {
    code: 'conflict.state',
  });
});

test('how a source comes in is told until nothing is left to do', async () => {
  const work = await makeDocumentWork();
  for (let n = 0; n < 5; n++) work.files.files.set(`${n}.md`, `# ${n}`);
  await work.queueScan();
  const states = followSource(work, work.source, () => work.drain(DAY));
  const told: SourceState[] = [];
  for await (const state of states) told.push(state);
  assert.deepEqual(
    told.map(({ state, files, reading }) => [state, files.indexed, reading.total]),
    [
      ['looking', 0, 0],
      ['done', 5, 5],
    ],
  );
});

test('another pipeline that reads the same writes nothing again; one that reads something else does', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('a.md', '# A\n\nVýpovědní lhůta.');
  await work.take(DAY);
  await work.withPipeline('next').take(2 * DAY);
  const count = (table: string) => work.database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'];
  assert.deepEqual([work.reads.length, count('document_version'), count('chunk')], [2, 1, 1]);
  await work.withPipeline('other', (text) => text.replace('lhůta', 'doba')).take(3 * DAY);
  assert.deepEqual([work.reads.length, count('document_version')], [3, 2]);
  assert.match((await work.search('výpovědní', ANYBODY)).join(), /doba/);
  assert.match((await work.search('výpovědní', ANYBODY, { known: 2 * DAY })).join(), /lhůta/);
});

test('a file that may not be read or is too large is listed with its reason, and tried again', async () => {
  const work = await makeDocumentWork();
  const owner = { ...personOf(), roles: ['administrator'] as const };
  work.files.files.set('a.md', '# A\n\nVýpovědní lhůta.');
  work.files.files.set('b.md', '# B\n\nZkušební doba.');
  work.files.locked.add('a.md');
  work.files.sizes.set('b.md', 1024 ** 3);
  await work.take(DAY);
  const reasons = async () =>
    (await work.sources.listEntries(work.source.id, { limit: 9 })).map(({ reason }) => reason?.code);
  assert.deepEqual(await reasons(), ['source.unreadable', 'too-large']);
  work.files.locked.clear();
  await work.take(2 * DAY);
  assert.deepEqual(await reasons(), [undefined, 'too-large']);
  work.files.sizes.clear();
  const [large] = await work.sources.listEntries(work.source.id, { state: 'quarantined', limit: 1 });
  await retryEntry(work, owner, { entryId: large!.id, password: undefined });
  await work.drain(3 * DAY);
  assert.deepEqual(await reasons(), [undefined, undefined]);
});

test('a locked file opens with the password of its sidecar, of its source or of another try', async () => {
  const work = await makeDocumentWork();
  const owner = { ...personOf(), roles: ['administrator'] as const };
  for (const name of ['a', 'b', 'c'])
    work.files.files.set(`${name}.md`, `password ${name}\n\nZámek ${name}.`);
  work.files.files.set('a.md.hradlo.yaml', 'password: a');
  await work.take(DAY);
  const codes = async () =>
    (await work.sources.listEntries(work.source.id, { limit: 9 })).map(({ reason }) => reason?.code);
  assert.deepEqual(await codes(), [undefined, 'encrypted', 'encrypted']);
  const [, , c] = await work.sources.listEntries(work.source.id, { limit: 9 });
  await retryEntry(work, owner, { entryId: c!.id, password: 'wrong' });
  await work.drain(2 * DAY);
  assert.deepEqual(await codes(), [undefined, 'encrypted', 'wrong-password']);
  await retryEntry(work, owner, { entryId: c!.id, password: 'c' });
  await work.drain(3 * DAY);
  const folder = { collection: work.collection.name, folder: work.source.location };
  await addFolder(work, owner, {
    ...folder,
    isWatched: false,
    validFromMs: undefined,
    passwords: ['x', 'b'],
  });
  await work.drain(4 * DAY);
  assert.deepEqual(await codes(), [undefined, undefined, undefined]);
  // Nowhere in the database or among the stored files does a password stand as it was given.
  const kept = JSON.stringify(work.database.prepare('SELECT sealed FROM document_password').all());
  assert.doesNotMatch(kept, /wrong|"x"/u);
  const sidecars = work.database.prepare('SELECT sidecar_digest AS d FROM source_entry').all();
  const sidecar = await work.blobs.get(expectDigest(sidecars.find(({ d }) => d !== null)!['d']));
  assert.equal(new TextDecoder().decode(sidecar), 'password: kept-apart');
});

test('archives in archives are followed three steps, and not where very many files were found already', async () => {
  const work = await makeDocumentWork();
  const sourceId = work.source.id;
  const steps = ['a.zip', 'a.zip!/b.zip', 'a.zip!/b.zip!/c.zip', 'a.zip!/b.zip!/c.zip!/d.zip'];
  const may = (keys: readonly string[], inside: number) =>
    Promise.all(
      keys.map((key) => mayHandOut({ sources: { countInside: async () => inside } }, { sourceId, key })),
    );
  assert.deepEqual(await may(steps, 5), [true, true, true, false]);
  assert.deepEqual(await may(steps, 10_000), [true, false, false, false]);
  work.files.files.set('vse.zip', 'archive\ninner a.md: # Smlouva\ninner b/c.md: # Dodatek');
  work.files.files.set('vse.zip.md', '# Jiný dokument');
  await work.take(DAY);
  assert.equal(await work.sources.countInside(sourceId, 'vse.zip'), 2);
});
