import type { IndexedChunk, RetrievalQuery } from '#contracts/index.ts';
import { expectAclSetId, expectChunkRow, makeId, mintAccessFilter } from '#core/index.ts';
import type { SyntheticChunk, SyntheticQuery } from './synthetic-corpus.ts';

const bytesOf = (number: number): Uint8Array => {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(12, number);
  return bytes;
};
const TENANT = makeId('tenant', bytesOf(1));

/** Words as they stand: what is measured is the index, not the analyser. */
export const plainAnalyzer = {
  version: 'plain/1',
  analyze(text: string): { stems: string[]; folded: string[]; grams: string[] } {
    const words = text === '' ? [] : text.split(' ');
    return { stems: words, folded: words, grams: [] };
  },
};

/** A synthetic chunk as the index takes it. Documents hold from a time of their own, as real ones do. */
export function toIndexedChunk(chunk: SyntheticChunk): IndexedChunk {
  return {
    row: expectChunkRow(chunk.row),
    chunkId: makeId('chunk', bytesOf(chunk.row)),
    documentId: makeId('document', bytesOf(chunk.document)),
    versionId: makeId('version', bytesOf(chunk.document)),
    collectionId: makeId('collection', bytesOf(chunk.collection)),
    aclSet: expectAclSetId(chunk.aclSet),
    language: 'cs',
    title: '',
    headingPath: [],
    text: chunk.text,
    validFromMs: chunk.document * 1000,
    validToMs: Infinity,
    recordedFromMs: chunk.document * 1000,
    recordedToMs: Infinity,
    vector: chunk.vector.slice(),
  };
}

/** A question over some access sets, as of a time when everything holds. */
export function toQuery(query: SyntheticQuery, aclSets: readonly number[], limit = 10): RetrievalQuery {
  return {
    text: query.text,
    language: 'cs',
    vector: query.vector,
    validAtMs: Date.UTC(2026, 0, 1),
    recordedAtMs: Date.UTC(2026, 0, 1),
    limit,
    access: mintAccessFilter({
      tenantId: TENANT,
      aclSets: new Set(aclSets.map(expectAclSetId)),
      collections: undefined,
      fingerprint: aclSets.join(','),
      decidedAtMs: 0,
    }),
  };
}
