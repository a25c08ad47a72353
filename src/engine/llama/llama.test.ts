// The real library in a real process, with a model made on the spot.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { expectDigest, type ChatRequest } from '#core/index.ts';
import { chatModelConformance, collect, plainRequest, textOf } from '#test/conformance/chat-model.ts';
import { TEST_TENANT } from '#test/database.ts';
import { SHAPES, tinyGguf } from '#test/tiny-gguf.ts';
import { createEngine, type Engine, type PreparedModel } from '../create-engine.ts';
import { EngineConfig } from '../config.ts';
import { findGpuLibraries, findLibraries } from './library-files.ts';
import { CHATML_TEMPLATE } from './model-maker.ts';

const ALL = ['tiny', 'encoder', 'ranker'] as const;
const PURPOSES = { tiny: 'chat', encoder: 'embedding', ranker: 'reranking' } as const;

const hasLibrary = findLibraries(process.platform, process.arch) !== undefined;
const folder = mkdtempSync(join(tmpdir(), 'hradlo-engine-'));
const engine = hasLibrary ? startEngine() : undefined;
after(async () => {
  await engine?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function prepare(
  name: 'tiny' | 'encoder' | 'ranker',
  purpose: PreparedModel['config']['purpose'],
): PreparedModel {
  const path = join(folder, `${name}.gguf`);
  writeFileSync(path, tinyGguf(SHAPES[name]));
  const [config] = EngineConfig.parse({ models: [{ name, path, purpose, contextTokens: 512 }] }).models;
  return {
    config: config!,
    digest: expectDigest(`sha256:${'1'.repeat(64)}`),
    templateDigest: undefined,
    quantization: 'F32',
    trainedContextTokens: SHAPES[name].contextTokens,
    embeddingLength: SHAPES[name].embeddingLength,
    memoryBytes: 100_000_000,
    cacheTokens: config!.streams * 512,
    chatTemplate: purpose === 'chat' ? CHATML_TEMPLATE : undefined,
  };
}

function startEngine(
  names: readonly (typeof ALL)[number][] = ALL,
  { threads = 1, onReady = () => {} }: { readonly threads?: number; readonly onReady?: () => void } = {},
): Engine {
  const models = names.map((name) => prepare(name, PURPOSES[name]));
  return createEngine(models, EngineConfig.parse({ threads }), {
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    scratchDirectory: folder,
    onState: (_model, { state }) => {
      if (state === 'ready') onReady();
    },
    onFinished: () => undefined,
  });
}

function chat() {
  return engine!.chatModel('tiny')!;
}

/** Threads of the process of the first model while nothing runs on it. */
function threadsOf(each: Engine): number {
  const status = readFileSync(`/proc/${each.status()[0]!.pid}/status`, 'utf8');
  return Number(/^Threads:\s+(\d+)/m.exec(status)![1]);
}

if (hasLibrary) {
  chatModelConformance({ name: 'the embedded model', create: async () => chat() });

  const greedy = (text: string, over: ChatRequest['sampling'] = {}) =>
    plainRequest(text, { temperature: 0, maxOutputTokens: 24, ...over });

  test('greedy answers are the same alone, together, and after a prefix hit', async () => {
    const questions = ['where is the house', 'where is the horse', 'žluťoučký kůň', 'one two three'];
    const alone: string[] = [];
    for (const question of questions) alone.push(textOf(await collect(chat(), greedy(question))));
    const together = await Promise.all(questions.map(async (q) => textOf(await collect(chat(), greedy(q)))));
    assert.deepEqual(together, alone);
    const finish = (await collect(chat(), greedy(questions[0]!))).at(-1);
    assert.ok(finish?.type === 'finish' && finish.usage.cachedInputTokens > 10);
  });

  test('threads that compute a step stay for the next one', async () => {
    await collect(chat(), greedy('one'));
    const { promise, resolve } = Promise.withResolvers<void>();
    await using wide = startEngine(['tiny'], { threads: 2, onReady: resolve });
    await promise;
    assert.equal(threadsOf(wide) - threadsOf(engine!), 1);
  });

  test('a start for the random numbers makes answers repeatable', async () => {
    const request = plainRequest('tell me', { temperature: 1, seed: 42, maxOutputTokens: 20 });
    const [first, second] = [await collect(chat(), request), await collect(chat(), request)];
    assert.equal(textOf(first), textOf(second));
    const other = await collect(
      chat(),
      plainRequest('tell me', { temperature: 1, seed: 43, maxOutputTokens: 20 }),
    );
    assert.notEqual(textOf(other), textOf(first));
  });

  test('penalties change what is said', async () => {
    const plain = textOf(await collect(chat(), greedy('again and again')));
    const penalised = textOf(
      await collect(chat(), greedy('again and again', { frequencyPenalty: 2, presencePenalty: 2 })),
    );
    assert.notEqual(penalised, plain);
  });

  test('an abort in the middle ends with what was drawn', async () => {
    const controller = new AbortController();
    let outputTokens = 0;
    for await (const delta of chat().stream(
      plainRequest('go on', { maxOutputTokens: 400 }),
      controller.signal,
    )) {
      controller.abort();
      if (delta.type === 'finish') {
        assert.equal(delta.reason, 'cancelled');
        outputTokens = delta.usage.outputTokens;
      }
    }
    assert.ok(outputTokens >= 1 && outputTokens < 200, `${outputTokens}`);
  });

  test('an abort in the middle of a step leaves nothing behind that changes an answer', async () => {
    for (const start of ['one', 'two', 'three']) {
      const question = greedy(`${start} ${'and the house '.repeat(25)}`, { maxOutputTokens: 8 });
      const controller = new AbortController();
      const aborted = collect(chat(), question, controller.signal);
      // The request is on its way; its end follows right behind it and finds the first step at work.
      controller.abort();
      assert.equal((await aborted).at(-1)?.type, 'finish');
      const again = await collect(chat(), question);
      const elsewhere = { ...question, caller: { tenantId: TEST_TENANT } };
      assert.equal(textOf(again), textOf(await collect(chat(), elsewhere)));
    }
  });

  test('a conversation that is too long is refused with the numbers', async () => {
    await assert.rejects(collect(chat(), plainRequest('x'.repeat(5000))), {
      code: 'model.context_exceeded',
      details: { promptTokens: 5015, contextTokens: 512 },
    });
  });

  test('vectors are normalised, in order, and the same in any company', async () => {
    const model = engine!.embeddingModel('encoder')!;
    const texts = ['the house', 'a longer text about a horse', 'kůň'];
    const together = await model.embed(texts, { purpose: 'document' });
    for (const vector of together) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5);
    for (const [index, text] of texts.entries()) {
      const [alone] = await model.embed([text], { purpose: 'document' });
      const cosine = alone!.reduce((sum, value, at) => sum + value * together[index]![at]!, 0);
      assert.ok(cosine > 0.9999, `${text}: ${cosine}`);
    }
  });

  test('relevance is between 0 and 1 for each document', async () => {
    const scores = await engine!.rerankingModel('ranker')!.rerank('house', ['a house', 'a horse', 'x']);
    assert.equal(scores.length, 3);
    for (const score of scores) assert.ok(score > 0 && score < 1);
    assert.equal(new Set(scores).size, 3);
  });
} else {
  test(
    'the embedded engine needs a library for this machine',
    { skip: 'none is installed' },
    () => undefined,
  );
}

const noGpuPackage = findGpuLibraries(process.platform, process.arch) === undefined;

test(
  'layers for a GPU without its package are refused, with what to install',
  { skip: !hasLibrary || !noGpuPackage },
  async () => {
    const refused = Promise.withResolvers<string>();
    await using offloading = createEngine(
      [prepare('tiny', 'chat')],
      EngineConfig.parse({ threads: 1, gpuLayers: 5 }),
      {
        clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
        scratchDirectory: folder,
        onState: (_model, state) => {
          if (state.state === 'refused') refused.resolve(state.reason);
        },
        onFinished: () => undefined,
      },
    );
    assert.match(await refused.promise, /gpuLayers is 5, but no library for a GPU .*npm install .*-cuda@/);
    assert.equal(offloading.status()[0]?.state.state, 'refused');
  },
);
