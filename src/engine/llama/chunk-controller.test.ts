import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChunkController } from './chunk-controller.ts';
import { TokenCost } from './token-cost.ts';

/** A machine: what a step of so many prompt tokens takes at a place, beside running streams that take `decodeMs`. */
interface Machine {
  readonly msPerToken: number;
  /** Tokens before it after which a token costs twice as much. */
  readonly doublesAt: number;
  readonly decodeMs: number;
}

interface Step {
  readonly prefill: number;
  readonly elapsedMs: number;
}

/** Reads a prompt step by step. */
function read(controller: ChunkController, decoding: number, machine: Machine, length = 2048): Step[] {
  const { msPerToken, doublesAt, decodeMs } = machine;
  const steps: Step[] = [];
  for (let position = 0; position < length;) {
    const budget = controller.budget({ decoding, decodeMs, position, length });
    const prefill = Math.min(length - position, Math.max(64, budget - (budget % 64)));
    const growth = 1 + (position + prefill / 2) / doublesAt;
    const elapsedMs = decodeMs + (prefill + 8) * msPerToken * growth;
    controller.observe({ prefill, decodeMs, position, elapsedMs });
    steps.push({ prefill, elapsedMs });
    position += prefill;
  }
  return steps;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

for (const msPerToken of [0.2, 1, 1.8])
  test(`alone, at ${msPerToken} ms a token, steps settle within what they may take, in whole tiles`, () => {
    const controller = new ChunkController(200, 512);
    const machine = { msPerToken, doublesAt: 1e9, decodeMs: 0 };
    for (const { prefill, elapsedMs } of read(controller, 0, machine, 64 * 100).slice(-5, -1)) {
      assert.ok(elapsedMs <= 280, `${elapsedMs} ms`);
      assert.equal(prefill % 64, 0);
      assert.ok(prefill === 512 || elapsedMs + 64 * msPerToken > 280, `${elapsedMs} ms wastes the step`);
    }
  });

for (const machine of [
  { msPerToken: 1.6, doublesAt: 2_000, decodeMs: 10 },
  { msPerToken: 0.8, doublesAt: 2_000, decodeMs: 5 },
  { msPerToken: 2, doublesAt: 20_000, decodeMs: 12 },
])
  test(`beside a running stream a prompt is read in steps of the same length: ${machine.msPerToken} ms a token`, () => {
    const controller = new ChunkController(200, 512);
    for (let prompt = 0; prompt < 4; prompt++) {
      const steps = read(controller, 1, machine);
      const wholeMs = sum(steps.map(({ elapsedMs }) => elapsedMs));
      const worstMs = Math.max(...steps.map(({ elapsedMs }) => elapsedMs));
      assert.ok(worstMs <= wholeMs * 0.08, `prompt ${prompt}: ${worstMs} of ${wholeMs} ms`);
      assert.ok(steps.length <= 22, `${steps.length} steps`);
    }
  });

test('steps that nobody feels are not cut, and a long target is taken at its word', () => {
  const fast = new ChunkController(200, 512);
  const quick = { msPerToken: 0.1, doublesAt: 5_000, decodeMs: 1 };
  read(fast, 1, quick);
  assert.ok(read(fast, 1, quick)[1]!.prefill >= 384);
  const patient = new ChunkController(5_000, 512);
  const slow = { msPerToken: 1.6, doublesAt: 2_000, decodeMs: 10 };
  read(patient, 1, slow);
  assert.ok(read(patient, 1, slow)[1]!.prefill >= 448);
});

test('on a slow machine steps keep a size that is worth their cost', () => {
  const controller = new ChunkController(50, 512);
  const slow = { msPerToken: 1_000, doublesAt: 1e9, decodeMs: 0 };
  read(controller, 4, slow, 512);
  assert.equal(controller.budget({ decoding: 4, decodeMs: 0, position: 0, length: 512 }), 64);
  const small = new ChunkController(50, 40);
  assert.equal(small.budget({ decoding: 4, decodeMs: 0, position: 0, length: 512 }), 36);
});

test('what a token costs is known by its place; a busy machine slows all places alike', () => {
  const cost = new TokenCost();
  assert.equal(cost.at(0), undefined);
  const costOf = (position: number, load: number) => load * (2 + position / 1_000);
  for (let turn = 0; turn < 20; turn++)
    for (let position = 0; position < 2_048; position += 128) cost.observe(position, costOf(position, 1));
  for (const position of [0, 600, 1_900])
    assert.ok(Math.abs(cost.at(position)! / costOf(position, 1) - 1) < 0.1, `${cost.at(position)}`);
  for (let turn = 0; turn < 20; turn++) cost.observe(0, costOf(0, 3));
  assert.ok(cost.at(1_900)! > 2.6 * costOf(1_900, 1));
  // Beyond what was seen it goes on growing.
  assert.ok(cost.at(4_000)! > cost.at(1_900)!);
});
