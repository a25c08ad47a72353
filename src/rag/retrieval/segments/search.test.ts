import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { wordsAnalyzer } from '#test/fakes/words-analyzer.ts';
import { arbitraryCorpus, arbitraryQuery } from '#test/arbitrary-corpus.ts';
import { searchByDefinition } from '#test/retrieval-oracle.ts';
import type { Hit, IndexedChunk, RetrievalQuery } from '#contracts/index.ts';
import { expectAclSetId, mintAccessFilter } from '#core/index.ts';
import { analyzeChunk } from './analyzed-chunk.ts';
import { buildSegment } from './build-segment.ts';
import { NO_CHANGES } from './overlay.ts';
import { DEFAULT_WEIGHTS } from './score-weights.ts';
import { Searcher } from './search.ts';

const DIMENSIONS = 8;
const kind = { analyzerVersion: wordsAnalyzer.version, embeddingDigest: undefined, dimensions: DIMENSIONS };

const searcher = new Searcher(0, DEFAULT_WEIGHTS);

function assertEqualsDefinition(
  chunks: readonly IndexedChunk[],
  query: RetrievalQuery,
  partCount: number,
): void {
  const view = Array.from({ length: partCount }, (_, part) => {
    const own = chunks.filter((chunk) => chunk.row % partCount === part);
    const analyzed = own.map((chunk) => analyzeChunk(wordsAnalyzer, chunk));
    return { segment: buildSegment(`s${part}`, kind, analyzed), overlay: NO_CHANGES };
  });
  const hits = searcher.search(view, query, wordsAnalyzer.analyze(query.text));
  const wanted = searchByDefinition(chunks, query, { analyzer: wordsAnalyzer, weights: DEFAULT_WEIGHTS });
  const plain = ({ row, score, signals }: Hit): unknown[] => [
    row,
    score,
    signals['lexical'],
    signals['vector'],
    signals['spelling'],
  ];
  assert.deepEqual(hits.map(plain), wanted.map(plain));
}

test('a search over any split into segments equals the definition to the last bit', () => {
  fc.assert(
    fc.property(
      arbitraryCorpus(DIMENSIONS),
      arbitraryQuery(DIMENSIONS),
      fc.integer({ min: 1, max: 4 }),
      assertEqualsDefinition,
    ),
    { numRuns: 200 },
  );
});

test('the same where far more rows match than may become hits', () => {
  const chunks = fc.sample(arbitraryCorpus(DIMENSIONS, 700, 600), { numRuns: 1, seed: 11 })[0]!;
  for (const [index, query] of fc.sample(arbitraryQuery(DIMENSIONS), { numRuns: 8, seed: 12 }).entries()) {
    const everything = { ...query.access, aclSets: new Set([1, 2, 3, 4].map(expectAclSetId)) };
    assertEqualsDefinition(chunks, query, 1 + (index % 4));
    assertEqualsDefinition(
      chunks,
      { ...query, validAtMs: 5, recordedAtMs: 5, access: mintAccessFilter(everything) },
      1 + (index % 4),
    );
  }
});
