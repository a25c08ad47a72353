import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentValues } from './recent-values.ts';
import { StepMeter } from './step-meter.ts';

const DECODE = { streams: 2, decodeTokens: 2, prefillTokens: 0, decodeMs: 20, elapsedMs: 20 };

test('what was not measured yet is undefined', () => {
  assert.deepEqual(new StepMeter(4).stats, {
    decodeTokensPerSecond: undefined,
    occupancyRatio: undefined,
    interTokenMs: undefined,
  });
});

test('decoding is counted by its own share of a step that also reads a prompt', () => {
  const meter = new StepMeter(4);
  meter.step(DECODE);
  meter.step({ ...DECODE, streams: 3, prefillTokens: 64, elapsedMs: 200 });
  // 4 tokens in 20 + 20 ms.
  assert.equal(meter.stats.decodeTokensPerSecond, 100);
});

test('occupancy is weighted by time: a long step with one stream outweighs a short one with all', () => {
  const meter = new StepMeter(4);
  meter.step({ ...DECODE, streams: 4, elapsedMs: 10 });
  meter.step({ ...DECODE, streams: 1, elapsedMs: 90 });
  assert.equal(meter.stats.occupancyRatio, (4 * 10 + 90) / (4 * 100));
});

test('only the recent past counts', () => {
  const meter = new StepMeter(1);
  for (let index = 0; index < 600; index++) meter.gap(1_000);
  for (let index = 0; index < 512; index++) meter.gap(10);
  assert.deepEqual(meter.stats.interTokenMs, { p50: 10, p95: 10 });
});

test('a quantile is one of the values', () => {
  const values = new RecentValues(8);
  assert.equal(values.quantiles, undefined);
  for (const value of [4, 1, 3, 2]) values.push(value);
  assert.deepEqual(values.quantiles, { p50: 2, p95: 4 });
});
