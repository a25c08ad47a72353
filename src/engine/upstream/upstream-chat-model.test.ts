import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatDelta, ChatRequest } from '#core/index.ts';
import { isAppError } from '#core/index.ts';
import { Egress, systemClock } from '#platform/index.ts';
import { chatModelConformance } from '#test/conformance/chat-model.ts';
import { MISBEHAVIOURS, startFaultEngine, type Misbehaviour } from '#test/fault-engine.ts';
import { Breaker } from './breaker.ts';
import { PROFILES } from './profiles.ts';
import { UpstreamChatModel } from './upstream-chat-model.ts';
import { UpstreamClient } from './upstream-client.ts';

const REQUEST: ChatRequest = {
  messages: [{ role: 'user', content: 'Jaká je lhůta?' }],
  evidence: [],
  sampling: {},
};
const TIMEOUTS = { connectMs: 300, firstByteMs: 300, idleMs: 300 };
/** undici looks at its timers about once a second. */
const NONE_OUTLASTS_MS = 4_000;

async function makeModel(misbehaviour: Misbehaviour, failures = 1_000) {
  const engine = await startFaultEngine(misbehaviour);
  const egress = new Egress({ kind: 'named', origins: new Set([engine.url]) }, TIMEOUTS);
  const breaker = new Breaker({ failures, windowMs: 10_000, openMs: 10_000 });
  const client = new UpstreamClient({
    egress,
    breaker,
    clock: systemClock,
    baseUrl: new URL(engine.url),
    apiKey: undefined,
    name: 'test',
  });
  const model = new UpstreamChatModel({
    client,
    profile: PROFILES['openai-compatible'],
    name: 'm',
    upstreamModel: 'm',
    contextTokens: undefined,
  });
  const dispose = async () => {
    await egress[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  };
  return { model, engine, [Symbol.asyncDispose]: dispose };
}

async function run(model: UpstreamChatModel, signal = new AbortController().signal) {
  const deltas: ChatDelta[] = [];
  try {
    for await (const delta of model.stream(REQUEST, signal)) deltas.push(delta);
    return { deltas, error: undefined };
  } catch (error) {
    return { deltas, error };
  }
}
const textOf = (deltas: readonly ChatDelta[]) =>
  deltas.map((delta) => (delta.type === 'text-delta' ? delta.text : '')).join('');

for (const misbehaviour of MISBEHAVIOURS) {
  test(`engine that sends ${misbehaviour.name}: ${misbehaviour.expected}, in time, nothing garbled`, async () => {
    await using made = await makeModel(misbehaviour);
    const startedAtMs = performance.now();
    const { deltas, error } = await run(made.model);
    assert.ok(performance.now() - startedAtMs < NONE_OUTLASTS_MS);
    assert.ok('Dva měsíce.'.startsWith(textOf(deltas)), textOf(deltas));
    if (misbehaviour.expected === 'answer') {
      assert.equal(error, undefined);
      assert.deepEqual([textOf(deltas), deltas.at(-1)?.type], ['Dva měsíce.', 'finish']);
      return;
    }
    assert.ok(isAppError(error), String(error));
    assert.ok(!error.message.includes('tajné'));
    assert.equal(textOf(deltas) !== '', misbehaviour.expected === 'error-after-text');
    assert.ok(deltas.every((delta) => delta.type !== 'finish'));
  });
}

test('a caller who hangs up closes the connection to the engine', async () => {
  const closed = Promise.withResolvers<void>();
  const endless: Misbehaviour = {
    name: 'endless',
    expected: 'answer',
    play: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      socket.on('close', () => closed.resolve());
    },
  };
  await using made = await makeModel(endless);
  const controller = new AbortController();
  const running = run(made.model, controller.signal);
  setImmediate(() => controller.abort());
  const { deltas, error } = await running;
  assert.deepEqual([error, deltas.at(-1)?.type], [undefined, 'finish']);
  if (made.engine.attempts() > 0) await closed.promise;
});

test('after failures in a row the engine is left alone for a while', async () => {
  await using made = await makeModel(
    MISBEHAVIOURS.find(({ name }) => name === 'status 500')!,
    2,
  );
  await run(made.model);
  await run(made.model);
  const before = made.engine.attempts();
  const { error } = await run(made.model);
  assert.ok(isAppError(error, 'engine.unavailable') && error.retryAfterSeconds === 10);
  assert.equal(made.engine.attempts(), before);
});

chatModelConformance({
  name: 'upstream model',
  create: async () => {
    const made = await makeModel(MISBEHAVIOURS[0]!);
    return Object.assign(made.model, { [Symbol.asyncDispose]: () => made[Symbol.asyncDispose]() });
  },
});
