import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startTestServer, type TestServer } from '#test/server.ts';
import { SHAPES, tinyGguf } from '#test/tiny-gguf.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
type Json = any; // oxlint-disable-line typescript/no-explicit-any -- whatever the server said
let folder: string;
let server: TestServer;

const start = () => startTestServer({ dataFolder: join(folder, 'data') });
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hradlo-memory-'));
  server = await start();
});
after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function hradlo(...args: string[]): Promise<{ status: number | null; output: string }> {
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

async function say(method: string, path: string, body?: object): Promise<{ status: number; body: Json }> {
  const sent = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${server.url}${path}`, { method, ...(body && sent) });
  return { status: response.status, body: await response.json() };
}

const ask = (model: string, fields: object = {}) =>
  say('POST', '/v1/chat/completions', {
    model,
    max_tokens: 8,
    messages: [{ role: 'user', content: 'Jaká je výpovědní lhůta?' }],
    ...fields,
  });

async function find(name: string): Promise<Json> {
  const { models } = (await say('GET', '/admin/v1/models')).body;
  return models.find((model: Json) => model.name === name);
}

async function whenState(name: string, state: string): Promise<void> {
  for (let tries = 0; (await find(name)).state !== state; tries++) {
    if (tries === 200) assert.fail(`${name} never got ${state}: ${JSON.stringify(await find(name))}`);
    await setTimeout(50);
  }
}

/** Processes of models below the server. */
async function childrenOf(pid: number): Promise<number> {
  const ps = spawn('ps', ['--ppid', String(pid), '-o', 'args=']);
  let output = '';
  ps.stdout.on('data', (part: Buffer) => (output += part.toString()));
  await new Promise((resolve) => ps.once('exit', resolve));
  return output.split('\n').filter((line) => line.includes('model-child')).length;
}

test('a model is unloaded, its work goes to others meanwhile, and it is loaded again from the file that is here', async () => {
  writeFileSync(join(folder, 'small.gguf'), tinyGguf());
  await succeed('model', 'add', './small.gguf');
  await succeed('model', 'add', './small.gguf', '--as', 'other');
  await succeed('model', 'use', 'small');
  await succeed('model', 'alias', 'any', 'small', 'other');
  await succeed('model', 'alias', 'only', 'small');
  rmSync(join(folder, 'small.gguf'));
  await whenState('small', 'ready');
  await whenState('other', 'ready');
  assert.equal(await childrenOf(server.process.pid!), 2);
  const unloaded = await succeed('model', 'unload', 'small');
  assert.match(unloaded, /small is unloaded .*hradlo model load small\nUntil then answers are quoted/s);
  assert.equal(await childrenOf(server.process.pid!), 1);
  const { state, memoryBytes } = await find('small');
  assert.deepEqual([state, memoryBytes], ['unloaded', null]);

  const refused = await ask('small');
  assert.equal(refused.status, 503);
  assert.match(JSON.stringify(refused.body), /\\"small\\" is unloaded/);
  assert.equal((await ask('only')).status, 503);
  assert.equal((await ask('any')).status, 200);
  assert.equal((await ask('hradlo')).body.hradlo.machine_made, false);
  const listed = (await say('GET', '/v1/models')).body.data.map(({ id }: Json) => id);
  assert.deepEqual(
    [listed.includes('small'), listed.includes('any'), listed.includes('only')],
    [false, true, false],
  );
  assert.match(await succeed('model'), /small +unloaded.*Answers are quoted until small is loaded/s);

  assert.match(await succeed('model', 'load', 'small'), /small is loaded/);
  assert.equal((await ask('small')).status, 200);
  assert.equal((await ask('hradlo')).body.hradlo.machine_made, true);
});

test('an unloaded model stays unloaded over a restart, and is loaded when it is chosen', async () => {
  await succeed('model', 'unload', 'small');
  await server[Symbol.asyncDispose]();
  server = await start();
  assert.equal((await find('small')).state, 'unloaded');
  assert.equal((await ask('small')).status, 503);
  await whenState('other', 'ready');
  assert.equal(await childrenOf(server.process.pid!), 1);
  await succeed('model', 'use', 'small');
  await whenState('small', 'ready');
  assert.equal((await ask('hradlo')).body.hradlo.machine_made, true);
});

test('an answer under way is finished first, while new questions are refused', async () => {
  const answer = ask('small', { max_tokens: 300 });
  const whenAsked = async () => (await find('small')).stats?.running ?? 0;
  for (let tries = 0; tries < 40 && (await whenAsked()) === 0; tries++) await setTimeout(25);
  const { status, body } = await say('POST', '/admin/v1/models/small/unload');
  assert.equal(status, 200);
  assert.match(body.state, /^unload/);
  assert.equal((await ask('small')).status, 503);
  assert.equal((await answer).status, 200);
  await whenState('small', 'unloaded');
  assert.equal((await say('POST', '/admin/v1/models/small/load')).status, 200);
  await whenState('small', 'ready');
});

test('an encoder that is unloaded leaves the search to the built-in vectors', async () => {
  writeFileSync(join(folder, 'seeker.gguf'), tinyGguf(SHAPES.encoder));
  await succeed('model', 'add', './seeker.gguf', '--purpose', 'embedding');
  await succeed('model', 'use', 'seeker');
  const vectors = async (wanted: string) => {
    for (let tries = 0; tries < 600; tries++) {
      const { embedding } = (await say('GET', '/admin/v1/models')).body;
      if (embedding.state === wanted) return embedding.inUse;
      await setTimeout(100);
    }
    return assert.fail(`never ${wanted}`);
  };
  assert.equal(await vectors('in-use'), 'seeker');
  await succeed('model', 'unload', 'seeker');
  assert.equal(await vectors('unloaded'), 'hradlo-bilingual');
  const refused = await say('POST', '/v1/embeddings', { model: 'seeker', input: 'dům' });
  assert.equal(refused.status, 503);
  assert.equal((await ask('hradlo')).status, 200);
  await succeed('model', 'load', 'seeker');
  assert.equal(await vectors('in-use'), 'seeker');
});

test('what is not there or is not ours cannot be unloaded, and says why', async () => {
  assert.equal((await say('POST', '/admin/v1/models/nowhere/unload')).status, 404);
  const refused = await hradlo('model', 'unload', 'nowhere');
  assert.deepEqual([refused.status, /No model is called "nowhere"/.test(refused.output)], [3, true]);
  await succeed('engine', 'add', 'far', 'http://127.0.0.1:9', '--model', 'm');
  await succeed('model', 'alias', 'round', 'round');
  assert.equal((await ask('round')).status, 404);
  const far = await hradlo('model', 'unload', 'far');
  assert.match(far.output, /runs at the engine "far"/);
});

test("a client of Ollama's dialect unloads with no time to stay, and loads with no prompt", async () => {
  const unload = await say('POST', '/api/generate', { model: 'other', prompt: '', keep_alive: 0 });
  assert.deepEqual([unload.status, unload.body.done, unload.body.done_reason], [200, true, 'unload']);
  await whenState('other', 'unloaded');
  const inMemory = async () =>
    (await say('GET', '/api/ps')).body.models.flatMap((model: Json) => (model.size > 0 ? [model.name] : []));
  assert.deepEqual((await inMemory()).toSorted(), ['seeker', 'small']);
  const again = await say('POST', '/api/chat', { model: 'other:latest', messages: [], keep_alive: '0s' });
  assert.deepEqual([again.status, again.body.done_reason], [200, 'unload']);
  const load = await say('POST', '/api/generate', { model: 'other' });
  assert.deepEqual([load.status, load.body.done_reason], [200, 'load']);
  await whenState('other', 'ready');
  assert.ok((await inMemory()).includes('other'));
  const asked = await say('POST', '/api/generate', {
    model: 'other',
    prompt: 'Ahoj',
    stream: false,
    keep_alive: 0,
    options: { num_predict: 4 },
  });
  assert.equal(asked.status, 200);
  assert.equal((await find('other')).state, 'ready');
  assert.equal((await say('POST', '/api/generate', { model: 'nowhere', keep_alive: 0 })).status, 404);
});
