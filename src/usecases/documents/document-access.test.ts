import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDocumentWork, personOf } from '#test/document-work.ts';
import type { Principal } from '#core/index.ts';
import { GroupStore, UserStore, type IdentitySchema, type Override } from '#identity/index.ts';
import { queryBuilder } from '#platform/index.ts';
import { overrideAccess } from '../rights/override-access.ts';

const DAY = 86_400_000;
const ANYBODY = personOf();
type Work = Awaited<ReturnType<typeof makeDocumentWork>>;
const ADMINISTRATOR: Principal = { ...ANYBODY, roles: ['administrator'] };

/** Says something of the chunk that holds a word. */
async function close(work: Work, word: string, override: Override | undefined): Promise<void> {
  const identity = queryBuilder<IdentitySchema>(work.database);
  const row = work.database
    .prepare("SELECT id, document_id FROM chunk WHERE text LIKE '%' || ? || '%' ORDER BY row DESC")
    .get(word);
  const deps = { ...work, groups: new GroupStore(identity), users: new UserStore(identity) };
  await overrideAccess(deps, ADMINISTRATOR, {
    documentId: row?.['document_id'] as never,
    chunkId: row?.['id'] as never,
    override,
  });
}

const CLOSED: Override = { inherits: false, entries: [], rules: [] };
const text = (salary: string, more = '') =>
  `# Řád\n\nPracovní doba začíná v šest hodin.${more}\n\n# Mzdy\n\n${salary}\n`;

test('rules of a sidecar hold for everybody, and go with the sidecar', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('mzdy.md', '# Mzdy\n\nZáklad truhláře je tajný.');
  work.files.files.set('mzdy.md.hradlo.yaml', 'rules:\n  - department: pravni');
  await work.take(DAY);
  const lawyer = { ...ANYBODY, attributes: { department: ['pravni'] } };
  assert.deepEqual(await work.search('truhláře', ANYBODY), []);
  assert.equal((await work.search('truhláře', lawyer)).length, 1);
  work.files.files.delete('mzdy.md.hradlo.yaml');
  await work.take(2 * DAY);
  assert.equal((await work.search('truhláře', ANYBODY)).length, 1);
  assert.deepEqual(work.forbidden, []);
});

test('a chunk that was closed stays closed when its text is edited, until it is said anew', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('rad.md', text('Základ truhláře je 480 korun.'));
  await work.take(DAY);
  await close(work, 'truhláře', CLOSED);
  assert.deepEqual(await work.search('truhláře', ANYBODY), []);
  work.files.files.set('rad.md', text('Základ truhláře je 520 korun.'));
  await work.take(2 * DAY);
  assert.deepEqual(
    await work.search('truhláře', ANYBODY),
    [],
    'the edited text is new, and was closed before',
  );
  assert.equal(
    (await work.search('pracovní doba', ANYBODY)).length,
    1,
    'what did not change is read as before',
  );
  await close(work, '520', undefined);
  assert.equal((await work.search('truhláře', ANYBODY)).length, 1, 'until it is said anew');
});

test('an exception that only shares more is not carried over to other text', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('rad.md', text('Základ truhláře je 480 korun.'));
  work.files.files.set('rad.md.hradlo.yaml', 'grants:\n  - group: hr');
  await work.take(DAY);
  await close(work, 'truhláře', {
    inherits: true,
    entries: [{ effect: 'allow', subject: 'everyone', condition: undefined }],
    rules: [],
  });
  assert.equal((await work.search('truhláře', ANYBODY)).length, 1);
  work.files.files.set('rad.md', text('Základ truhláře je 520 korun.'));
  await work.take(2 * DAY);
  assert.deepEqual(await work.search('truhláře', ANYBODY), []);
});

test('between the commit and the index nothing forbidden is shown, and it is known to be no fault', async () => {
  const work = await makeDocumentWork();
  work.files.files.set('rad.md', text('Základ truhláře je 480 korun.'));
  await work.take(DAY);
  let seen: readonly string[] | undefined;
  let wasRecent: boolean | undefined;
  const { index } = work;
  const slow: Work = {
    ...work,
    index: Object.assign(Object.create(index) as typeof index, {
      async apply(operations: Parameters<typeof index.apply>[0]) {
        seen = await work.search('truhláře', ANYBODY);
        const row = work.database.prepare('SELECT id FROM document').get();
        wasRecent = work.moves.isRecent(row?.['id'] as never);
        await index.apply(operations);
      },
    }),
  };
  await close(slow, 'truhláře', CLOSED);
  assert.deepEqual(seen, []);
  assert.equal(wasRecent, true);
  work.clock.now += 60_000;
  const row = work.database.prepare('SELECT id FROM document').get();
  assert.equal(work.moves.isRecent(row?.['id'] as never), false, 'and later an alarm is one again');
});
