import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { wordsAnalyzer } from '#test/fakes/words-analyzer.ts';
import { arbitraryCorpus, arbitraryQuery } from '#test/arbitrary-corpus.ts';
import { searchByDefinition } from '#test/retrieval-oracle.ts';
import type { IndexedChunk, RetrievalQuery } from '#contracts/index.ts';
import { expectAclSetId } from '#core/index.ts';
import { analyzeChunk } from './analyzed-chunk.ts';
import { buildSegment } from './build-segment.ts';
import { mergeSegments } from './merge-segments.ts';
import { moveRows, NO_CHANGES, removeRows } from './overlay.ts';
import { DEFAULT_WEIGHTS } from './score-weights.ts';
import { Searcher } from './search.ts';
import type { SegmentState } from './view.ts';

const DIMENSIONS = 8;
const kind = { analyzerVersion: wordsAnalyzer.version, embeddingDigest: undefined, dimensions: DIMENSIONS };
const searcher = new Searcher(0, DEFAULT_WEIGHTS);

type Change =
  | { type: 'remove'; rows: number[] }
  | { type: 'reassign'; rows: number[]; aclSet: number }
  | { type: 'close'; rows: number[]; validToMs: number; recordedToMs: number };

const rows = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 12 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ type: fc.constant('remove' as const), rows }),
  fc.record({ type: fc.constant('reassign' as const), rows, aclSet: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    type: fc.constant('close' as const),
    rows,
    validToMs: fc.constantFrom(10, 20, 30),
    recordedToMs: fc.constantFrom(10, 20, 30),
  }),
);

function changed(chunks: readonly IndexedChunk[], made: Change): IndexedChunk[] {
  const has = (chunk: IndexedChunk): boolean => made.rows.includes(chunk.row);
  if (made.type === 'remove') return chunks.filter((chunk) => !has(chunk));
  const { rows: _rows, type: _type, ...move } = made;
  return chunks.map((chunk) => (has(chunk) ? { ...chunk, ...move } : chunk) as IndexedChunk);
}

function changedState(state: SegmentState, made: Change): SegmentState {
  const { segment, overlay } = state;
  const locals = made.rows.map((row) => segment.find(row)).filter((local) => local >= 0);
  if (made.type === 'remove') return { segment, overlay: removeRows(overlay, locals) };
  const move =
    made.type === 'reassign'
      ? { aclSet: expectAclSetId(made.aclSet) }
      : { validToMs: made.validToMs, recordedToMs: made.recordedToMs };
  return { segment, overlay: moveRows(segment, overlay, locals, move) };
}

const found = (view: readonly SegmentState[], query: RetrievalQuery): unknown[] =>
  searcher.search(view, query, wordsAnalyzer.analyze(query.text)).map(({ row, score }) => [row, score]);
const defined = (chunks: readonly IndexedChunk[], query: RetrievalQuery): unknown[] =>
  searchByDefinition(chunks, query, { analyzer: wordsAnalyzer, weights: DEFAULT_WEIGHTS }).map(
    ({ row, score }) => [row, score],
  );

const split = (chunks: readonly IndexedChunk[], parts: number): SegmentState[] =>
  Array.from({ length: parts }, (_, part) => {
    const own = chunks.filter(({ row }) => row % parts === part);
    const analyzed = own.map((chunk) => analyzeChunk(wordsAnalyzer, chunk));
    return { segment: buildSegment(`s${part}`, kind, analyzed), overlay: NO_CHANGES };
  });

test('removed, reassigned and closed rows are found as if the index had been made of what they are now', () => {
  fc.assert(
    fc.property(
      arbitraryCorpus(DIMENSIONS),
      fc.array(change, { maxLength: 6 }),
      arbitraryQuery(DIMENSIONS),
      (chunks, changes, query) => {
        const view = split(chunks, 3).map((state) => changes.reduce(changedState, state));
        assert.deepEqual(found(view, query), defined(changes.reduce(changed, chunks), query));
      },
    ),
    { numRuns: 200 },
  );
});

test('a merge changes no result', () => {
  fc.assert(
    fc.property(
      arbitraryCorpus(DIMENSIONS),
      fc.array(change, { maxLength: 4 }),
      fc.array(change, { maxLength: 3 }),
      arbitraryQuery(DIMENSIONS),
      (chunks, before, after, query) => {
        const view = split(chunks, 3).map((state) => before.reduce(changedState, state));
        const segment = mergeSegments(view, { id: 'm', kind, vectors: { type: 'memory' } });
        const merged = after.reduce(changedState, { segment, overlay: NO_CHANGES });
        assert.deepEqual(
          found([merged], query),
          defined([...before, ...after].reduce(changed, chunks), query),
        );
      },
    ),
    { numRuns: 200 },
  );
});
