import type {
  AttributeCondition,
  Hit,
  RerankingModel,
  RetrievalIndex,
  RetrievalQuery,
} from '#contracts/index.ts';
import {
  canonicalJson,
  type AccessFilter,
  type ChatMessage,
  type Evidence,
  type MetadataFilters,
} from '#core/index.ts';
import { chooseDiverse, DIVERSITY, isRepetitive, type DiverseChoice } from './diversity.ts';
import { groupNearDuplicates } from './near-duplicates.ts';
import type { QuestionReader } from './question-reader.ts';
import { byScore, RERANKING, rerankEvidence } from './rerank-evidence.ts';
import { rewriteQuestion } from './rewrite-question.ts';
import { searchWordings } from './search-wordings.ts';
import { MAX_WORDINGS, type Synonyms, type Wording } from '../synonyms/word-question.ts';
import { SCORE_CONSTANTS } from './segments/score-weights.ts';

export interface RetrieveRequest {
  readonly messages: readonly ChatMessage[];
  readonly access: AccessFilter;
  readonly validAtMs: number;
  readonly recordedAtMs: number;
  readonly metadata?: MetadataFilters | undefined;
  readonly halfLifeMs?: number | undefined;
  /** Other wordings of the question are looked for too. */
  readonly synonyms?: Synonyms | undefined;
  /** Looks at the best passages again, where there is one. */
  readonly reranker?: RerankingModel | undefined;
}

export interface RetrievalDeps {
  readonly index: Pick<RetrievalIndex, 'search'>;
  /** The index as one question reads it, where a chosen model makes the question's vector. */
  readerFor?(text: string): Promise<QuestionReader>;
  listEvidence(
    hits: readonly { readonly row: Evidence['chunkRow']; readonly score: number }[],
    access: AccessFilter,
  ): Promise<Evidence[]>;
}

const EVIDENCE_LIMIT = 10;
/** Looked at where passages that are alike take places away: so many copies of a document make no difference. */
const WIDER_LIMIT = 40;

/** How evidence is chosen, in canonical JSON: the way scores add up, their constants, and how many pieces are given. */
export const RANKING = canonicalJson({
  name: 'additive/1',
  score: {
    ...SCORE_CONSTANTS,
    sameLanguage: { ...SCORE_CONSTANTS.sameLanguage },
    otherLanguage: { ...SCORE_CONSTANTS.otherLanguage },
    encoder: { ...SCORE_CONSTANTS.encoder },
  },
  evidence: EVIDENCE_LIMIT,
  wider: WIDER_LIMIT,
  reranking: { ...RERANKING },
  diversity: { ...DIVERSITY },
  wordings: MAX_WORDINGS,
});

/**
 * Finds the evidence for the last question of a conversation, completed from the turns before: filtered by rights
 * before scoring, and once more when the text is fetched. Of passages that are copies of each other one is given, and
 * of those that are nearly alike no more than leave room for others.
 */
export function createRetrieve(deps: RetrievalDeps) {
  return async (request: RetrieveRequest): Promise<readonly Evidence[]> =>
    (await chooseEvidence(deps, request)).chosen;
}

/** What `createRetrieve` gives, with what gave way to it. */
export async function chooseEvidence(deps: RetrievalDeps, request: RetrieveRequest): Promise<DiverseChoice> {
  const { access, reranker } = request;
  const query = toQuery(request);
  const index = await searchWordings(deps, [query.text, ...wordingsOf(request).map(({ text }) => text)]);
  const find = async (limit: number) =>
    deps.listEvidence((await index.search({ ...query, limit })).map(toJudged), access);
  if (reranker !== undefined) {
    const distinct = groupNearDuplicates(await find(WIDER_LIMIT));
    return chooseDiverse(await rerankEvidence(reranker, query.text, distinct), EVIDENCE_LIMIT);
  }
  const found = await find(EVIDENCE_LIMIT);
  const isVaried = groupNearDuplicates(found).length === found.length && !isRepetitive(found);
  // Most questions end here: a wider look would choose the same.
  if (isVaried) return { chosen: found, best: found, redundant: [] };
  const wider = groupNearDuplicates(await find(WIDER_LIMIT));
  return chooseDiverse(wider.map(byScore), EVIDENCE_LIMIT);
}

/** A hit with the score that evidence is judged by; its place among the others stays. */
export function toJudged({ row, score, signals }: Hit): Pick<Hit, 'row' | 'score'> {
  return { row, score: signals['judged'] ?? score };
}

/** The question of a request in other words, where its synonyms give some. */
export function wordingsOf({
  messages,
  synonyms,
}: Pick<RetrieveRequest, 'messages' | 'synonyms'>): readonly Wording[] {
  if (synonyms === undefined) return [];
  const { text, language } = rewriteQuestion(messages);
  return synonyms.reword(text, language);
}

/** The request as the index takes it. */
export function toQuery(request: RetrieveRequest): RetrievalQuery {
  const { access, validAtMs, recordedAtMs, metadata, halfLifeMs } = request;
  const { text, language } = rewriteQuestion(request.messages);
  return {
    text,
    language,
    access,
    validAtMs,
    recordedAtMs,
    limit: EVIDENCE_LIMIT,
    attributes: toConditions(metadata),
    halfLifeMs,
  };
}

/** Typed filters as the index takes them: they act before scoring. */
function toConditions(metadata: MetadataFilters | undefined): AttributeCondition[] {
  return Object.entries(metadata ?? {}).map(([name, filter]): AttributeCondition => {
    if ('from' in filter || 'to' in filter) {
      const { from, to } = filter;
      return {
        type: 'between',
        name,
        ...(from !== undefined && { atLeast: from }),
        ...(to !== undefined && { atMost: to }),
      };
    }
    // Sidecars state everything as text.
    const values = isList(filter) ? filter.flatMap((value) => [value, String(value)]) : [];
    return { type: 'one-of', name, values };
  });
}

function isList(filter: MetadataFilters[string]): filter is readonly (string | number | boolean)[] {
  return Array.isArray(filter);
}
