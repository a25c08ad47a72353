import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace, type PacedStream, type PaceView } from './pace.ts';

const DECODING = 0;

function stream(tenant: string, remainingPrompt = DECODING): PacedStream {
  return { tenant, remainingPrompt };
}

const [first, second, third] = [stream('greedy'), stream('greedy'), stream('greedy')];
const modest = stream('modest');
const CROWD = [first, second, third, modest];

/** `modest` has had little; a step takes so much for each row and so much in any case. */
function view(rowMs: number, stepMs: number): PaceView {
  return { isModest: (tenant) => tenant === 'modest', expectedMs: (streams) => stepMs + streams * rowMs };
}

/** How often each stream took part in so many steps. */
function turns(steps: number, streams: readonly PacedStream[], seen: PaceView): Map<PacedStream, number> {
  const pace = new Pace();
  const counts = new Map<PacedStream, number>();
  for (let step = 0; step < steps; step++) {
    const chosen = pace.choose(streams, seen);
    for (const each of chosen) counts.set(each, (counts.get(each) ?? 0) + 1);
    pace.ran(seen.expectedMs(chosen.length));
  }
  return counts;
}

test('where rows cost time the modest decode nearly alone, and the others keep a sixth of the time', () => {
  const seen = view(8, 1);
  const counts = turns(1_000, CROWD, seen);
  assert.equal(counts.get(modest), 1_000);
  const shared = counts.get(first)!;
  const othersMs = shared * (seen.expectedMs(4) - seen.expectedMs(1));
  const modestMs = 1_000 * seen.expectedMs(1);
  assert.ok(othersMs > 0.18 * modestMs && othersMs < 0.22 * modestMs, `${othersMs} of ${modestMs}`);
});

test('where a row costs nothing everybody takes part in every step', () => {
  assert.equal(turns(100, CROWD, view(0, 5)).get(first), 100);
});

test('where a crowd is served much cheaper than one by one, little of that is given up', () => {
  const seen = view(1, 2);
  const counts = turns(1_000, CROWD, seen);
  const shared = counts.get(first)!;
  const spentMs = shared * seen.expectedMs(4) + (1_000 - shared) * seen.expectedMs(1);
  const tokens = 3 * shared + 1_000;
  assert.ok(tokens / spentMs > 0.79 * (4 / seen.expectedMs(4)));
  assert.ok(spentMs / 1_000 < 0.8 * seen.expectedMs(4), 'and still the modest are faster');
});

test('nobody is put back where nobody is modest, or nobody has more than one stream', () => {
  const pace = new Pace();
  for (let step = 0; step < 20; step++) {
    assert.deepEqual(pace.choose([first, second, third], view(8, 1)), [first, second, third]);
    assert.deepEqual(pace.choose([first, modest], view(8, 1)), [first, modest]);
    assert.deepEqual(pace.choose([first, modest, modest, modest], view(8, 1)).length, 4);
  }
});

test('a prompt of the modest is read at once; the others go on talking and their prompts wait', () => {
  const reading = stream('modest', 100);
  const prompt = stream('greedy', 2_000);
  assert.deepEqual(new Pace().choose([first, prompt, reading], view(8, 1)), [first, reading]);
});

test('prompts of the others are read in their part of the time', () => {
  const pace = new Pace();
  const prompt = stream('greedy', 100_000);
  let [readMs, allMs] = [0, 0];
  for (let step = 0; step < 2_000; step++) {
    const chosen = pace.choose([first, prompt, modest], view(8, 1));
    const elapsedMs = chosen.includes(prompt) ? 420 : 1 + 8 * chosen.length;
    if (chosen.includes(prompt)) readMs += elapsedMs;
    allMs += elapsedMs;
    pace.ran(elapsedMs);
  }
  assert.ok(readMs > 0.07 * allMs && readMs < 0.11 * allMs, `${readMs} of ${allMs}`);
});
