import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { EmbeddingModel } from '#contracts/index.ts';
import { AppError, mintAccessFilter, type AccessFilter, type Evidence } from '#core/index.ts';
import { JobRunner, openForReading } from '#platform/index.ts';
import { ConceptEmbedding } from '#test/fakes/concept-embedding.ts';
import { Plant } from '#test/plant.ts';
import { createTracedRetrieve, type RetrievalTrace } from '#rag/index.ts';
import { composeParts, FIRST_TENANT, type Parts } from '../../src/main/compose.ts';
import { ConfigSchema } from '../../src/main/config-schema.ts';
import { EncodedSearch } from '../../src/main/encoded-search.ts';

const CONCEPTS = [
  ['dovolen', 'odpočí'],
  ['výpověď', 'skončit'],
  ['mzda', 'peníze'],
  ['tajné', 'odpočí'],
];
const REST = 'Nárok na dovolenou činí pět týdnů v kalendářním roce.';
const SECRET = 'Tajné: vedení jezdí k moři.';
const TEXTS = [
  'Výpověď musí být písemná.',
  'Mzda se vyplácí desátý den v měsíci.',
  REST,
  'Jak dlouho smím parkovat, říká cedule u vrátnice.',
];
/** No word, stem or beginning in common with the sentence that answers. */
const QUESTION = 'Jak dlouho mohu odpočívat?';

interface World {
  readonly parts: Parts;
  readonly search: EncodedSearch;
  readonly swaps: () => number;
  readonly documents: readonly { readonly id: Evidence['documentId'] }[];
  choose(model: EmbeddingModel | undefined): Promise<void>;
  /** Resolves when jobs of vectors have ended, so many in all. */
  ended(count: number): Promise<void>;
  /** Resolves when the vectors of a model are searched. */
  inUse(name: string): Promise<void>;
  ask(): Promise<{ readonly evidence: readonly Evidence[]; readonly trace: RetrievalTrace }>;
}

/** Lives of the product, one after the other over the same planted documents, with models that are handed in. */
async function withWorld(...lives: ((world: World) => Promise<void>)[]): Promise<void> {
  const plant = new Plant();
  const collectionId = plant.collection(plant.tenantId, 'rady', [
    { effect: 'allow', subject: 'everyone', condition: undefined },
  ]);
  const where = { tenantId: plant.tenantId, collectionId };
  const documents = TEXTS.map((text, at) => plant.document(where, `dokument ${at}`, [text]));
  const closed = plant.collection(plant.tenantId, 'vedeni', []);
  plant.document({ tenantId: plant.tenantId, collectionId: closed }, 'porada', [SECRET]);
  const folder = plant.close();
  try {
    for (const life of lives) await live(folder, documents, life);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function live(
  folder: string,
  documents: World['documents'],
  work: (world: World) => Promise<void>,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const config = ConfigSchema.parse({ log: { level: 'silent' }, data: { folder } });
  const parts = await composeParts(config, stack);
  await parts.indexReady;
  let chosen: EmbeddingModel | undefined;
  let swaps = 0;
  const library = {
    chosen: () => chosen?.name,
    unloadedBehind: () => undefined,
    searchModel: (name?: string) => (name === undefined || name === chosen?.name ? chosen : undefined),
  };
  const search = stack.use(
    new EncodedSearch(parts, library, async () => {
      swaps += 1;
    }),
  );
  const deps = { ...parts, store: parts.jobStore, random: () => 0, newLease: () => crypto.randomUUID() };
  const runner = stack.use(new JobRunner(deps, [search.handler]));
  parts.jobs.listen(() => runner.wake());
  await runner.start();
  const access = await accessOf(parts);
  await work({
    parts,
    search,
    swaps: () => swaps,
    documents,
    async choose(model) {
      chosen = model;
      await search.refresh();
    },
    ended: (count) => until(async () => (await listEnded(parts)) >= count),
    inUse: (name) => until(async () => parts.index.embedding.name === name),
    ask: () => ask(parts, access),
  });
}

/** What everybody may read. */
async function accessOf(parts: Parts): Promise<AccessFilter> {
  const access = await parts.accessFilters.filterFor({ ...parts.system, roles: ['user'], issuer: 'test' });
  assert.equal(access.aclSets.size, 1);
  return mintAccessFilter(access);
}

async function listEnded(parts: Parts): Promise<number> {
  const jobs = await parts.jobs.list(FIRST_TENANT, { kind: 'chunks.embed' });
  return jobs.filter(({ state }) => state === 'done' || state === 'poisoned').length;
}

/** Looks again after every turn of the loop: what is waited for happens in threads. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(5);
}

function ask(parts: Parts, access: AccessFilter) {
  const retrieve = createTracedRetrieve({
    index: parts.index,
    readerFor: (text) => parts.index.readerFor(text),
    listEvidence: (hits, filter) => parts.chunks.listEvidence(hits, filter),
  });
  const nowMs = parts.clock.nowMs();
  return retrieve({
    messages: [{ role: 'user', content: QUESTION }],
    access,
    validAtMs: nowMs,
    recordedAtMs: nowMs,
  });
}

test('searching by a chosen model', async (t) => {
  const model = new ConceptEmbedding(CONCEPTS);
  let embedded = 0;
  await withWorld(
    async (world) => {
      const { choose, ended, inUse, ask: look, search, parts } = world;
      const before = await look();
      assert.notEqual(before.evidence[0]?.text, REST);
      assert.equal(before.trace.embedding?.name, 'hradlo-bilingual');

      await t.test('a model that gives nothing says why, and the vectors from before serve', async () => {
        const broken = new ConceptEmbedding(CONCEPTS, { name: 'broken', mark: 'b' });
        broken.failure = new AppError('input.invalid', 'It gives nothing.');
        await choose(broken);
        await ended(1);
        const { state, reason } = await search.status();
        assert.deepEqual([state, reason], ['failed', 'It gives nothing.']);
        assert.equal((await look()).trace.embedding?.name, 'hradlo-bilingual');
      });

      await t.test('a sentence without a word of the question is found first', async () => {
        await choose(model);
        await inUse('concepts');
        const { evidence, trace } = await look();
        assert.equal(evidence[0]?.text, REST);
        assert.equal(trace.embedding?.digest, model.digest);
        const { signals } = trace.pieces[0]!;
        assert.equal(signals['lexical'], 0);
        assert.ok(signals['vector']! > 0.6);
        assert.equal((await search.status()).state, 'in-use');
      });

      await t.test('what nobody may read is embedded, and found by nobody', async () => {
        assert.ok(model.documents.some((text) => text.includes(SECRET)));
        const { trace } = await look();
        assert.ok(trace.pieces.every(({ evidence }) => evidence.text !== SECRET));
      });

      await t.test('what judges evidence sees the scores that it was fitted on', async () => {
        const { evidence, trace } = await look();
        const { signals } = trace.pieces[0]!;
        assert.ok(Math.abs(signals['vectorWeight']! - 0.5) < 1e-9);
        const judged = signals['lexical']! + 0.15 * signals['vector']! + 0.2 * signals['spelling']!;
        assert.ok(Math.abs(evidence[0]!.score - judged) < 1e-6);
      });

      await t.test('a model that cannot be asked gives way, and the trace says so', async () => {
        model.failure = new AppError('engine.crashed', 'It crashed.');
        const { evidence, trace } = await look();
        model.failure = undefined;
        assert.ok(evidence.length > 0);
        assert.deepEqual(
          [trace.embedding?.name, trace.embedding?.insteadOf],
          ['hradlo-bilingual', 'concepts'],
        );
      });

      await t.test('an erased chunk takes its vector along', () => erase(world));
      embedded = model.documents.length;
      assert.equal(parts.index.embedding.name, 'concepts');
    },
    async ({ choose, inUse, search, parts, swaps }) => {
      await t.test('after a restart nothing is embedded again', async () => {
        await choose(model);
        await inUse('concepts');
        assert.equal(model.documents.length, embedded);
      });

      await t.test('without a choice the built-in vectors serve, and no second index is left', async () => {
        await choose(undefined);
        assert.deepEqual([swaps(), (await search.status()).state], [2, 'built-in']);
        assert.equal(parts.index.embedding.name, 'hradlo-bilingual');
        assert.deepEqual(readdirSync(parts.installation.encodedSegmentsFolder), []);
      });
    },
  );
});

async function erase({ parts, documents, ask: look }: World): Promise<void> {
  const { id } = documents[2]!;
  const reader = openForReading(parts.installation.databasePath);
  const count = () => Number(reader.prepare('SELECT count(*) AS n FROM text_embedding').get()?.['n']);
  assert.equal(count(), TEXTS.length + 1);
  const rows = await parts.documentErasures.listRows(id);
  const statement = { sql: 'DELETE FROM chunk WHERE document_id = ?', parameters: [id] };
  await parts.writer.write({ statements: [statement], audit: [] });
  await parts.index.purge(rows);
  assert.equal(count(), TEXTS.length);
  assert.ok((await look()).evidence.every(({ text }) => text !== REST));
  reader.close();
}
