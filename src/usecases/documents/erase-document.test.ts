import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import {
  AnswerStore,
  ContentStore,
  ContentVault,
  ConversationBook,
  ConversationStore,
  NoteStore,
  type ContentSchema,
  type ConversationSchema,
} from '#conversation/index.ts';
import { type AnswerId, type DocumentId } from '#core/index.ts';
import { digestOf, KeyRing, queryBuilder } from '#platform/index.ts';
import { DocumentErasureStore, type RagSchema } from '#rag/index.ts';
import { makeDocumentWork, personOf } from '#test/document-work.ts';
import { scratchFolder } from '#test/scratch.ts';
import { encodeQuestion } from '../prompt-record.ts';
import { eraseDocument, type EraseDocumentDeps } from './erase-document.ts';

const ANYBODY = personOf();

type Work = Awaited<ReturnType<typeof makeDocumentWork>>;

/** Tables in one of whose cells a text stands. */
function tablesWith(database: Work['database'], text: string): string[] {
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  return tables
    .map(({ name }) => String(name))
    .filter((name) =>
      database
        .prepare(`SELECT * FROM "${name}"`)
        .all()
        .some((row) =>
          Object.values(row).some((cell) =>
            (cell instanceof Uint8Array ? Buffer.from(cell) : Buffer.from(String(cell))).includes(text),
          ),
        ),
    );
}

async function makeErasing(context: TestContext) {
  const folder = scratchFolder('erase-document');
  context.after(() => folder[Symbol.dispose]());
  const work = await makeDocumentWork();
  const { database, writer, clock } = work;
  const conversation = queryBuilder<ContentSchema & ConversationSchema>(database);
  const vault = new ContentVault({
    store: new ContentStore(conversation),
    keys: new KeyRing(folder.path, randomBytes(32)),
    writer,
    clock,
    newId: work.newId,
    keepMs: 1e9,
  });
  const noted: DocumentId[] = [];
  const deps: EraseDocumentDeps = {
    ...work,
    documentErasures: new DocumentErasureStore(queryBuilder<RagSchema>(database)),
    vault,
    book: new ConversationBook({ store: new ConversationStore(conversation), vault, writer, clock }),
    notes: new NoteStore(conversation),
    noteErased: async (id) => void noted.push(id),
    async deleteFiles(files) {
      for (const { digest } of files) await work.blobs.delete(digest);
      return { gone: files.map(({ digest }) => digest), stay: 0 };
    },
    purge: async () => undefined,
    renewBackup: async () => 'none',
  };
  const idAt = (key: string) =>
    String(database.prepare('SELECT id FROM document WHERE source_key = ?').get(key)?.['id']) as DocumentId;
  const erase = (documentId: DocumentId) =>
    eraseDocument(deps, { principal: ANYBODY, documentId, reference: 'R-1' });
  return { ...work, deps, vault, noted, idAt, erase, answers: new AnswerStore(conversation) };
}

test('a document whose file still lies in its folder is not erased', async (context) => {
  const work = await makeErasing(context);
  work.files.files.set('cenik.md', '# Ceník\n\nSazba truhláře je 500 Kč.');
  await work.take(10);
  await assert.rejects(work.erase(work.idAt('cenik.md')), { code: 'conflict.state' });
  assert.equal((await work.search('sazba truhláře', ANYBODY)).length, 1);
});

test('an erased document answers nothing, not even about the past, and stands in no table', async (context) => {
  const work = await makeErasing(context);
  work.files.files.set('cenik.md', '# Lipovanka\n\nSazba truhláře je 500 Kč.');
  work.files.files.set('jiny.md', '# Jiný\n\nSazba tesaře je 400 Kč.');
  await work.take(10);
  work.files.files.set('cenik.md', '# Lipovanka\n\nSazba truhláře je 600 Kč.');
  await work.take(20);
  const id = work.idAt('cenik.md');
  work.files.files.delete('cenik.md');
  await work.take(30);
  assert.match((await work.search('truhláře', ANYBODY, { valid: 15, known: 15 })).join(), /500/);
  assert.deepEqual((await work.erase(id)).documents, 1);
  assert.doesNotMatch((await work.search('truhláře', ANYBODY, { valid: 15, known: 15 })).join(), /500/);
  for (const text of ['Lipovanka', 'truhláře', 'cenik.md'])
    assert.deepEqual(tablesWith(work.database, text), [], text);
  assert.match((await work.search('tesaře', ANYBODY)).join(), /400/);
  assert.deepEqual(work.noted, [id]);
  const event = work.database.prepare("SELECT event FROM audit_event WHERE kind = 'document.erased'").get();
  assert.match(String(event?.['event']), new RegExp(id));
});

test('what comes in at the place of an erased document is another document', async (context) => {
  const work = await makeErasing(context);
  work.files.files.set('cenik.md', '# Ceník\n\nSazba truhláře je 500 Kč.');
  await work.take(10);
  const id = work.idAt('cenik.md');
  work.files.files.delete('cenik.md');
  await work.take(20);
  await work.erase(id);
  work.files.files.set('cenik.md', '# Ceník\n\nSazba truhláře je 700 Kč.');
  await work.take(30);
  assert.notEqual(work.idAt('cenik.md'), id);
  assert.match((await work.search('sazba truhláře', ANYBODY)).join(), /700/);
  await assert.rejects(work.erase(id), { code: 'document.not_found' });
});

test('what came in inside a file goes with it, and not alone', async (context) => {
  const work = await makeErasing(context);
  work.files.files.set('dopis.md', 'Dopis s přílohou.\n\ninner priloha.md: Příloha o truhlářích.\n');
  await work.take(10);
  const [outer, inner] = [work.idAt('dopis.md'), work.idAt('dopis.md!/priloha.md')];
  await assert.rejects(work.erase(inner), { code: 'conflict.state' });
  work.files.files.delete('dopis.md');
  await work.take(20);
  await assert.rejects(work.erase(inner), { code: 'conflict.state' });
  assert.equal((await work.erase(outer)).documents, 2);
  assert.deepEqual(tablesWith(work.database, 'truhlářích'), []);
});

test('kept answers that quoted it are emptied, with the questions that carry them along', async (context) => {
  const work = await makeErasing(context);
  work.files.files.set('cenik.md', '# Ceník\n\nSazba truhláře je 500 Kč za hodinu práce.');
  await work.take(10);
  const documentId = work.idAt('cenik.md');
  const quote = '„Sazba truhláře je 500 Kč za hodinu práce.“ [1]';
  const record = async (messages: { role: 'user' | 'assistant'; content: string }[], cites: boolean) => {
    const id: AnswerId = work.newId('answer');
    const question = encodeQuestion({ messages, sampling: {} });
    work.database.exec('PRAGMA foreign_keys = OFF');
    await work.writer.write({
      statements: [
        work.answers.beginAnswer({
          id,
          principal: ANYBODY,
          conversationId: undefined,
          dialect: 'openai',
          model: 'hradlo',
          mode: 'quoted',
          releaseDigest: digestOf('release'),
          questionCommitment: '',
          accessFingerprint: '',
          aclSets: [],
          validAtMs: 0,
          recordedAtMs: 0,
          createdAtMs: work.clock.now,
        }),
        await work.vault.keep(ANYBODY, id, { kind: 'question', text: question }),
        await work.vault.keep(ANYBODY, id, { kind: 'answer', text: cites ? quote : 'Nic takového.' }),
        {
          sql: `INSERT INTO answer_evidence VALUES (?, 0, 1, 'c', 'v', ?, 1, 1, ?)`,
          parameters: [id, documentId, cites ? 1 : 0],
        },
      ],
      audit: [],
    });
    return id;
  };
  const quoting = await record([{ role: 'user', content: 'Kolik?' }], true);
  const following = await record(
    [
      { role: 'user', content: 'Kolik?' },
      { role: 'assistant', content: quote },
      { role: 'user', content: 'A tesař?' },
    ],
    false,
  );
  work.files.files.delete('cenik.md');
  await work.take(20);
  assert.equal((await work.erase(documentId)).texts, 2);
  const stateOf = async (id: AnswerId, kind: 'question' | 'answer') =>
    (await work.vault.read(ANYBODY, id, { kind, createdAtMs: 0 })).state;
  assert.equal(await stateOf(quoting, 'answer'), 'erased');
  assert.equal(await stateOf(quoting, 'question'), 'kept');
  assert.equal(await stateOf(following, 'question'), 'erased');
  assert.equal(await stateOf(following, 'answer'), 'kept');
});
