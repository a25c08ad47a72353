import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { addPerson, setUpAdministrator, startTestServer } from '../support/running-server.ts';
import type { Visitor } from '../support/visitor.ts';
import { scratchFolder } from '../support/scratch.ts';

const QUESTION = 'Jaká je výpovědní doba?';

type Found = { evidence: { chunkId: string; score: number; documentId: string }[]; trace?: Trace };
interface Trace {
  readonly question: { readonly stems: string[] };
  readonly pieces: readonly {
    readonly chunkId: string;
    readonly outcome: string;
    readonly rank: number;
    readonly score: number;
    readonly tokens: number;
    readonly signals: Readonly<Record<string, number>>;
  }[];
}

async function retrieve(visitor: Visitor, body: object = {}): Promise<Found> {
  const found = await visitor.expect(200, 'POST', '/hradlo/v1/retrieve', { question: QUESTION, ...body });
  return found as unknown as Found;
}

async function takeIn(administrator: Visitor, folder: string): Promise<void> {
  const source = await administrator.expect(202, 'POST', '/hradlo/v1/sources', {
    collection: 'nove',
    folder,
  });
  for (let tries = 0; tries < 600; tries++) {
    const state = await administrator.expect(200, 'GET', `/hradlo/v1/sources/${String(source['id'])}`);
    if ((state['files'] as Record<string, number>)['indexed'] === 1) return;
    await setTimeout(100);
  }
  assert.fail('the document did not come in');
}

await test('snapshots and traces over HTTP', async (t) => {
  using scratch = scratchFolder('snapshot');
  const folder = scratch.path;
  await using running = await startTestServer({ samples: { load: true } });
  const administrator = await setUpAdministrator(running);
  for (let tries = 0; tries < 600 && (await retrieve(administrator)).evidence.length < 5; tries++)
    await setTimeout(100);

  await t.test('a trace says of every candidate what became of it, and only of readable ones', async () => {
    const { evidence, trace } = await retrieve(administrator, { trace: true });
    assert.ok(trace);
    const given = trace.pieces.filter(({ outcome }) => outcome === 'given');
    assert.deepEqual(
      given.map(({ chunkId }) => chunkId),
      evidence.map(({ chunkId }) => chunkId),
    );
    assert.ok(trace.pieces.length > evidence.length);
    assert.ok(trace.question.stems.length > 0);
    for (const { signals, score, tokens } of trace.pieces) {
      const { lexical = 0, vector = 0, spelling = 0, vectorWeight = 0, spellingWeight = 0 } = signals;
      assert.ok(Math.abs(lexical + vectorWeight * vector + spellingWeight * spelling - score) < 1e-12);
      assert.ok(tokens > 0);
    }
    const { visitor } = await addPerson(administrator, running.url, { name: 'host', roles: ['user'] });
    const own = await retrieve(visitor, { trace: true });
    const readable = new Set((await retrieve(visitor, { limit: 10 })).evidence.map(({ chunkId }) => chunkId));
    assert.ok(own.evidence.every(({ chunkId }) => readable.has(chunkId)));
  });

  await t.test('a filter on metadata acts before scoring, and the trace names what it kept out', async () => {
    const { evidence, trace } = await retrieve(administrator, {
      trace: true,
      scope: { filters: { nonexistent: { from: 2020, to: 2024 } } },
    });
    assert.deepEqual(evidence, []);
    assert.ok(trace?.pieces.some(({ outcome }) => outcome === 'filtered-by-metadata'));
  });

  await t.test('age takes from a score only where it is asked for', async () => {
    const [plain, aged] = [
      await retrieve(administrator),
      await retrieve(administrator, { scope: { half_life_days: 30 } }),
    ];
    assert.ok(aged.evidence[0]!.score < plain.evidence[0]!.score);
  });

  await t.test('a snapshot answers the same to the last bit when documents came in since', async () => {
    const taken = await administrator.expect(201, 'POST', '/admin/v1/snapshots', { label: 'před změnou' });
    const snapshot = taken['id'];
    const before = await retrieve(administrator, { snapshot });
    writeFileSync(join(folder, 'a.md'), `# Výpovědní doba\n\nVýpovědní doba je nově tři měsíce.\n`);
    await takeIn(administrator, folder);
    assert.deepEqual(await retrieve(administrator, { snapshot }), before);
    assert.notDeepEqual(await retrieve(administrator), before);
    const { snapshots } = await administrator.expect(200, 'GET', '/admin/v1/snapshots');
    assert.equal((snapshots as { label: string }[])[0]?.label, 'před změnou');
    const unknown = { question: QUESTION, snapshot: '0'.repeat(32) };
    await administrator.expect(404, 'POST', '/hradlo/v1/retrieve', unknown);
  });
});
