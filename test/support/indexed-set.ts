import { randomId } from '#platform/index.ts';
import { expectAclSetId, expectChunkRow, mintAccessFilter } from '#core/index.ts';
import { textAnalyzer } from '../../src/rag/analysis/analyzer.ts';
import type { TableEmbedding } from '../../src/rag/embedding/table-embedding.ts';
import { startLocalIndex } from './local-index.ts';
import type { RetrievalSet, SetQuery } from './retrieval-sets.ts';

export interface FoundDocument {
  readonly document: number;
  readonly score: number;
}

/** A set in the product's index. Rankings are ids of documents, best first. */
export interface OpenSet {
  search(query: SetQuery, limit: number): Promise<string[]>;
  /** Positions of the documents found, with their scores. */
  find(query: Pick<SetQuery, 'text' | 'language'>, limit: number): Promise<FoundDocument[]>;
  /** Does some work while these documents are not there for whoever asks. */
  without<Result>(documents: readonly number[], work: () => Promise<Result>): Promise<Result>;
  /** BM25 over stems alone, by the formula: what the index must not fall behind. */
  searchByBm25(query: SetQuery, limit: number): string[];
  close(): Promise<void>;
}

const ACL_SET = expectAclSetId(1);
const HIDDEN = expectAclSetId(2);
const K1 = 1.2;
const B = 0.75;
const TITLE_WEIGHT = 2;

/** Takes a set's documents into the product's index, each as one chunk. */
export async function openSet(set: RetrievalSet, embedding: TableEmbedding): Promise<OpenSet> {
  const kind = {
    analyzerVersion: textAnalyzer.version,
    embeddingDigest: embedding.digest,
    dimensions: embedding.dimensions,
  };
  const { index } = await startLocalIndex({ analyzer: textAnalyzer, kind, embeddingModel: embedding });
  const tenantId = randomId('tenant');
  const collectionId = randomId('collection');
  const access = mintAccessFilter({
    tenantId,
    aclSets: new Set([ACL_SET]),
    collections: undefined,
    fingerprint: 'all',
    decidedAtMs: 0,
  });
  const chunks = set.documents.map(({ title, text, language }, position) => {
    return {
      row: expectChunkRow(position + 1),
      chunkId: randomId('chunk'),
      documentId: randomId('document'),
      versionId: randomId('version'),
      collectionId,
      aclSet: ACL_SET,
      language,
      title,
      headingPath: [],
      text,
      validFromMs: 0,
      validToMs: Infinity,
      recordedFromMs: 0,
      recordedToMs: Infinity,
    };
  });
  await index.apply([{ type: 'add', chunks }]);
  const bm25 = stemmedBm25(set);
  const find: OpenSet['find'] = async ({ text, language }, limit) => {
    const hits = await index.search({ text, language, access, validAtMs: 1, recordedAtMs: 1, limit });
    return hits.map(({ row, score }) => ({ document: row - 1, score }));
  };
  return {
    find,
    async without(documents, work) {
      const rows = documents.map((document) => expectChunkRow(document + 1));
      await index.apply([{ type: 'reassign', rows, aclSet: HIDDEN }]);
      const result = await work();
      await index.apply([{ type: 'reassign', rows, aclSet: ACL_SET }]);
      return result;
    },
    async search(query, limit) {
      return (await find(query, limit)).map(({ document }) => set.documents[document]!.id);
    },
    searchByBm25: bm25,
    close: () => index.close(),
  };
}

/** Stemmed BM25 with titles counted twice, k1 1.2, b 0.75. */
function stemmedBm25(set: RetrievalSet): OpenSet['searchByBm25'] {
  const postings = new Map<string, [document: number, count: number][]>();
  const lengths = set.documents.map(({ title, text, language }, document) => {
    const counts = new Map<string, number>();
    const add = (source: string, weight: number): number => {
      const { stems } = textAnalyzer.analyze(source, language, 'document');
      for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + weight);
      return stems.length * weight;
    };
    const length = add(text, 1) + add(title, TITLE_WEIGHT);
    for (const [stem, count] of counts) {
      const list = postings.get(stem) ?? [];
      postings.set(stem, list);
      list.push([document, count]);
    }
    return length;
  });
  const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return ({ text, language }, limit) => {
    const scores = new Map<number, number>();
    for (const stem of textAnalyzer.analyze(text, language, 'query').stems) {
      const list = postings.get(stem) ?? [];
      const idf = Math.log(1 + (lengths.length - list.length + 0.5) / (list.length + 0.5));
      for (const [document, count] of list) {
        const norm = K1 * (1 - B + (B * lengths[document]!) / average);
        scores.set(document, (scores.get(document) ?? 0) + (idf * count * (K1 + 1)) / (count + norm));
      }
    }
    return [...scores]
      .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, limit)
      .map(([document]) => set.documents[document]!.id);
  };
}
