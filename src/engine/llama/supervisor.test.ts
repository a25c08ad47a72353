import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppError } from '#core/index.ts';
import { ManualTimers } from '#test/fakes/manual-timers.ts';
import type { ModelProcessListener } from './model-process.ts';
import { PROTOCOL_VERSION, type FromChild, type ToChild } from './protocol-schema.ts';
import { ModelSupervisor, type EngineState, type LoadMessage } from './supervisor.ts';

const LOAD: LoadMessage = {
  type: 'load',
  path: '/models/m.gguf',
  scratchDirectory: '/tmp',
  memoryLimitBytes: 1e9,
  runtime: {
    purpose: 'chat',
    threads: 1,
    cacheTokens: 512,
    batchTokens: 64,
    sequences: 4,
    isUnified: true,
    gpuLayers: 0,
  },
  batcher: {
    streams: 2,
    spareStreams: 0,
    sequences: 4,
    contextTokens: 512,
    cacheTokens: 512,
    isUnified: true,
    batchTokens: 64,
    stepTargetMs: 200,
    spillBytes: 0,
    defaultOutputTokens: 16,
  },
};
const LOADED: FromChild = {
  type: 'loaded',
  facts: {
    contextTokens: 512,
    vocabularySize: 10,
    embeddingLength: 4,
    canShareCells: true,
    processorLibrary: 'x',
  },
  charsPerToken: 3,
};

class FakeProcess {
  readonly sent: ToChild[] = [];
  readonly listener: ModelProcessListener;
  readonly pid = 1;
  readonly loadedRatio = 0.5;
  killed: boolean | undefined;

  constructor(listener: ModelProcessListener) {
    this.listener = listener;
  }
  send(message: ToChild): void {
    this.sent.push(message);
  }
  kill(isHung: boolean): void {
    this.killed = isHung;
    this.exit();
  }
  exit(): void {
    this.listener.onExit({ cause: 'crashed', summary: 'It crashed.' });
  }
  load(): void {
    this.listener.onMessage({ type: 'started', protocol: PROTOCOL_VERSION });
    this.listener.onMessage(LOADED);
  }
}

function makeSupervisor() {
  const timers = new ManualTimers();
  const processes: FakeProcess[] = [];
  const states: EngineState['state'][] = [];
  const supervisor = new ModelSupervisor(
    {
      start: (listener) => {
        const process = new FakeProcess(listener);
        processes.push(process);
        return process;
      },
      nowMs: () => timers.nowMs,
      after: (ms, run) => timers.after(ms, run),
      onChange: ({ state }) => states.push(state),
    },
    { load: LOAD, heartbeatMs: 1_000, hangMs: 5_000, loadTimeoutMs: 60_000, readyWaitMs: 10_000 },
  );
  supervisor.start();
  return { supervisor, processes, timers, states, last: () => processes.at(-1)! };
}

function ask(supervisor: ModelSupervisor, id: string) {
  const messages: FromChild[] = [];
  const errors: AppError[] = [];
  supervisor.request(
    { type: 'embed', id, texts: ['x'], isUrgent: true },
    { onMessage: (message) => messages.push(message), onFailure: (error) => errors.push(error) },
  );
  return { messages, errors };
}

test('a request waits for the model to load and gets its own reply', () => {
  const { supervisor, last } = makeSupervisor();
  const asked = ask(supervisor, 'a');
  assert.deepEqual(last().sent, []);
  last().load();
  assert.equal(last().sent.at(-1)?.type, 'embed');
  last().listener.onMessage({ type: 'scores', id: 'other', scores: [], inputTokens: 1 });
  last().listener.onMessage({ type: 'scores', id: 'a', scores: [1], inputTokens: 1 });
  assert.deepEqual(asked.messages, [{ type: 'scores', id: 'a', scores: [1], inputTokens: 1 }]);
});

test('a crash ends those in flight with one clear error and starts again by itself', () => {
  const { supervisor, processes, timers, last, states } = makeSupervisor();
  last().load();
  const asked = ask(supervisor, 'a');
  last().exit();
  assert.deepEqual(
    asked.errors.map(({ code }) => code),
    ['engine.crashed'],
  );
  const later = ask(supervisor, 'b');
  timers.advance(100);
  assert.equal(processes.length, 2);
  last().load();
  assert.equal(last().sent.at(-1)?.type, 'embed');
  assert.deepEqual(later.errors, []);
  assert.deepEqual(states, ['loading', 'ready', 'restarting', 'loading', 'ready']);
});

test('a process that crashes in a loop is left alone for a while, and callers hear for how long', () => {
  const { supervisor, processes, timers, last } = makeSupervisor();
  for (let crash = 0; crash < 3; crash++) {
    last().load();
    last().exit();
    if (crash < 2) timers.advance(1_000);
  }
  assert.equal(processes.length, 3);
  const asked = ask(supervisor, 'a');
  assert.equal(asked.errors[0]?.code, 'engine.unavailable');
  assert.ok((asked.errors[0]?.retryAfterSeconds ?? 0) >= 30);
  timers.advance(60_000);
  assert.equal(processes.length, 4);
});

test('a file that cannot be loaded is not tried again', () => {
  const { supervisor, processes, timers, last } = makeSupervisor();
  const waiting = ask(supervisor, 'a');
  last().listener.onMessage({ type: 'load-failed', reason: 'not a model' });
  timers.advance(600_000);
  assert.equal(processes.length, 1);
  assert.equal(waiting.errors[0]?.code, 'engine.unavailable');
  assert.match(ask(supervisor, 'b').errors[0]?.message ?? '', /not a model/);
});

test('a process that stops answering is ended', () => {
  const { processes, timers, last } = makeSupervisor();
  last().load();
  timers.advance(7_000);
  assert.equal(processes[0]?.killed, true);
});

test('a step that does not end is a hang, although the process answers', () => {
  const { processes, timers, last } = makeSupervisor();
  last().load();
  timers.advance(1_000);
  assert.deepEqual(last().sent.at(-1), { type: 'ping' });
  last().listener.onMessage({ type: 'pong', stepAgeMs: 9_000 });
  assert.equal(processes[0]?.killed, true);
});

test('a process that answers its heartbeat lives on', () => {
  const { processes, timers, last } = makeSupervisor();
  last().load();
  for (let beat = 0; beat < 30; beat++) {
    timers.advance(1_000);
    last().listener.onMessage({ type: 'pong', stepAgeMs: 10 });
  }
  assert.equal(processes[0]?.killed, undefined);
});

test('a load that does not end is given up', () => {
  const { processes, timers } = makeSupervisor();
  timers.advance(61_000);
  assert.equal(processes[0]?.killed, true);
});

test('a request does not wait for ever for a model that loads', () => {
  const { supervisor, timers } = makeSupervisor();
  const asked = ask(supervisor, 'a');
  timers.advance(11_000);
  assert.equal(asked.errors[0]?.code, 'engine.unavailable');
});

test('parts of different versions do not work together', () => {
  const { supervisor, last } = makeSupervisor();
  last().listener.onMessage({ type: 'started', protocol: 99 });
  assert.equal(supervisor.state.state, 'refused');
});

test('stopping ends the process and everybody who waits', async () => {
  const { supervisor, processes, timers, last } = makeSupervisor();
  last().load();
  const asked = ask(supervisor, 'a');
  await supervisor[Symbol.asyncDispose]();
  assert.equal(asked.errors[0]?.code, 'engine.unavailable');
  timers.advance(600_000);
  assert.equal(processes.length, 1);
});
