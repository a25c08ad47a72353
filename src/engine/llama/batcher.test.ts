import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FakeRuntime, expectedAnswer } from '#test/fakes/fake-runtime.ts';
import { Batcher, type BatcherSettings } from './batcher.ts';
import type { BatchEvent, GenerationRequest } from './generation.ts';

const SETTINGS: BatcherSettings = {
  streams: 4,
  spareStreams: 0,
  sequences: 8,
  contextTokens: 512,
  cacheTokens: 4096,
  isUnified: true,
  batchTokens: 64,
  stepTargetMs: 200,
  spillBytes: 100_000,
  defaultOutputTokens: 32,
};

type EndEvent = Exclude<BatchEvent, { type: 'text' | 'started' }>;

function isEnd(event: BatchEvent): event is EndEvent {
  return event.type === 'finished' || event.type === 'failed';
}

interface Bench {
  readonly runtime: FakeRuntime;
  readonly batcher: Batcher;
  readonly events: BatchEvent[];
  /** Resolves with the last event of a request. */
  ended(id: string): Promise<EndEvent>;
  text(id: string): string;
}

function makeBench(over: Partial<BatcherSettings> = {}, runtime = new FakeRuntime()): Bench {
  const events: BatchEvent[] = [];
  const waiting = new Map<string, (event: EndEvent) => void>();
  let nowMs = 0;
  const batcher = new Batcher(
    runtime,
    { ...SETTINGS, ...over },
    {
      nowMs: () => (nowMs += 1),
      emit: (batch) => {
        events.push(...batch);
        for (const event of batch) if (isEnd(event)) waiting.get(event.id)?.(event);
      },
    },
  );
  return {
    runtime,
    batcher,
    events,
    ended: (id) => {
      const { promise, resolve } = Promise.withResolvers<EndEvent>();
      const past = events.filter(isEnd).find((event) => event.id === id);
      if (past !== undefined) resolve(past);
      else waiting.set(id, resolve);
      return promise;
    },
    text: (id) =>
      events.map((event) => (event.type === 'text' && event.id === id ? event.text : '')).join(''),
  };
}

function request(
  id: string,
  tokens: readonly number[],
  over: Partial<GenerationRequest> = {},
): GenerationRequest {
  return {
    id,
    tokens,
    sampling: { maxOutputTokens: 12 },
    salt: 's',
    tenant: 't',
    weight: 1,
    priority: 1,
    timeoutMs: undefined,
    ...over,
  };
}

function asText(tokens: readonly number[]): string {
  return tokens.map((token) => String.fromCodePoint(0x100 + token)).join('');
}

const prompt = (seed: number, length: number) =>
  Array.from({ length }, (_, index) => 1 + ((seed * 13 + index * 7) % 90));

test('streams side by side each say what they would say alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 20 })), {
        minLength: 1,
        maxLength: 9,
      }),
      fc.boolean(),
      async (shapes, isUnified) => {
        const bench = makeBench({ isUnified, sequences: isUnified ? 8 : 4 });
        const ends = shapes.map(async ([seed, length, maxOutputTokens], index) => {
          const id = String(index);
          bench.batcher.submit(request(id, prompt(seed, length), { sampling: { maxOutputTokens } }));
          const end = await bench.ended(id);
          assert.ok(end.type === 'finished');
          assert.deepEqual(
            [end.usage.inputTokens, end.usage.outputTokens, end.reason],
            [length, maxOutputTokens, 'length'],
          );
          assert.equal(bench.text(id), asText(expectedAnswer(prompt(seed, length), maxOutputTokens)));
        });
        await Promise.all(ends);
      },
    ),
    { numRuns: 60 },
  );
});

for (const isUnified of [true, false]) {
  const cells = isUnified ? 'shared cells' : 'cells of their own';
  test(`a beginning that was seen before is not computed again, with ${cells}, and changes nothing`, async () => {
    const bench = makeBench({ isUnified, sequences: isUnified ? 8 : 4 });
    const shared = prompt(1, 100);
    for (const [index, tail] of [[1], [2, 3], [4]].entries()) {
      const tokens = [...shared, ...tail];
      bench.batcher.submit(request(String(index), tokens));
      const end = await bench.ended(String(index));
      assert.ok(end.type === 'finished');
      assert.equal(end.usage.cachedInputTokens, index === 0 ? 0 : 100);
      assert.equal(bench.text(String(index)), asText(expectedAnswer(tokens, 12)));
    }
  });
}

test('another salt never finds a cached beginning', async () => {
  const bench = makeBench();
  bench.batcher.submit(request('a', prompt(1, 100), { salt: 'one' }));
  await bench.ended('a');
  bench.batcher.submit(request('b', prompt(1, 100), { salt: 'two' }));
  const end = await bench.ended('b');
  assert.ok(end.type === 'finished');
  assert.equal(end.usage.cachedInputTokens, 0);
});

test('beginnings pushed out of the cache come back from memory', async () => {
  const bench = makeBench({ sequences: 2, streams: 1 });
  const first = prompt(1, 100);
  bench.batcher.submit(request('first', first));
  await bench.ended('first');
  for (const index of [2, 3, 4]) {
    bench.batcher.submit(request(`other${index}`, prompt(index * 5, 80)));
    await bench.ended(`other${index}`);
  }
  assert.ok(bench.batcher.stats.prefix.spilledBytes > 0);
  bench.batcher.submit(request('again', [...first, 7]));
  const end = await bench.ended('again');
  assert.ok(end.type === 'finished');
  assert.ok(end.usage.cachedInputTokens >= 100);
  assert.equal(bench.text('again'), asText(expectedAnswer([...first, 7], 12)));
});

test('a full cache gives up kept beginnings before it fails anybody', async () => {
  const bench = makeBench({ cacheTokens: 300, sequences: 8 }, new FakeRuntime({ capacity: 300 }));
  for (let index = 0; index < 6; index++) {
    const tokens = prompt(index + 20, 120);
    bench.batcher.submit(request(String(index), tokens));
    assert.equal((await bench.ended(String(index))).type, 'finished');
    assert.equal(bench.text(String(index)), asText(expectedAnswer(tokens, 12)));
  }
});

test('an abort ends a running stream after its step and charges what was drawn', async () => {
  const bench = makeBench();
  bench.runtime.beforeDecode = () => {
    if (bench.runtime.decodes === 5) bench.batcher.abort('a');
  };
  bench.batcher.submit(request('a', prompt(1, 20), { sampling: { maxOutputTokens: 400 } }));
  const end = await bench.ended('a');
  assert.ok(end.type === 'finished' && end.reason === 'cancelled');
  assert.equal(end.usage.outputTokens, bench.runtime.sampled);
  assert.ok(end.usage.outputTokens < 10);
});

test('an abort in the middle of a long prompt stops it', async () => {
  const bench = makeBench();
  bench.runtime.beforeDecode = () => {
    if (bench.runtime.decodes === 1) bench.batcher.abort('a');
  };
  bench.batcher.submit(request('a', prompt(1, 400)));
  const end = await bench.ended('a');
  assert.ok(end.type === 'finished' && end.reason === 'cancelled' && end.usage.outputTokens === 0);
  assert.ok(bench.runtime.decodes <= 2);
});

test('a step that nobody is left to read is cut short, and nothing of it is taken for computed', async () => {
  const bench = makeBench();
  let interrupts = 0;
  const interrupt = bench.runtime.interrupt.bind(bench.runtime);
  bench.runtime.interrupt = () => {
    interrupts += 1;
    interrupt();
  };
  bench.runtime.beforeDecode = () => {
    if (bench.runtime.decodes === 2) bench.batcher.abort('a');
  };
  const long = prompt(1, 400);
  bench.batcher.submit(request('a', long));
  const end = await bench.ended('a');
  assert.ok(end.type === 'finished' && end.reason === 'cancelled');
  assert.deepEqual([interrupts, bench.runtime.decodes], [1, 3]);
  // What the first two steps computed is used; the third counts for nothing.
  bench.batcher.submit(request('b', long));
  const other = await bench.ended('b');
  assert.ok(other.type === 'finished' && other.usage.cachedInputTokens === 128);
  assert.equal(bench.text('b'), asText(expectedAnswer(long, 12)));
});

test('a step that somebody else waits for goes on', async () => {
  const bench = makeBench();
  bench.runtime.beforeDecode = () => {
    if (bench.runtime.decodes === 4) bench.batcher.abort('a');
  };
  bench.runtime.interrupt = () => assert.fail('the other stream would lose its step');
  bench.batcher.submit(request('a', prompt(1, 400)));
  bench.batcher.submit(request('b', prompt(2, 20), { priority: 2 }));
  await Promise.all([bench.ended('a'), bench.ended('b')]);
  assert.equal(bench.text('b'), asText(expectedAnswer(prompt(2, 20), 12)));
});

test('an abort while waiting ends at once', async () => {
  const bench = makeBench({ streams: 1 });
  bench.batcher.submit(request('runs', prompt(1, 20), { sampling: { maxOutputTokens: 50 } }));
  bench.batcher.submit(request('waits', prompt(2, 20)));
  bench.batcher.abort('waits');
  const end = await bench.ended('waits');
  assert.ok(end.type === 'finished' && end.reason === 'cancelled');
  assert.equal((await bench.ended('runs')).type, 'finished');
});

test('a deadline ends a stream between steps', async () => {
  const bench = makeBench();
  bench.batcher.submit(request('a', prompt(1, 20), { sampling: { maxOutputTokens: 400 }, timeoutMs: 60 }));
  assert.deepEqual(await bench.ended('a'), { type: 'failed', id: 'a', code: 'timed-out' });
});

test('a failed step fails its streams, and the next request is served', async () => {
  const bench = makeBench();
  bench.runtime.beforeDecode = () => {
    if (bench.runtime.decodes === 3) throw new Error('native trouble');
  };
  bench.batcher.submit(request('a', prompt(1, 20)));
  assert.deepEqual(await bench.ended('a'), { type: 'failed', id: 'a', code: 'step-failed' });
  bench.runtime.beforeDecode = () => undefined;
  bench.batcher.submit(request('b', prompt(1, 20)));
  assert.equal((await bench.ended('b')).type, 'finished');
  assert.equal(bench.text('b'), asText(expectedAnswer(prompt(1, 20), 12)));
});

test('a conversation that leaves no room for an answer is refused with the numbers', () => {
  const { batcher } = makeBench({ contextTokens: 100 });
  assert.deepEqual(batcher.submit(request('a', prompt(1, 100))), {
    outcome: 'context-exceeded',
    promptTokens: 100,
    contextTokens: 100,
  });
});

test('an answer stops where the context ends', async () => {
  const bench = makeBench({ contextTokens: 100 });
  bench.batcher.submit(request('a', prompt(1, 95), { sampling: { maxOutputTokens: 50 } }));
  const end = await bench.ended('a');
  assert.ok(end.type === 'finished' && end.reason === 'length');
  assert.equal(end.usage.outputTokens, 5);
});

test('a long prompt does not keep a running stream from its tokens', async () => {
  const bench = makeBench({ batchTokens: 32 });
  bench.batcher.submit(request('runs', prompt(1, 10), { sampling: { maxOutputTokens: 60 } }));
  bench.batcher.submit(request('long', prompt(2, 400), { sampling: { maxOutputTokens: 1 } }));
  await Promise.all([bench.ended('runs'), bench.ended('long')]);
  assert.ok(bench.runtime.largestStep <= 32);
  const firstOfLong = bench.events.findIndex(({ id, type }) => id === 'long' && type === 'text');
  const before = bench.events
    .slice(0, firstOfLong)
    .filter(({ id, type }) => id === 'runs' && type === 'text');
  assert.ok(before.length >= 10, 'the running stream went on while the long prompt was read');
});

test('a stop string ends the answer and is not shown', async () => {
  const bench = makeBench();
  const answer = asText(expectedAnswer(prompt(1, 20), 12));
  const stop = answer.slice(4, 6);
  bench.batcher.submit(request('a', prompt(1, 20), { sampling: { maxOutputTokens: 12, stop: [stop] } }));
  const end = await bench.ended('a');
  assert.ok(end.type === 'finished' && end.reason === 'stop');
  assert.equal(bench.text('a'), answer.slice(0, answer.indexOf(stop)));
});

test('texts of very short steps are sent together, a beginning and an end at once', async () => {
  const sent: (readonly BatchEvent[])[] = [];
  const ended = Promise.withResolvers<void>();
  let nowMs = 0;
  const batcher = new Batcher(new FakeRuntime(), SETTINGS, {
    nowMs: () => (nowMs += 0.05),
    emit: (batch) => {
      sent.push(batch);
      if (batch.some(({ type }) => type === 'finished')) ended.resolve();
    },
  });
  batcher.submit(request('a', [1, 2, 3], { sampling: { maxOutputTokens: 200 } }));
  await ended.promise;
  const texts = sent.flat().filter(({ type }) => type === 'text').length;
  assert.equal(sent[0]?.length, 1, 'the first token waits for nothing');
  assert.equal(sent.at(-1)?.at(-1)?.type, 'finished');
  assert.ok(sent.length * 3 < texts, `${texts} texts in ${sent.length} messages`);
});

test('what a step brought is sent before a short one holds the thread, and a part of a prompt never holds it', async () => {
  const runtime = new FakeRuntime();
  const ended = Promise.withResolvers<void>();
  let [nowMs, texts] = [0, 0];
  const batcher = new Batcher(runtime, SETTINGS, {
    nowMs: () => (nowMs += 5),
    emit: (batch) => {
      texts += batch.filter(({ type }) => type === 'text').length;
      if (batch.some(({ type, id }) => type === 'finished' && id === 'a')) ended.resolve();
    },
  });
  const lengths: string[] = [];
  runtime.beforeDecode = (length) => {
    lengths.push(length);
    if (length === 'short') assert.equal(texts, runtime.sampled);
    if (lengths.length === 30)
      batcher.submit(request('b', prompt(2, 100), { sampling: { maxOutputTokens: 1 } }));
  };
  batcher.submit(request('a', [1, 2, 3], { sampling: { maxOutputTokens: 60 } }));
  await ended.promise;
  // The first two teach how long such a step takes.
  assert.deepEqual(lengths.slice(0, 4), ['long', 'long', 'short', 'short']);
  assert.equal(lengths.filter((length) => length === 'long').length, 4);
});
