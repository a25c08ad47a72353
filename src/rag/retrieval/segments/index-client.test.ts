import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testRetrievalIndex } from '#test/conformance/retrieval-index.ts';
import { wordsAnalyzer } from '#test/fakes/words-analyzer.ts';
import { startLocalIndex } from '#test/local-index.ts';
import { DEFAULT_WEIGHTS } from './score-weights.ts';

const DIMENSIONS = 8;
const kind = { analyzerVersion: wordsAnalyzer.version, embeddingDigest: undefined, dimensions: DIMENSIONS };

testRetrievalIndex({
  name: 'segments',
  dimensions: DIMENSIONS,
  analyzer: wordsAnalyzer,
  weights: DEFAULT_WEIGHTS,
  runs: 40,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'hradlo-index-'));
    const { index } = await startLocalIndex({ analyzer: wordsAnalyzer, kind, folder });
    return { index, close: () => rm(folder, { recursive: true, force: true }) };
  },
});
