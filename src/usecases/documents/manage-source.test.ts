import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDocumentWork, personOf } from '#test/document-work.ts';
import { acceptFile, openUploads } from './accept-upload.ts';
import { addFolder } from './add-source.ts';
import { followSource } from './follow-source.ts';
import { pauseSource, removeSource, resumeSource } from './manage-source.ts';

const DAY = 86_400_000;
const OWNER = { ...personOf(), roles: ['administrator'] as const };
const bytes = (text: string) => new TextEncoder().encode(text);

async function* bodyOf(text: string): AsyncGenerator<Uint8Array> {
  yield bytes(text);
}

test('nothing comes in from a source that rests, and all of it when it goes on', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('a.md', '# A\n\nHruška roste.');
  await work.queueScan();
  work.files.files.set('b.md', '# B\n\nJabloň roste.');
  await work.take(DAY);
  work.files.files.set('c.md', '# C\n\nŠvestka roste.');
  await pauseSource(work, OWNER, work.source.id);
  await work.take(2 * DAY);
  assert.equal((await work.search('roste', OWNER)).length, 2);
  const [state] = await Array.fromAsync(
    followSource(work, { ...work.source, isPaused: true }, async () => undefined),
  );
  assert.equal(state?.files.indexed, 2);
  await resumeSource(work, OWNER, work.source.id);
  await work.drain(3 * DAY);
  assert.equal((await work.search('roste', OWNER)).length, 3);
});

test('files that waited when a source was paused are read when it goes on', async () => {
  const work = await makeDocumentWork();
  const uploads = await openUploads(work, OWNER, {
    collection: work.collection.name,
    label: 'pc:/dokumenty',
    validFromMs: undefined,
  });
  await acceptFile(work, OWNER, uploads.id, {
    path: 'a.md',
    sidecar: undefined,
    body: bodyOf('# A\n\nHruška roste.'),
  });
  await pauseSource(work, OWNER, uploads.id);
  await work.drain(DAY);
  assert.deepEqual(await work.search('roste', OWNER), []);
  const states = await Array.fromAsync(followSource(work, uploads, async () => undefined));
  assert.equal(states.at(-1)?.state, 'paused');
  await resumeSource(work, OWNER, uploads.id);
  await work.drain(2 * DAY);
  assert.equal((await work.search('roste', OWNER)).length, 1);
});

test('locked files of a folder of somebody’s own computer open with the passwords that are given for it', async () => {
  const work = await makeDocumentWork();
  const given = { collection: work.collection.name, label: 'pc:/zamky', validFromMs: undefined };
  const source = await openUploads(work, OWNER, { ...given, passwords: ['x', 'a'] });
  const send = (name: string) =>
    acceptFile(work, OWNER, source.id, {
      path: `${name}.md`,
      sidecar: undefined,
      body: bodyOf(`password ${name}\n\nZámek ${name}.`),
    });
  await send('a');
  await send('b');
  await work.drain(DAY);
  const codes = async () =>
    (await work.sources.listEntries(source.id, { limit: 9 })).map(({ reason }) => reason?.code);
  assert.deepEqual(await codes(), [undefined, 'wrong-password']);
  await openUploads(work, OWNER, given);
  await work.drain(2 * DAY);
  assert.deepEqual(await codes(), [undefined, 'wrong-password']);
  // A second call with the right one needs no file sent again.
  assert.equal((await openUploads(work, OWNER, { ...given, passwords: ['b'] })).id, source.id);
  await work.drain(3 * DAY);
  assert.deepEqual(await codes(), [undefined, undefined]);
});

test('what came from a source that is removed is in no answer, and its history stays', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('a.md', '# A\n\nHruška roste.');
  await work.take(DAY);
  await removeSource(work, OWNER, work.source.id);
  await assert.rejects(pauseSource(work, OWNER, work.source.id), { code: 'request.not_found' });
  const folder = { collection: work.collection.name, folder: work.source.location };
  const again = { ...folder, isWatched: undefined, validFromMs: undefined, passwords: undefined };
  await assert.rejects(addFolder(work, OWNER, again), { code: 'conflict.state' });
  await work.drain(2 * DAY);
  assert.deepEqual(await work.search('roste', OWNER), []);
  assert.equal((await work.search('roste', OWNER, { valid: DAY, known: DAY })).length, 1);
  assert.deepEqual(await work.sources.list(work.source.tenantId), []);
  await addFolder(work, OWNER, again);
});

test('a folder of somebody’s own computer comes with its sidecars, and those say who may read', async () => {
  const work = await makeDocumentWork();
  const given = { collection: work.collection.name, label: 'pc:/mzdy', validFromMs: undefined };
  const source = await openUploads(work, OWNER, given);
  assert.equal((await openUploads(work, OWNER, given)).id, source.id);
  await acceptFile(work, OWNER, source.id, {
    path: 'mzdy.md',
    sidecar: bytes('title: Mzdy\ngrants:\n  - group: hr'),
    body: bodyOf('# Mzdy\n\nHruška stojí 5 Kč.'),
  });
  await work.drain(DAY);
  assert.deepEqual(await work.search('hruška', personOf()), []);
  assert.equal((await work.search('hruška', personOf('hr'))).length, 1);
  await assert.rejects(
    acceptFile(work, OWNER, work.source.id, { path: 'x.md', sidecar: undefined, body: bodyOf('x') }),
    { code: 'conflict.state' },
  );
});
