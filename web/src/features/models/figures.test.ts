import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFigures } from './figures.ts';

test('shares and quantiles are read, and what is no number is left out', () => {
  const figures = readFigures({
    running: 2,
    decodeTokensPerSecond: 40,
    interTokenMs: { p50: 25, p95: 60 },
    queuedMs: { p50: 'soon' },
    usedTokens: 512,
    cacheTokens: 2048,
    prefix: { hits: 3, misses: 1 },
  });
  assert.deepEqual([figures.running, figures.queued, figures.writes], [2, 0, 40]);
  assert.deepEqual(figures.gapMs, { p50: 25, p95: 60 });
  assert.deepEqual([figures.queuedMs, figures.reads], [undefined, undefined]);
  assert.deepEqual([figures.cache, figures.prefixHits], [0.25, 0.75]);
});

test('a model that has said nothing shows no share of nothing', () => {
  const { cache, prefixHits, occupancy } = readFigures({ prefix: { hits: 0, misses: 0 } });
  assert.deepEqual([cache, prefixHits, occupancy], [undefined, undefined, undefined]);
});
