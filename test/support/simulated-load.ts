import { isAppError } from '#core/index.ts';
import { Batcher, type BatcherSettings } from '#engine/llama/batcher.ts';
import type { BatchEvent } from '#engine/llama/generation.ts';
import type { ModelRuntime } from '#engine/llama/model-runtime.ts';
import { Places, type EnginePlace } from '#engine/llama/places.ts';

/** What a step takes on the simulated machine: so much in any case, and so much for each row. */
export interface StepCost {
  readonly stepMs: number;
  readonly rowMs: number;
}

export interface SimulatedRequest {
  readonly tenant: string;
  readonly atMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly priority?: number;
}

/** What became of a request. */
export interface SimulatedOutcome {
  readonly request: SimulatedRequest;
  readonly isServed: boolean;
  /** From arrival; NaN when it was refused. */
  readonly firstMs: number;
  readonly totalMs: number;
}

export interface Simulation {
  readonly cost: StepCost;
  readonly streams: number;
  readonly spareStreams?: number;
  /** Between taking a place and reaching the engine: records, retrieval, templates. */
  readonly prepareMs?: number;
  readonly maxWaitMs?: number;
}

const TOKEN = 7;
const CONTEXT_TOKENS = 4_096;

/** What a simulated machine and its clock share. */
interface Machine {
  nowMs: number;
  /** Called with the time at which a step ends, before it does. */
  until: (ms: number) => void;
}

/** A model that says nothing and takes its time for it. */
function makeRuntime(machine: Machine, { stepMs, rowMs }: StepCost): ModelRuntime {
  let rows = 0;
  return {
    facts: {
      contextTokens: CONTEXT_TOKENS,
      vocabularySize: 10,
      embeddingLength: 1,
      canShareCells: false,
      processorLibrary: 'simulated',
    },
    tokenize: () => [TOKEN],
    pieceOf: () => Buffer.from('x'),
    isEnd: () => false,
    createSampler: () => ({ sample: () => TOKEN, free: () => undefined }),
    clearBatch: () => (rows = 0),
    interrupt: () => undefined,
    addRow: () => rows++,
    decode: async () => {
      await Promise.resolve();
      machine.until(machine.nowMs + stepMs + rows * rowMs);
      return 'done';
    },
    copySequence: () => undefined,
    trimSequence: () => undefined,
    saveSequence: () => new Uint8Array(),
    restoreSequence: () => false,
    pooled: () => new Float32Array(),
  };
}

interface Underway {
  readonly request: SimulatedRequest;
  readonly place: EnginePlace;
  startedMs: number;
  firstMs: number;
}

/** Something that happens at a time. */
interface Happening {
  readonly atMs: number;
  run(): void;
}

/**
 * Plays requests against the engine's own scheduling (places, queue, batcher) on a machine whose clock is a number. The
 * same requests bring the same outcomes.
 * @param next asked at the end of each request for another one, as a client that waits for its answer sends it.
 */
export async function simulate(
  simulation: Simulation,
  requests: readonly SimulatedRequest[],
  next: (ended: SimulatedRequest, nowMs: number) => SimulatedRequest | undefined = () => undefined,
): Promise<SimulatedOutcome[]> {
  const { cost, streams, spareStreams = 1, prepareMs = 0, maxWaitMs = 30_000 } = simulation;
  const happenings: Happening[] = [];
  const machine: Machine = {
    nowMs: 0,
    until: (ms) => {
      for (let due = happenings[0]; due !== undefined && due.atMs <= ms; due = happenings[0]) {
        happenings.shift();
        machine.nowMs = Math.max(machine.nowMs, due.atMs);
        due.run();
      }
      machine.nowMs = ms;
    },
  };
  const plan = (happening: Happening) => {
    const at = happenings.findIndex(({ atMs }) => atMs > happening.atMs);
    happenings.splice(at < 0 ? happenings.length : at, 0, happening);
  };
  const nowMs = () => machine.nowMs;
  const places = new Places({ streams, maxQueued: 256, maxWaitMs }, nowMs);
  const underway = new Map<string, Underway>();
  const outcomes: SimulatedOutcome[] = [];
  const settings: BatcherSettings = {
    streams,
    spareStreams,
    sequences: streams + spareStreams,
    contextTokens: CONTEXT_TOKENS,
    cacheTokens: (streams + spareStreams) * CONTEXT_TOKENS,
    isUnified: false,
    batchTokens: 512,
    stepTargetMs: 200,
    spillBytes: 0,
    defaultOutputTokens: 32,
  };
  const goOn = (ended: SimulatedRequest) => {
    const another = next(ended, machine.nowMs);
    if (another !== undefined) plan({ atMs: another.atMs, run: () => ask(another) });
  };
  const end = (id: string, { request, place, startedMs, firstMs }: Underway) => {
    underway.delete(id);
    place.end(machine.nowMs - startedMs);
    outcomes.push({ request, isServed: true, firstMs, totalMs: machine.nowMs - request.atMs });
    goOn(request);
  };
  const onEvent = ({ id, type }: BatchEvent) => {
    const one = underway.get(id)!;
    if (type === 'started') {
      one.place.begin();
      one.startedMs = machine.nowMs;
    } else if (type === 'text') {
      if (Number.isNaN(one.firstMs)) one.firstMs = machine.nowMs - one.request.atMs;
    } else end(id, one);
  };
  const batcher = new Batcher(makeRuntime(machine, cost), settings, {
    nowMs,
    emit: (events) => events.forEach(onEvent),
  });
  let nextId = 0;
  const submit = (id: string, request: SimulatedRequest) =>
    batcher.submit({
      id,
      tokens: Array.from({ length: request.promptTokens }, () => TOKEN),
      sampling: { maxOutputTokens: request.outputTokens },
      salt: request.tenant,
      tenant: request.tenant,
      weight: 1,
      priority: request.priority ?? 1,
      timeoutMs: undefined,
    });
  const ask = (request: SimulatedRequest) => {
    try {
      const place = places.take(request.tenant);
      const id = String(nextId++);
      underway.set(id, { request, place, startedMs: 0, firstMs: Number.NaN });
      plan({ atMs: machine.nowMs + prepareMs, run: () => submit(id, request) });
    } catch (error) {
      if (!isAppError(error, 'engine.overloaded')) throw error;
      outcomes.push({ request, isServed: false, firstMs: Number.NaN, totalMs: Number.NaN });
      goOn(request);
    }
  };
  await batcher.warmUp();
  machine.nowMs = 0;
  for (const request of requests) plan({ atMs: request.atMs, run: () => ask(request) });
  for (let due = happenings[0]; due !== undefined; due = happenings[0]) {
    // Nothing runs: the clock goes on to what comes next, and then the batcher works until it has nothing left.
    machine.until(due.atMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return outcomes;
}
