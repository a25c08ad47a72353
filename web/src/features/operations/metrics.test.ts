import assert from 'node:assert/strict';
import { test } from 'node:test';
import { medianOf, parseMetrics, stepsOf, sumOf } from './metrics.ts';

const TEXT = `# HELP requests_total x
requests_total{route="/a",status="200"} 3
requests_total{route="/b",status="503"} 2
hradlo_step_duration_seconds_bucket{le="0.001",step="retrieve"} 0
hradlo_step_duration_seconds_bucket{le="0.01",step="retrieve"} 4
hradlo_step_duration_seconds_bucket{le="+Inf",step="retrieve"} 4
hradlo_step_duration_seconds_sum{step="retrieve"} 0.02
hradlo_step_duration_seconds_count{step="retrieve"} 4
`;
const samples = parseMetrics(TEXT);

test('samples are summed by name and labels', () => {
  assert.equal(sumOf(samples, 'requests_total'), 5);
  assert.equal(sumOf(samples, 'requests_total', { status: /^5/ }), 2);
  assert.equal(sumOf(samples, 'nothing_total'), 0);
});

test('the median lies within its bucket', () => {
  const median = medianOf(samples, 'hradlo_step_duration_seconds', { step: 'retrieve' });
  assert.ok(Math.abs((median ?? 0) - 0.0055) < 1e-9);
  assert.equal(medianOf(samples, 'hradlo_step_duration_seconds', { step: 'none' }), undefined);
});

test('steps are told with their runs and mean', () => {
  assert.deepEqual(stepsOf(samples), [{ step: 'retrieve', runs: 4, meanMs: 5 }]);
});
