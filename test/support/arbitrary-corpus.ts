import * as fc from 'fast-check';
import type { AttributeCondition, IndexedChunk, RetrievalQuery } from '#contracts/index.ts';
import { expectAclSetId, expectChunkRow, makeId, mintAccessFilter } from '#core/index.ts';

const bytes = (number: number): Uint8Array => new Uint8Array(16).fill(number);
const WORDS =
  'smlouva smlouvy nájem nájmu výpověď lhůta dovolená mzda price contract notice period leave'.split(' ');
const COLLECTIONS = [1, 2, 3].map((number) => makeId('collection', bytes(number)));
const LANGUAGES = ['cs', 'en'];
export const TENANT = makeId('tenant', bytes(9));

const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...WORDS), { maxLength, size: 'max' }).map((words) => words.join(' '));

/** A unit vector with coarse values, so that equal scores happen. */
export const unitVector = (dimensions: number): fc.Arbitrary<Float32Array> =>
  fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: dimensions, maxLength: dimensions })
    .map((values) => normalize(Float32Array.from(values)));

export function normalize(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

// Times come from a few moments, so that periods touch, overlap and end where a query asks.
const moment = fc.constantFrom(0, 10, 20, 30);
const period = fc.tuple(moment, fc.constantFrom(10, 20, 30, Infinity));

const attributes = fc.record(
  {
    year: fc.constantFrom(2023, 2024, 2025),
    department: fc.oneof(fc.constantFrom('hr', 'it'), fc.subarray(['hr', 'it', 'law'])),
    isDraft: fc.boolean(),
  },
  { requiredKeys: [] },
);

const chunkOf = (dimensions: number): fc.Arbitrary<Omit<IndexedChunk, 'row' | 'chunkId'>> =>
  fc
    .record({
      aclSet: fc.integer({ min: 1, max: 4 }),
      collectionId: fc.constantFrom(...COLLECTIONS),
      language: fc.constantFrom(...LANGUAGES),
      title: text(3),
      headingPath: fc.array(text(2), { maxLength: 2, size: 'max' }),
      text: text(20),
      valid: period,
      recorded: period,
      attributes,
      vector: fc.option(unitVector(dimensions), { nil: undefined, freq: 5 }),
    })
    .map(({ aclSet, valid, recorded, vector, ...rest }) => ({
      ...rest,
      aclSet: expectAclSetId(aclSet),
      documentId: makeId('document', bytes(1)),
      versionId: makeId('version', bytes(1)),
      validFromMs: valid[0],
      validToMs: valid[1],
      recordedFromMs: recorded[0],
      recordedToMs: recorded[1],
      ...(vector === undefined ? {} : { vector }),
    }));

/** Chunks over a few access sets, collections, languages, periods and attributes. */
export const arbitraryCorpus = (
  dimensions: number,
  maxLength = 40,
  minLength = 0,
): fc.Arbitrary<IndexedChunk[]> =>
  fc.array(chunkOf(dimensions), { minLength, maxLength, size: 'max' }).map((chunks) =>
    chunks.map((chunk, index) => ({
      ...chunk,
      row: expectChunkRow(index + 1),
      chunkId: makeId('chunk', bytes(index % 256)),
    })),
  );

const condition: fc.Arbitrary<AttributeCondition> = fc.oneof(
  fc.record({
    type: fc.constant('one-of' as const),
    name: fc.constantFrom('year', 'department', 'isDraft'),
    values: fc.array(fc.constantFrom<string | number | boolean>(2023, 2024, 'hr', true), { maxLength: 3 }),
  }),
  fc.record(
    {
      type: fc.constant('between' as const),
      name: fc.constantFrom('year', 'department'),
      atLeast: fc.constantFrom<string | number>(2024, 'hr'),
      atMost: fc.constantFrom<string | number>(2024, 2025, 'it'),
    },
    { requiredKeys: ['type', 'name'] },
  ),
);

/** What anyone may ask: any words, any rights, any time. */
export const arbitraryQuery = (dimensions: number): fc.Arbitrary<RetrievalQuery> =>
  fc
    .record({
      text: text(6),
      language: fc.constantFrom('cs', 'en', undefined),
      aclSets: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 5, size: 'max' }),
      collections: fc.option(fc.uniqueArray(fc.constantFrom(...COLLECTIONS)), { nil: undefined, freq: 2 }),
      validAtMs: fc.constantFrom(0, 5, 10, 20, 25, 30),
      recordedAtMs: fc.constantFrom(0, 5, 10, 20, 25, 30),
      limit: fc.integer({ min: 1, max: 50 }),
      halfLifeMs: fc.option(fc.constantFrom(2, 10), { nil: undefined, freq: 2 }),
      vector: fc.option(unitVector(dimensions), { nil: undefined, freq: 4 }),
      attributes: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(condition, { maxLength: 2 }) },
      ),
    })
    .map(({ aclSets, collections, vector, ...rest }) => ({
      ...rest,
      access: mintAccessFilter({
        tenantId: TENANT,
        aclSets: new Set(aclSets.map(expectAclSetId)),
        collections: collections && new Set(collections),
        fingerprint: aclSets.join(','),
        decidedAtMs: 0,
      }),
      ...(vector === undefined ? {} : { vector }),
    }));
