// A snapshot is taken, a tenth of the documents gets new versions, everything is merged: the snapshot must answer as
// before, to the last bit, while the live index answers anew.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hit, IndexedChunk, RetrievalIndex, RetrievalReader } from '#contracts/index.ts';
import { expectChunkRow } from '#core/index.ts';
import { startLocalIndex } from '../support/local-index.ts';
import { makeCorpus, VISIBLE, type SyntheticCorpus } from '../support/synthetic-corpus.ts';
import { plainAnalyzer, toIndexedChunk, toQuery } from '../support/synthetic-index.ts';
import { judged, timing, type Proof } from './proof.ts';

const BATCH = 1024;
const REPLACED_EVERY = 10;
const CLOSED_AT_MS = Date.UTC(2025, 0, 1);

async function fill(index: RetrievalIndex, corpus: SyntheticCorpus): Promise<void> {
  let batch: IndexedChunk[] = [];
  for (const chunk of corpus.chunks()) {
    batch.push(toIndexedChunk(chunk));
    if (batch.length < BATCH && chunk.row < corpus.chunkCount) continue;
    await index.apply([{ type: 'add', chunks: batch }]);
    batch = [];
  }
  while (await index.maintain(1000));
}

/** Every tenth document ends and comes back with other words and other rows. */
async function replaceTenth(index: RetrievalIndex, corpus: SyntheticCorpus): Promise<number> {
  const old = [...corpus.chunks()].filter(({ document }) => document % REPLACED_EVERY === 0);
  const chunks = old.map((chunk) => ({
    ...toIndexedChunk(chunk),
    row: expectChunkRow(corpus.chunkCount + chunk.row),
    text: chunk.text.split(' ').toReversed().slice(5).join(' '),
    validFromMs: CLOSED_AT_MS,
    recordedFromMs: CLOSED_AT_MS,
  }));
  for (let at = 0; at < chunks.length; at += BATCH) {
    const rows = old.slice(at, at + BATCH).map(({ row }) => expectChunkRow(row));
    await index.apply([
      { type: 'close', rows, validToMs: CLOSED_AT_MS, recordedToMs: CLOSED_AT_MS },
      { type: 'add', chunks: chunks.slice(at, at + BATCH) },
    ]);
  }
  while (await index.maintain(1000));
  return chunks.length;
}

async function askAll(reader: RetrievalReader, corpus: SyntheticCorpus): Promise<(readonly Hit[])[]> {
  const answers: (readonly Hit[])[] = [];
  for (const aclSets of Object.values(VISIBLE)) {
    for (const query of corpus.queries) answers.push(await reader.search(toQuery(query, aclSets, 20)));
  }
  return answers;
}

async function folderBytes(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

export const proof: Proof = {
  promise: 'a snapshot answers the same to the last bit, whatever happens to the documents later',
  async run({ isQuick }) {
    const corpus = makeCorpus(isQuick ? 3_000 : 50_000, isQuick ? 64 : 384);
    const folder = await mkdtemp(join(tmpdir(), 'hradlo-snapshot-'));
    try {
      const kind = {
        analyzerVersion: plainAnalyzer.version,
        embeddingDigest: undefined,
        dimensions: corpus.dimensions,
      };
      const { index } = await startLocalIndex({ analyzer: plainAnalyzer, kind, folder });
      await fill(index, corpus);
      const before = await askAll(index, corpus);
      const startedAt = performance.now();
      const { id, extraBytes } = await index.snapshot('before');
      const tookMs = performance.now() - startedAt;
      const sizeBytes = await folderBytes(folder);
      const replaced = await replaceTenth(index, corpus);
      const live = await askAll(index, corpus);
      const changed = live.filter((hits, at) => JSON.stringify(hits) !== JSON.stringify(before[at])).length;
      await using snapshot = await index.open(id);
      const after = await askAll(snapshot, corpus);
      const same = after.filter((hits, at) => JSON.stringify(hits) === JSON.stringify(before[at])).length;
      const ratio = extraBytes / sizeBytes;
      return {
        figures: [
          judged(
            'answers of the snapshot that are bit-equal',
            `${same} of ${before.length}`,
            'all',
            same === before.length,
          ),
          judged('answers of the live index that changed', `${changed}`, '> 0', changed > 0),
          timing('creation', `${tookMs.toFixed(0)} ms`, '≤ 1000 ms', tookMs <= 1000),
          judged(
            'extra bytes',
            `${extraBytes} of ${sizeBytes} (${(ratio * 100).toFixed(3)} %)`,
            '≤ 2 %',
            ratio <= 0.02,
          ),
        ],
        note: `${corpus.chunkCount} chunks, ${replaced} replaced`,
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
