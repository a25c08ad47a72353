import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTable } from '../../scripts/bilingual/build-table.ts';
import { readGlossaryPairs } from '../../scripts/bilingual/glossary-pairs.ts';
import { readLocalePairs } from '../../scripts/bilingual/locale-pairs.ts';
import { readTextPairs } from '../../scripts/bilingual/text-pairs.ts';
import { expectDigest } from '#core/index.ts';
import { createTableEmbedding, type TableEmbedding } from '../../src/rag/embedding/table-embedding.ts';
import { encodeTable } from '../../src/rag/embedding/table-format.ts';
import { openSet, type OpenSet } from '../support/indexed-set.ts';
import { mean, ndcgAt, recallAt } from '../support/retrieval-measures.ts';
import { isHeldOut, readRetrievalSets, type RetrievalSet } from '../support/retrieval-sets.ts';
import { NO_TEST_DATA, skipped, testDataFolder } from '../support/test-data.ts';
import { informative, judged, type Figure, type Proof } from './proof.ts';

/** Least nDCG@10, and accuracy at rank 1 or recall at 5, where design figures exist. */
const LEAST: Readonly<Record<string, { ndcg?: number; first?: number; recall5?: number }>> = {
  cranfield: { ndcg: 0.388 },
  cisi: { ndcg: 0.406 },
  'ctkfacts-cs': { ndcg: 0.848 },
  'xquad-en': { ndcg: 0.964 },
  'ms cs>en': { ndcg: 0.22, recall5: 0.24 },
  'sib cs>en': { first: 0.83 },
  'sib en>cs': { first: 0.79 },
  'sib mixed': { first: 0.78 },
  'wmt cs>en': { first: 0.78 },
};
const MOST_BELOW_BM25 = 0.003;
/** Of a sample of the questions, where one answer more or less moves the figure further than that. */
const MOST_BELOW_BM25_OF_SAMPLE = 0.02;
const QUICK_SETS = new Set(['cranfield', 'xquad-en', 'sib mixed']);
const QUICK_STEP = 5;
const CUTOFF = 10;

/** The table without the course documents that are asked about. */
function heldOutEmbedding(data: string): TableEmbedding {
  const texts = readTextPairs(join(data, 'documents/ms-cs-en'), isHeldOut);
  const table = buildTable([...texts, ...readLocalePairs(), ...readGlossaryPairs()]);
  return createTableEmbedding(encodeTable(table), expectDigest(`sha256:${'0'.repeat(64)}`));
}

function shippedEmbedding(): TableEmbedding {
  const path = new URL('../../src/rag/embedding/assets/bilingual-table.bin', import.meta.url);
  return createTableEmbedding(readFileSync(path), expectDigest(`sha256:${'0'.repeat(64)}`));
}

interface Measured {
  readonly ndcg: number;
  readonly recall5: number;
  readonly recall10: number;
  readonly first: number;
}

async function measure(
  set: RetrievalSet,
  step: number,
  rank: (query: RetrievalSet['queries'][number]) => Promise<readonly string[]>,
): Promise<Measured> {
  const ndcg: number[] = [];
  const recall5: number[] = [];
  const recall10: number[] = [];
  const first: number[] = [];
  for (const [index, query] of set.queries.entries()) {
    if (index % step !== 0) continue;
    const ranking = await rank(query);
    ndcg.push(ndcgAt(ranking, query.relevant, CUTOFF));
    recall5.push(recallAt(ranking, query.relevant, 5));
    recall10.push(recallAt(ranking, query.relevant, CUTOFF));
    first.push(query.relevant.has(ranking[0] ?? '') ? 1 : 0);
  }
  return { ndcg: mean(ndcg), recall5: mean(recall5), recall10: mean(recall10), first: mean(first) };
}

const written = ({ ndcg, recall5, recall10, first }: Measured): string =>
  `nDCG@10 ${ndcg.toFixed(3)}, R@5 ${recall5.toFixed(3)}, R@10 ${recall10.toFixed(3)}, first ${first.toFixed(3)}`;

function judge(set: RetrievalSet, own: Measured, bm25: Measured, step: number): Figure[] {
  const tolerance = step === 1 ? MOST_BELOW_BM25 : MOST_BELOW_BM25_OF_SAMPLE;
  const figures = [
    informative(`${set.name}: stemmed BM25`, written(bm25)),
    judged(
      `${set.name}: hybrid`,
      written(own),
      `nDCG@10 ≥ ${(bm25.ndcg - tolerance).toFixed(3)}`,
      own.ndcg >= bm25.ndcg - tolerance,
    ),
  ];
  const least = LEAST[set.name] ?? {};
  const check = (name: string, value: number, target: number | undefined): void => {
    if (target !== undefined)
      figures.push(judged(`${set.name}: ${name}`, value.toFixed(3), `≥ ${target}`, value >= target));
  };
  check('nDCG@10', own.ndcg, least.ndcg);
  check('right first', own.first, least.first);
  check('R@5', own.recall5, least.recall5);
  return figures;
}

async function measureSet(set: RetrievalSet, open: OpenSet, step: number): Promise<Figure[]> {
  const own = await measure(set, step, (query) => open.search(query, CUTOFF));
  const bm25 = await measure(set, step, (query) => Promise.resolve(open.searchByBm25(query, CUTOFF)));
  return judge(set, own, bm25, step);
}

export const proof: Proof = {
  promise: 'One rule finds as well as stemmed BM25 in one language, and far better across Czech and English.',
  async run({ isQuick }) {
    const data = testDataFolder();
    if (data === undefined) return skipped(NO_TEST_DATA);
    // The sets of the quick form have nothing to do with what the table was made of.
    const embedding = isQuick ? shippedEmbedding() : heldOutEmbedding(data);
    const figures: Figure[] = [];
    for (const set of readRetrievalSets(data)) {
      if (isQuick && !QUICK_SETS.has(set.name)) continue;
      // A sample of the questions compares with itself, not with the figures of the whole.
      const open = await openSet(set, embedding);
      const made = await measureSet(set, open, isQuick ? QUICK_STEP : 1);
      figures.push(...(isQuick ? made.slice(0, 2) : made));
      await open.close();
    }
    return { figures, note: 'measures by trec_eval; the course documents asked about are not in the table' };
  },
};
