// What documents that were replaced cost while nobody asks for them, and what it takes when somebody does.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { IndexedChunk } from '#contracts/index.ts';
import type { ChunkRow } from '#core/index.ts';
import { IndexWriter } from '#rag/retrieval/segments/index-writer.ts';
import { makeCorpus } from '../support/synthetic-corpus.ts';
import { plainAnalyzer, toIndexedChunk } from '../support/synthetic-index.ts';
import { informative, judged, type Proof } from './proof.ts';

const DIMENSIONS = 384;
const BATCH = 8_192;
/** Of so many chunks one holds today; the others are of versions before. */
const VERSIONS = 5;
const REPLACED_MS = Date.UTC(2024, 0, 1);
const PAST_MS = Date.UTC(2023, 0, 1);
const OPENER = fileURLToPath(new URL('../bench/search-history.ts', import.meta.url));

/** Fills an index as documents come and are replaced; at `nowMs` 0 nothing is over yet, so that all stays in memory. */
async function build(folder: string, chunkCount: number, nowMs: number): Promise<void> {
  const writer = new IndexWriter({
    analyzer: plainAnalyzer,
    kind: { analyzerVersion: plainAnalyzer.version, embeddingDigest: undefined, dimensions: DIMENSIONS },
    folder,
    newSegmentId: () => crypto.randomUUID(),
    monotonicMs: () => performance.now(),
    nowMs: () => nowMs,
  });
  await writer.load();
  let batch: IndexedChunk[] = [];
  const replaced: ChunkRow[] = [];
  for (const chunk of makeCorpus(chunkCount, DIMENSIONS).chunks()) {
    const indexed = toIndexedChunk(chunk);
    batch.push(indexed);
    if (chunk.row % VERSIONS !== 0) replaced.push(indexed.row);
    if (batch.length < BATCH && chunk.row < chunkCount) continue;
    writer.apply([{ type: 'add', chunks: batch }]);
    batch = [];
    while (await writer.maintain(1000));
  }
  writer.apply([{ type: 'close', rows: replaced, validToMs: REPLACED_MS, recordedToMs: Infinity }]);
  while (await writer.maintain(1000));
  await writer.flush();
}

interface Measured {
  readonly sizeBytes: number;
  readonly coldRows: number;
  readonly residentBytes: number;
  readonly residentPastBytes: number;
  readonly todayMs: number;
  readonly firstMs: number;
  readonly nextMs: number;
  readonly hits: readonly unknown[];
}

async function measure(chunkCount: number, nowMs: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'hradlo-history-'));
  try {
    await build(folder, chunkCount, nowMs);
    const flags = ['--expose-gc', OPENER, folder, String(DIMENSIONS), String(PAST_MS)];
    return JSON.parse(
      execFileSync(process.execPath, flags, { encoding: 'utf8', maxBuffer: 1 << 26 }),
    ) as Measured;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

export const proof: Proof = {
  promise: 'Versions that were replaced take next to no memory until somebody asks as of their day.',
  async run({ isQuick }) {
    const chunkCount = isQuick ? BATCH : 100_000;
    const warm = await measure(chunkCount, 0);
    const cold = await measure(chunkCount, Date.now());
    const share = cold.sizeBytes / warm.sizeBytes;
    const replaced = chunkCount - Math.floor(chunkCount / VERSIONS);
    return {
      figures: [
        informative(
          'chunks of replaced versions, and those of them that are cold',
          `${replaced}, ${cold.coldRows}`,
        ),
        judged(
          'memory of the index over all of it in memory, four fifths replaced',
          `${share.toFixed(3)} (${mb(cold.sizeBytes)} of ${mb(warm.sizeBytes)})`,
          '≤ 0.4',
          share <= 0.4,
        ),
        informative(
          'resident after questions of today; and after one as of a day',
          `${mb(cold.residentBytes)} of ${mb(warm.residentBytes)}; ${mb(cold.residentPastBytes)}`,
        ),
        judged(
          'questions answered otherwise than with all of it in memory',
          isDeepStrictEqual(cold.hits, warm.hits) ? 0 : 'some',
          '0',
          isDeepStrictEqual(cold.hits, warm.hits),
        ),
        informative(
          'processor time: of today, first as of a day, next as of a day',
          `${ms(cold.todayMs)}, ${ms(cold.firstMs)}, ${ms(cold.nextMs)}`,
        ),
        informative(
          'the same with all of it in memory',
          `${ms(warm.todayMs)}, ${ms(warm.firstMs)}, ${ms(warm.nextMs)}`,
        ),
      ],
      note: `${chunkCount} chunks, ${DIMENSIONS} dimensions`,
    };
  },
};
