import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { CHATML_TEMPLATE } from '#engine/llama/model-maker.ts';
import { findLibraries } from '#engine/llama/library-files.ts';
import { startTestServer, type TestServer } from '#test/server.ts';
import { SHAPES, tinyGguf } from '#test/tiny-gguf.ts';
import { scratchFolder } from '#test/scratch.ts';

const hasLibrary = findLibraries(process.platform, process.arch) !== undefined;
const skip = hasLibrary ? false : 'no engine library for this machine';

/** One server for all of it: what is tested is the way of an answer, and random weights need no documents. */
async function startWithModel(folder: string): Promise<TestServer> {
  const path = join(folder, 'tiny.gguf');
  writeFileSync(path, tinyGguf(SHAPES.tiny, { chatTemplate: CHATML_TEMPLATE }));
  const config = join(folder, 'config.yaml');
  const models = `    - { name: tiny, path: ${path}, aliases: [small] }\n    - { name: broken, path: ${config} }\n`;
  writeFileSync(config, `engine:\n  threads: 1\n  answerModel: tiny\n  models:\n${models}`);
  return startTestServer({ args: ['--config', config, '--samples.load', 'false'] });
}

async function chat(
  server: TestServer,
  model: string,
  content: string,
  fields: object = {},
): Promise<Response> {
  return fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content }],
      max_tokens: 12,
      temperature: 0,
      ...fields,
    }),
  });
}

interface Completion {
  readonly id: string;
  readonly choices: readonly {
    readonly index: number;
    /** Of each, where there are several. */
    readonly hradlo?: { readonly answer_id: string };
    readonly message: { readonly content: string };
    readonly finish_reason: string;
  }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

/** What a stream of several choices says: the text of each, what all took, and how many completions there are. */
function readChoices(body: string) {
  const events = body.split('\n\n').filter((each) => each.startsWith('data: {'));
  const texts: string[] = [];
  const ids = new Set<string>();
  let completionTokens = 0;
  for (const event of events) {
    const chunk = JSON.parse(event.slice('data: '.length)) as {
      id: string;
      choices: { index: number; delta: { content?: string } }[];
      usage?: { completion_tokens: number };
    };
    ids.add(chunk.id);
    for (const { index, delta } of chunk.choices) texts[index] = (texts[index] ?? '') + (delta.content ?? '');
    completionTokens += chunk.usage?.completion_tokens ?? 0;
  }
  return { texts, completionTokens, ids: ids.size };
}

/** The process that runs the model, found as the child of the server that was started on it. */
function modelProcess(server: TestServer): number {
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (Number(parent) === server.process.pid && command.includes('model-child.ts')) return Number(name);
    } catch {
      // Gone while we looked.
    }
  }
  throw new Error('the server has no model process');
}

test('a model from the configuration answers over HTTP, and survives', { skip }, async (t) => {
  using scratch = scratchFolder('e2e-engine');
  const folder = scratch.path;
  await using server = await startWithModel(folder);

  await t.test('by its name and its alias; a broken file is left out with its reason', async () => {
    const listed = (await (await fetch(`${server.url}/v1/models`)).json()) as { data: { id: string }[] };
    const names = listed.data.map(({ id }) => id);
    assert.ok(names.includes('tiny') && names.includes('small') && !names.includes('broken'));
    assert.match(server.output(), /model\.refused/);
    const first = (await (await chat(server, 'small', 'hello there')).json()) as Completion;
    const again = (await (await chat(server, 'tiny', 'hello there')).json()) as Completion;
    assert.equal(first.choices[0]?.finish_reason, 'length');
    assert.equal(first.usage.completion_tokens, 12);
    assert.equal(again.choices[0]?.message.content, first.choices[0]?.message.content);
  });

  await t.test(
    'over documents nothing is invented where there is no evidence, and the release is named',
    async () => {
      const answer = (await (await chat(server, 'hradlo', 'Jaká je výpovědní lhůta?')).json()) as Completion;
      assert.equal(answer.choices[0]?.message.content, 'Nedostatek informací.');
      assert.equal(answer.usage.prompt_tokens, 0);
      const database = new DatabaseSync(join(server.dataFolder, 'hradlo.db'), { readOnly: true });
      const row = database.prepare('SELECT mode, release_digest FROM answer WHERE id = ?').get(answer.id)!;
      assert.equal(row['mode'], 'generated');
      const release = database
        .prepare('SELECT manifest FROM release WHERE digest = ?')
        .get(row['release_digest']!)!;
      assert.match(String(release['manifest']), /"name":"tiny"/);
      database.close();
    },
  );

  await t.test('a conversation that is too long is a 400 with the numbers', async () => {
    const response = await chat(server, 'tiny', 'x'.repeat(3_000));
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    assert.equal(error.code, 'context_length_exceeded');
    assert.match(error.message, /3015 tokens; the model takes 2048/);
  });

  await t.test(
    'several choices are several answers, each on record, and told apart by their index',
    async () => {
      const fields = { n: 3, temperature: 1, seed: 7 };
      const completion = (await (await chat(server, 'tiny', 'one two', fields)).json()) as Completion & {
        choices: { index: number; hradlo: { answer_id: string } }[];
      };
      const texts = completion.choices.map(({ message }) => message.content);
      assert.deepEqual(
        completion.choices.map(({ index }) => index),
        [0, 1, 2],
      );
      assert.equal(new Set(texts).size, 3, 'each has a start of its own');
      assert.equal(completion.usage.completion_tokens, 36);
      const ids = completion.choices.map(({ hradlo }) => hradlo!.answer_id);
      assert.equal(completion.id, ids[0]);
      const database = new DatabaseSync(join(server.dataFolder, 'hradlo.db'), { readOnly: true });
      const found = ids.map(
        (id) => database.prepare('SELECT state FROM answer WHERE id = ?').get(id)?.['state'],
      );
      database.close();
      assert.deepEqual(found, ['ended', 'ended', 'ended']);
      const streamed = await chat(server, 'tiny', 'one two', {
        ...fields,
        stream: true,
        stream_options: { include_usage: true },
      });
      assert.deepEqual(readChoices(await streamed.text()), { texts, completionTokens: 36, ids: 1 });
      const tooMany = await chat(server, 'tiny', 'one two', { n: 9 });
      assert.equal(tooMany.status, 400);
    },
  );

  await t.test('a model that is killed comes back, and the server goes on meanwhile', async () => {
    process.kill(modelProcess(server), 'SIGKILL');
    assert.equal((await fetch(`${server.url}/v1/models`)).status, 200);
    let status = 0;
    // A request that was on its way when the model died is told so; the next ones wait for the new process.
    for (let attempt = 0; attempt < 3 && status !== 200; attempt++)
      status = (await chat(server, 'tiny', 'two')).status;
    assert.equal(status, 200);
  });
});
