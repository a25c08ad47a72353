import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { wordsAnalyzer } from '#test/fakes/words-analyzer.ts';
import { arbitraryCorpus, arbitraryQuery } from '#test/arbitrary-corpus.ts';
import { searchByDefinition } from '#test/retrieval-oracle.ts';
import { analyzeChunk } from './analyzed-chunk.ts';
import { buildSegment } from './build-segment.ts';
import { NO_CHANGES } from './overlay.ts';
import { DEFAULT_WEIGHTS } from './score-weights.ts';
import { Searcher } from './search.ts';

const DIMENSIONS = 8;
const kind = { analyzerVersion: wordsAnalyzer.version, embeddingDigest: undefined, dimensions: DIMENSIONS };

test('a search over any split into segments equals the definition to the last bit', () => {
  const searcher = new Searcher(0, DEFAULT_WEIGHTS);
  fc.assert(
    fc.property(
      arbitraryCorpus(DIMENSIONS),
      arbitraryQuery(DIMENSIONS),
      fc.integer({ min: 1, max: 4 }),
      (chunks, query, parts) => {
        const view = Array.from({ length: parts }, (_, part) => {
          const own = chunks
            .filter((chunk) => chunk.row % parts === part)
            .map((chunk) => analyzeChunk(wordsAnalyzer, chunk));
          return { segment: buildSegment(`s${part}`, kind, own), overlay: NO_CHANGES };
        });
        const hits = searcher.search(view, query, wordsAnalyzer.analyze(query.text));
        const wanted = searchByDefinition(chunks, query, {
          analyzer: wordsAnalyzer,
          weights: DEFAULT_WEIGHTS,
        });
        assert.deepEqual(
          hits.map(({ row, score, signals }) => [
            row,
            score,
            signals['lexical'],
            signals['vector'],
            signals['spelling'],
          ]),
          wanted.map(({ row, score, signals }) => [
            row,
            score,
            signals['lexical'],
            signals['vector'],
            signals['spelling'],
          ]),
        );
      },
    ),
    { numRuns: 300 },
  );
});
