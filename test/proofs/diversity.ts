import { readFileSync } from 'node:fs';
import { expectDigest, expectId } from '#core/index.ts';
import { createTableEmbedding } from '../../src/rag/embedding/table-embedding.ts';
import { chooseDiverse } from '../../src/rag/retrieval/diversity.ts';
import { groupNearDuplicates } from '../../src/rag/retrieval/near-duplicates.ts';
import { anEvidence } from '../support/fakes/evidence.ts';
import { openSet } from '../support/indexed-set.ts';
import { mean, recallAt } from '../support/retrieval-measures.ts';
import { readRetrievalSets, type RetrievalSet, type SetDocument } from '../support/retrieval-sets.ts';
import { NO_TEST_DATA, skipped, testDataFolder } from '../support/test-data.ts';
import { informative, judged, type Proof } from './proof.ts';

const SET = 'xquad-en';
/** Every third paragraph stands in so many more documents, with other names and numbers. */
const CROWDED_STEP = 3;
const VARIANTS = 14;
/** Of the words of a variant one in so many is another one. */
const CHANGED_STEP = 25;
const GIVEN = 10;
const CANDIDATES = 40;
const QUICK_STEP = 4;

/** A paragraph as a template is filled in: another number, another name now and then. */
function variantOf({ text, ...document }: SetDocument, number: number): SetDocument {
  let word = 0;
  const suffix = String.fromCharCode('a'.charCodeAt(0) + number);
  const changed = text.replaceAll(/\p{L}{4,}|\d+/gu, (found) => {
    if (++word % CHANGED_STEP !== number % CHANGED_STEP) return found;
    return /\d/.test(found) ? String(Number(found) + number + 1) : found + suffix;
  });
  return { ...document, id: `${document.id}~${number}`, text: changed };
}

interface Crowded {
  readonly set: RetrievalSet;
  readonly isCrowded: (id: string) => boolean;
}

function crowd(set: RetrievalSet): Crowded {
  const repeated = set.documents.filter((_, at) => at % CROWDED_STEP === 0);
  const variants = repeated.flatMap((one) => Array.from({ length: VARIANTS }, (_, at) => variantOf(one, at)));
  const ids = new Set(repeated.map(({ id }) => id));
  return { set: { ...set, documents: [...set.documents, ...variants] }, isCrowded: (id) => ids.has(id) };
}

export const proof: Proof = {
  promise:
    'One wording that many documents repeat does not crowd the others out of what an answer is made of.',
  async run({ isQuick }) {
    const data = testDataFolder();
    const sets = data === undefined ? [] : readRetrievalSets(data);
    const source = sets.find(({ name }) => name === SET);
    if (source === undefined) return skipped(NO_TEST_DATA);
    const table = new URL('../../src/rag/embedding/assets/bilingual-table.bin', import.meta.url);
    const digest = expectDigest(`sha256:${'0'.repeat(64)}`);
    const { set, isCrowded } = crowd(source);
    const open = await openSet(set, createTableEmbedding(readFileSync(table), digest));
    const recall = { alone: { before: [0], after: [0] }, crowded: { before: [0], after: [0] } };
    for (const { before, after } of Object.values(recall)) before.length = after.length = 0;
    for (const [at, query] of set.queries.entries()) {
      if (isQuick && at % QUICK_STEP !== 0) continue;
      const found = await open.find(query, CANDIDATES);
      const pieces = found.map(({ document, score }) =>
        anEvidence({
          text: set.documents[document]!.text,
          score,
          chunkId: expectId('chunk', `chk_${String(document).padStart(26, '0')}`),
        }),
      );
      const ranked = groupNearDuplicates(pieces).map((piece) => ({ piece, value: piece.score }));
      const { best, chosen } = chooseDiverse(ranked, GIVEN);
      const recallOf = (given: typeof best): number => {
        const ids = given.map(({ chunkId }) => set.documents[Number(chunkId.slice('chk_'.length))]!.id);
        return recallAt(ids, query.relevant, GIVEN);
      };
      const group = [...query.relevant.keys()].some(isCrowded) ? recall.crowded : recall.alone;
      group.before.push(recallOf(best));
      group.after.push(recallOf(chosen));
    }
    await open.close();
    const { alone, crowded } = recall;
    const missed = (values: readonly number[]): number => 1 - mean(values);
    return {
      figures: [
        informative('questions about a paragraph that stands alone', alone.after.length),
        informative('of which its paragraph is among the ten best', mean(alone.before).toFixed(3)),
        judged(
          'and among the ten given',
          mean(alone.after).toFixed(3),
          'half of those missed',
          missed(alone.after) <= missed(alone.before) / 2,
        ),
        informative(
          'questions about one of fifteen paragraphs that are alike: among the best, and given',
          `${mean(crowded.before).toFixed(3)}, ${mean(crowded.after).toFixed(3)} of ${crowded.after.length}`,
        ),
      ],
    };
  },
};
