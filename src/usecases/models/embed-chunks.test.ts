import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobRun } from '#contracts/index.ts';
import { AppError, makeId, type ChunkRow } from '#core/index.ts';
import { queryBuilder } from '#platform/index.ts';
import { ChunkEmbeddingStore, type RagSchema } from '#rag/index.ts';
import { openTestDatabase, TEST_TENANT } from '#test/database.ts';
import { ConceptEmbedding } from '#test/fakes/concept-embedding.ts';
import { createEmbedChunks, type EmbedChunksDeps } from './embed-chunks.ts';
import { createExpireVectors } from './expire-vectors.ts';

const OTHER_TENANT = makeId('tenant', new Uint8Array(16).fill(9));

function plantDocument(
  database: ReturnType<typeof openTestDatabase>['database'],
  tenantId: string,
  texts: readonly string[],
): void {
  const insert = (table: string, row: Readonly<Record<string, string | number>>) => {
    const names = Object.keys(row);
    const values = names.map(() => '?').join(', ');
    database
      .prepare(`INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${values})`)
      .run(...Object.values(row));
  };
  const idOf = (kind: 'collection' | 'document' | 'version' | 'chunk', number: number) => {
    const bytes = new Uint8Array(16).fill(tenantId === TEST_TENANT ? 1 : 2);
    bytes[15] = number;
    return makeId(kind, bytes);
  };
  const aclSet = tenantId === TEST_TENANT ? 1 : 2;
  insert('tenant', { id: tenantId, name: tenantId, created_at_ms: 0 });
  insert('acl_set', { id: aclSet, tenant_id: tenantId, digest: `${aclSet}`, policy: '{}', created_at_ms: 0 });
  const own = { tenant_id: tenantId, acl_set_id: aclSet };
  const collection_id = idOf('collection', 1);
  const document_id = idOf('document', 1);
  const version_id = idOf('version', 1);
  insert('collection', { id: collection_id, ...own, name: 'c', title: 'c', created_at_ms: 0 });
  insert('document', {
    id: document_id,
    ...own,
    collection_id,
    source_key: 'd',
    title: 'd',
    created_at_ms: 0,
  });
  insert('document_version', {
    id: version_id,
    tenant_id: tenantId,
    document_id,
    ordinal: 1,
    blob_digest: `sha256:${'0'.repeat(64)}`,
    media_type: 'text/plain',
    size_bytes: 1,
    title: 'd',
    language: 'cs',
    canonical_digest: `sha256:${'0'.repeat(64)}`,
    pipeline_digest: `sha256:${'0'.repeat(64)}`,
    valid_from_ms: 0,
    recorded_from_ms: 0,
  });
  const last = Number(database.prepare('SELECT coalesce(max(ordinal), 0) AS n FROM chunk').get()?.['n']);
  for (const [at, text] of texts.entries()) {
    insert('chunk', {
      ...own,
      id: idOf('chunk', last + at + 1),
      version_id,
      document_id,
      collection_id,
      ordinal: last + at + 1,
      kind: 'paragraph',
      heading_path: '[]',
      start_offset: 0,
      end_offset: text.length,
      text,
      token_count: 1,
      language: 'cs',
    });
  }
}

function world() {
  const { database, writer } = openTestDatabase();
  const embeddings = new ChunkEmbeddingStore(queryBuilder<RagSchema>(database));
  const model = new ConceptEmbedding([['dům'], ['pes']]);
  const heard: { prepared: number; swapped: number; paused: number; reloaded: ChunkRow[] } = {
    prepared: 0,
    swapped: 0,
    paused: 0,
    reloaded: [],
  };
  const deps: EmbedChunksDeps = {
    embeddings,
    clock: { nowMs: () => 1_000, monotonicMs: () => 0 },
    wanted: () => model,
    prepare: async () => {
      heard.prepared += 1;
      return {
        swap: async () => {
          heard.swapped += 1;
        },
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    reload: async (_digest, rows) => {
      heard.reloaded.push(...rows);
    },
    pause: async () => {
      heard.paused += 1;
    },
  };
  const audit: string[] = [];
  const progress: string[] = [];
  const run = async (over: Partial<EmbedChunksDeps> = {}, stopping = new AbortController()) => {
    const job: Pick<JobRun['job'], 'payload' | 'progress' | 'tenantId' | 'requestedBy'> = {
      payload: model.digest,
      progress: {},
      tenantId: TEST_TENANT,
      requestedBy: { issuer: 'test', subject: 'a' },
    };
    await createEmbedChunks({ ...deps, ...over }).run({
      job: job as JobRun['job'],
      signal: stopping.signal,
      progress: (_stage, done, total) => void progress.push(`${done}/${total}`),
      write: (unit) => writer.write(unit),
      finish: (unit) => {
        audit.push(...unit.audit.map(({ kind }) => kind));
        return writer.write(unit);
      },
    });
  };
  const count = (table: string) =>
    Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
  const asked = () => model.documents.filter((text) => text.startsWith('d\n'));
  return { database, writer, embeddings, model, heard, audit, progress, run, count, asked };
}

test('every chunk gets its vector, a text that comes twice once, and the search goes over in one unit', async () => {
  const { database, run, count, asked, heard, audit, embeddings, model } = world();
  plantDocument(database, TEST_TENANT, ['dům', 'pes', 'dům']);
  await run();
  assert.deepEqual(asked(), ['d\ndům', 'd\npes']);
  assert.deepEqual([count('text_embedding'), count('chunk_embedding')], [2, 3]);
  assert.deepEqual([heard.swapped, audit], [1, ['search.embedding_changed']]);
  assert.equal((await embeddings.findGeneration(model.digest))?.completedAtMs, 1_000);
});

test('tenants share no vector: what one has says nothing of what another has', async () => {
  const { database, run, count, asked } = world();
  plantDocument(database, TEST_TENANT, ['dům']);
  plantDocument(database, OTHER_TENANT, ['dům']);
  await run();
  assert.deepEqual([asked().length, count('text_embedding')], [2, 2]);
});

test('a run that was cut short is gone on with', async () => {
  const { database, run, count, asked, heard, progress } = world();
  plantDocument(
    database,
    TEST_TENANT,
    Array.from({ length: 40 }, (_, number) => `dům ${number}`),
  );
  const stopping = new AbortController();
  const stop = async (_: unknown, rows: readonly ChunkRow[]) => {
    if (rows.length > 0) stopping.abort(new AppError('conflict.state', 'stopped'));
  };
  await assert.rejects(run({ reload: stop }, stopping), { code: 'conflict.state' });
  assert.deepEqual([count('chunk_embedding'), heard.swapped], [16, 0]);
  progress.length = 0;
  await run();
  assert.deepEqual([count('chunk_embedding'), asked().length, heard.swapped], [40, 40, 1]);
  assert.deepEqual([progress[0], progress.at(-1)], ['16/40', '40/40']);
});

test('a model that is starting again is waited for; one that gives no numbers is refused', async () => {
  const { database, run, model, heard } = world();
  plantDocument(database, TEST_TENANT, ['dům']);
  model.failure = new AppError('engine.unavailable', 'Loading.');
  const pause = async () => {
    heard.paused += 1;
    if (heard.paused === 2) model.failure = undefined;
  };
  await run({ pause });
  assert.deepEqual([heard.paused, heard.swapped], [2, 1]);
  const broken = Object.assign(new ConceptEmbedding([['x']], { mark: 'd' }), {
    embed: async (texts: readonly string[]) => texts.map(() => Float32Array.of(Number.NaN)),
  });
  plantDocument(database, TEST_TENANT, ['pes']);
  await assert.rejects(run({ wanted: () => Object.assign(broken, { digest: model.digest }) }), {
    code: 'input.invalid',
  });
});

test('a job for a model that is wanted no more does nothing', async () => {
  const { database, run, count } = world();
  plantDocument(database, TEST_TENANT, ['dům']);
  await run({ wanted: () => undefined });
  assert.equal(count('embedding_generation'), 0);
});

test('a chunk that was erased while it was embedded leaves no vector behind', async () => {
  const { database, run, count, model } = world();
  plantDocument(database, TEST_TENANT, ['dům', 'pes']);
  const embed = model.embed.bind(model);
  model.embed = async (...input) => {
    if (input[0].includes('d\npes')) database.exec("DELETE FROM chunk WHERE text = 'pes'");
    return embed(...input);
  };
  await run();
  assert.deepEqual([count('text_embedding'), count('chunk_embedding')], [1, 1]);
});

test('a text that another chunk says too keeps its vector when one of them goes', async () => {
  const { database, run, count } = world();
  plantDocument(database, TEST_TENANT, ['dům', 'dům']);
  await run();
  database.exec('DELETE FROM chunk WHERE ordinal = 1');
  assert.deepEqual([count('text_embedding'), count('chunk_embedding')], [1, 1]);
  database.exec('DELETE FROM chunk WHERE ordinal = 2');
  assert.deepEqual([count('text_embedding'), count('chunk_embedding')], [0, 0]);
});

test('vectors of a model that was taken away are deleted, others stay', async () => {
  const { database, writer, run, count, embeddings, model } = world();
  plantDocument(database, TEST_TENANT, ['dům', 'pes']);
  await run();
  const expire = async (knownModels: Parameters<typeof createExpireVectors>[0]['knownModels']) => {
    const job = { signal: new AbortController().signal, write: writer.write.bind(writer) };
    await createExpireVectors({ embeddings, knownModels }).run(job as unknown as JobRun);
  };
  await expire(() => new Set([model.digest]));
  await expire(() => undefined);
  assert.equal(count('text_embedding'), 2);
  await expire(() => new Set());
  assert.deepEqual(
    [count('text_embedding'), count('chunk_embedding'), count('embedding_generation')],
    [0, 0, 0],
  );
});
