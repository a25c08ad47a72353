import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  simulate,
  type SimulatedOutcome,
  type SimulatedRequest,
  type StepCost,
} from '#test/simulated-load.ts';

/** A processor without an accelerator: a row costs nearly as much as a step of its own. */
const PROCESSOR: StepCost = { stepMs: 1.5, rowMs: 8 };
const ANSWER = { promptTokens: 30, outputTokens: 100 };
const LONG = { atMs: 0, promptTokens: 30, outputTokens: 600 };
const STREAMS = 4;

/** Arrivals at a mean rate, in bunches as they come from people; the same for the same start. */
function arrivals(tenant: string, perSecond: number, seconds: number, start: number): SimulatedRequest[] {
  let state = start;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const requests: SimulatedRequest[] = [];
  for (let at = 0; ;) {
    at += (-Math.log(1 - random()) / perSecond) * 1000;
    if (at > seconds * 1000) return requests;
    requests.push({ tenant, atMs: at, ...ANSWER });
  }
}

const servedOf = (outcomes: readonly SimulatedOutcome[], tenant?: string) =>
  outcomes.filter(({ isServed, request }) => isServed && (tenant ?? request.tenant) === request.tenant);

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function ratePerSecond(outcomes: readonly SimulatedOutcome[], fromMs: number, toMs: number): number {
  const ends = servedOf(outcomes).map(({ request, totalMs }) => request.atMs + totalMs);
  return (ends.filter((ms) => ms > fromMs && ms <= toMs).length / (toMs - fromMs)) * 1000;
}

test('at four times what can be served, all of it is used and the modest feel little', async () => {
  const simulation = { cost: PROCESSOR, streams: STREAMS, prepareMs: 10 };
  const seconds = 300;
  const clients = ['greedy', 'greedy', 'greedy', 'other', 'other', 'other', 'modest', 'modest'];
  const closed = await simulate(
    simulation,
    clients.map((tenant, index) => ({ tenant, atMs: index, ...ANSWER })),
    (ended, nowMs) => (nowMs < seconds * 1000 ? { ...ended, atMs: nowMs + 5 } : undefined),
  );
  const capacity = ratePerSecond(closed, 30_000, seconds * 1000);
  const modest = arrivals('modest', 0.2 * capacity, seconds, 3);
  const lone = await simulate(simulation, modest);
  const over = await simulate(simulation, [
    ...arrivals('greedy', 3 * capacity, seconds, 1),
    ...arrivals('other', 0.8 * capacity, seconds, 2),
    ...modest,
  ]);
  assert.ok(ratePerSecond(over, 30_000, seconds * 1000) >= 0.95 * capacity);
  const totals = (outcomes: readonly SimulatedOutcome[]) =>
    servedOf(outcomes, 'modest').map(({ totalMs }) => totalMs);
  const ratio = median(totals(over)) / median(totals(lone));
  assert.ok(ratio <= 1.5, `${ratio.toFixed(2)} times what it takes alone`);
  const settled = over.filter(({ request }) => request.atMs > 30_000);
  assert.equal(
    settled.filter(({ isServed, request }) => !isServed && request.tenant === 'modest').length,
    0,
    'the modest are not refused',
  );
  const [greedy, other] = ['greedy', 'other'].map((tenant) => servedOf(settled, tenant).length);
  assert.ok(greedy! < 1.15 * other! && other! < 1.15 * greedy!, 'what is left is shared evenly');
});

test('whatever the crowd does, who asks now and then is served nearly as alone', async () => {
  const request = (tenant: string, most: number, fromMs = 0) =>
    fc.record({
      tenant: fc.constant(tenant),
      atMs: fc.integer({ min: fromMs, max: 9_000 }),
      promptTokens: fc.integer({ min: 1, max: most }),
      outputTokens: fc.integer({ min: 1, max: most }),
    });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(request('greedy', 300), request('other', 300)), { maxLength: 40 }),
      request('modest', 60, 6_000),
      fc.record({
        stepMs: fc.double({ min: 0.1, max: 2, noNaN: true }),
        rowMs: fc.double({ min: 8, max: 12, noNaN: true }),
      }),
      async (more, modest, cost) => {
        // A crowd that has been there for a while; what is fair is measured by what it has had.
        const first = ['greedy', 'greedy', 'greedy', 'other', 'other'];
        const crowd = [...first.map((tenant) => ({ ...LONG, tenant })), ...more];
        const simulation = { cost, streams: STREAMS };
        const [alone] = await simulate(simulation, [modest]);
        const [own] = servedOf(await simulate(simulation, [...crowd, modest]), 'modest');
        assert.ok(own !== undefined, 'it is served');
        // A step that runs when it comes, and one for a prompt of the others, are not taken back.
        const longestStepMs = cost.stepMs + 140 * cost.rowMs;
        assert.ok(own.totalMs <= 1.5 * alone!.totalMs + 2 * longestStepMs);
      },
    ),
    { numRuns: 40 },
  );
});

test('who had the engine to themselves is not behind those who come later', async () => {
  const alone = Array.from({ length: 20 }, (_, index) => ({
    tenant: 'first',
    atMs: index * 2_000,
    ...ANSWER,
  }));
  const crowd = Array.from({ length: 6 }, () => ({ tenant: 'second', atMs: 42_000, ...ANSWER }));
  const next = { tenant: 'first', atMs: 42_500, ...ANSWER };
  const outcomes = await simulate({ cost: PROCESSOR, streams: STREAMS }, [...alone, ...crowd, next]);
  const own = outcomes.find(({ request }) => request === next)!;
  const others = servedOf(outcomes, 'second').map(({ request, totalMs }) => request.atMs + totalMs);
  assert.ok(own.request.atMs + own.totalMs < Math.max(...others), 'it does not wait for all of them');
});

test('the streams of a crowd slow down beside the modest and never stop', async () => {
  const crowd = Array.from({ length: 4 }, () => ({
    tenant: 'greedy',
    atMs: 0,
    promptTokens: 10,
    outputTokens: 400,
  }));
  const modest = { tenant: 'modest', atMs: 1_000, promptTokens: 10, outputTokens: 400 };
  const together = await simulate({ cost: PROCESSOR, streams: STREAMS }, [...crowd, modest]);
  const [slowed] = servedOf(together, 'greedy');
  const [undisturbed] = servedOf(await simulate({ cost: PROCESSOR, streams: STREAMS }, crowd), 'greedy');
  const [alone] = await simulate({ cost: PROCESSOR, streams: STREAMS }, [modest]);
  assert.ok(slowed!.totalMs < undisturbed!.totalMs + 1.3 * alone!.totalMs);
});

test('the same requests are served in the same way', async () => {
  const requests = [...arrivals('a', 2, 20, 5), ...arrivals('b', 0.4, 20, 6)];
  const simulation = { cost: PROCESSOR, streams: STREAMS, prepareMs: 10 };
  assert.deepEqual(await simulate(simulation, requests), await simulate(simulation, requests));
});
