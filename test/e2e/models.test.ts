import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startFakeHub } from '#test/fake-hub.ts';
import { MISBEHAVIOURS, startFaultEngine } from '#test/fault-engine.ts';
import { startTestServer, type TestServer } from '#test/server.ts';
import { SHAPES, tinyGguf } from '#test/tiny-gguf.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
type Json = any; // oxlint-disable-line typescript/no-explicit-any -- whatever the server said
const MODEL = tinyGguf();
let folder: string;
let server: TestServer;
let hub: Awaited<ReturnType<typeof startFakeHub>>;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hradlo-models-'));
  hub = await startFakeHub(MODEL);
  server = await startTestServer({ dataFolder: join(folder, 'data'), args: ['--hub.url', hub.url] });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function hradlo(...args: string[]): Promise<{ status: number | null; output: string }> {
  // Not spawnSync: the fake hub lives in this process and must go on answering.
  const child = spawn(join(root, 'hradlo'), [...args, '--data', server.dataFolder], { cwd: folder });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { status, output };
}

async function succeed(...args: string[]): Promise<string> {
  const { status, output } = await hradlo(...args);
  assert.equal(status, 0, output);
  return output;
}

async function ask(model: string) {
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      max_tokens: 8,
      messages: [{ role: 'user', content: 'Jaká je výpovědní lhůta?' }],
    }),
  });
  return {
    status: response.status,
    ranOn: response.headers.get('x-hradlo-ran-on'),
    body: (await response.json()) as { id: string; hradlo?: { machine_made: boolean; ran_on: string } },
  };
}

test('a file is added, answers by its name, writes the answers, and is forgotten', async () => {
  writeFileSync(join(folder, 'Small.GGUF'), MODEL);
  const added = await hradlo('model', 'add', './Small.GGUF');
  assert.deepEqual([added.status, /small is here/.test(added.output)], [0, true], added.output);
  assert.equal((await ask('small')).status, 200);
  assert.equal((await ask('hradlo')).body.hradlo?.machine_made, false);
  await succeed('model', 'use', 'small');
  assert.equal((await ask('hradlo')).body.hradlo?.machine_made, true);
  assert.match((await hradlo('model')).output, /\* small .*\nAnswers are written by small/s);
  await succeed('model', 'use', 'none');
  assert.equal((await ask('hradlo')).body.hradlo?.machine_made, false);
  await succeed('model', 'remove', 'small');
  assert.equal((await ask('small')).status, 404);
});

test('a file is pulled from the hub by its digest, with its licence', async () => {
  const pulled = await hradlo('model', 'pull', 'hf:test/model/tiny.gguf', '--as', 'pulled');
  assert.equal(pulled.status, 0, pulled.output);
  assert.equal((await ask('pulled')).status, 200);
});

test('a model for this machine is offered, and the hub is asked only when somebody asks', async () => {
  const before = hub.requests();
  const { offer } = (await (await fetch(`${server.url}/admin/v1/model-offer`)).json()) as Json;
  assert.equal(hub.requests(), before);
  assert.match(offer.source, /^hf:/);
  const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  const look = (await (await fetch(`${server.url}/admin/v1/model-offer/look`, sent)).json()) as Json;
  assert.ok(hub.requests() > before);
  assert.deepEqual([look.reachable, look.sizeBytes, look.reason], [true, MODEL.length, null]);
  assert.ok(look.seconds >= 1);
});

test('encoders make vectors and judge relevance, and are chosen by their names', async () => {
  writeFileSync(join(folder, 'vectors.gguf'), tinyGguf(SHAPES.encoder));
  writeFileSync(join(folder, 'judge.gguf'), tinyGguf(SHAPES.ranker));
  await succeed('model', 'add', './vectors.gguf', '--purpose', 'embedding');
  await succeed('model', 'add', './judge.gguf', '--purpose', 'reranking');
  assert.match(await succeed('model', 'use', 'vectors'), /Vectors are made by vectors/);
  assert.match(await succeed('model', 'use', 'judge'), /judged by judge/);
  const listed = (await succeed('model')).split('\n').filter((line) => line.startsWith('*'));
  assert.equal(listed.length, 2);
  const post = async (path: string, body: object) => {
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const two = await post('/v1/embeddings', { model: 'vectors', input: ['dům', 'a longer text'] });
  assert.equal(two.status, 200);
  for (const { embedding } of two.body.data) assert.ok(Math.abs(Math.hypot(...embedding) - 1) < 1e-5);
  assert.ok(two.body.usage.prompt_tokens > 10);
  const packed = await post('/v1/embeddings', { model: 'vectors', input: 'dům', encoding_format: 'base64' });
  const floats = new Float32Array(
    new Uint8Array(Buffer.from(packed.body.data[0].embedding, 'base64')).buffer,
  );
  assert.ok(Math.abs(floats[0]! - two.body.data[0].embedding[0]) < 1e-4);
  const ranked = await post('/v1/rerank', {
    model: 'judge',
    query: 'dům',
    documents: ['dům', 'kůň', 'x'],
    top_n: 2,
  });
  assert.equal(ranked.body.results.length, 2);
  assert.ok(ranked.body.results[0].relevance_score >= ranked.body.results[1].relevance_score);
  assert.equal((await post('/v1/embeddings', { model: 'judge', input: 'x' })).status, 404);
  assert.equal((await post('/v1/embeddings', { model: 'vectors', input: '' })).status, 400);
  assert.equal((await ask('vectors')).status, 404);
  await succeed('model', 'use', 'none', '--purpose', 'reranking');
  await succeed('model', 'remove', 'vectors');
});

test('the chosen encoder takes the search over when every passage has its vector, and gives it back', async () => {
  writeFileSync(join(folder, 'seeker.gguf'), tinyGguf(SHAPES.encoder));
  const digest = `sha256:${createHash('sha256').update(tinyGguf(SHAPES.encoder)).digest('hex')}`;
  const json = async (method: string, path: string, body?: object): Promise<Json> => {
    const sent = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${server.url}${path}`, { method, ...(body && sent) });
    return response.json();
  };
  const trace = async () =>
    (await json('POST', '/hradlo/v1/retrieve', { question: 'Jaká je výpovědní doba?', trace: true })).trace;
  const whenState = async (wanted: string) => {
    for (let tries = 0; tries < 600; tries++) {
      const { embedding } = await json('GET', '/admin/v1/models');
      if (embedding.state === wanted) return embedding;
      await setTimeout(100);
    }
    return assert.fail(`never ${wanted}`);
  };
  assert.equal((await trace()).embedding.name, 'hradlo-bilingual');
  await succeed('model', 'add', './seeker.gguf', '--purpose', 'embedding');
  await succeed('model', 'use', 'seeker');
  assert.equal((await whenState('in-use')).inUse, 'seeker');
  const { embedding, pieces } = await trace();
  assert.deepEqual([embedding.name, embedding.digest, embedding.insteadOf], ['seeker', digest, null]);
  assert.ok(pieces.some(({ signals }: Json) => signals.vectorRank >= 1 && signals.vectorWeight === 0.5));
  assert.match(await succeed('model'), /Searched by the vectors of seeker/);
  assert.equal((await ask('hradlo')).status, 200);
  const database = new DatabaseSync(join(server.dataFolder, 'hradlo.db'), { readOnly: true });
  const releases = database.prepare('SELECT manifest FROM release WHERE manifest LIKE ?');
  assert.ok(releases.all(`%"embeddingModel":"${digest}"%`).length > 0);
  database.close();
  await succeed('model', 'use', 'none', '--purpose', 'embedding');
  assert.equal((await whenState('built-in')).inUse, 'hradlo-bilingual');
  assert.equal((await trace()).embedding.name, 'hradlo-bilingual');
  await succeed('model', 'remove', 'seeker');
});

test('a file that is no model is refused with its reason and gets no name', async () => {
  writeFileSync(join(folder, 'bad.gguf'), 'this is not a model');
  const refused = await hradlo('model', 'add', join(folder, 'bad.gguf'));
  assert.equal(refused.status, 3);
  assert.match(refused.output, /GGUF|header|magic|model/i);
  assert.equal((await ask('bad')).status, 404);
  assert.equal((await hradlo('model', 'add', './nowhere.gguf')).status, 3);
});

test('an engine behind us answers under a name, and an alias falls back when it is away', async () => {
  await using engine = await startFaultEngine(MISBEHAVIOURS[0]!);
  await using broken = await startFaultEngine(MISBEHAVIOURS.find(({ name }) => name === 'status 500')!);
  await succeed('engine', 'add', 'near', engine.url, '--model', 'm');
  await succeed('engine', 'add', 'far', broken.url, '--model', 'm');
  const direct = await ask('near');
  assert.equal(direct.status, 200);
  assert.match(JSON.stringify(direct.body), /Dva měsíce\./);
  assert.equal((await ask('far')).status, 503);
  await succeed('model', 'alias', 'any', 'far', 'near');
  const fallen = await ask('any');
  assert.deepEqual([fallen.status, /Dva měsíce\./.test(JSON.stringify(fallen.body))], [200, true]);
  assert.deepEqual([fallen.ranOn, fallen.body.hradlo?.ran_on], ['near', 'near']);
  const shown = JSON.parse(await succeed('answer', 'show', fallen.body.id, '--json')) as { ranOn: string };
  assert.equal(shown.ranOn, 'near');
  await succeed('engine', 'remove', 'near');
  assert.equal((await ask('near')).status, 404);
});
