import type { AttributeCondition, RetrievalIndex } from '#contracts/index.ts';
import { canonicalJson, type AccessFilter, type ChatMessage, type Evidence } from '#core/index.ts';
import { groupNearDuplicates } from './near-duplicates.ts';
import { rewriteQuestion } from './rewrite-question.ts';
import { SCORE_CONSTANTS } from './segments/score-weights.ts';

export interface RetrieveRequest {
  readonly messages: readonly ChatMessage[];
  readonly access: AccessFilter;
  readonly validAtMs: number;
  readonly recordedAtMs: number;
  /** Documents must have one of the values of every key. */
  readonly metadata?: Readonly<Record<string, readonly string[]>> | undefined;
}

export interface RetrievalDeps {
  readonly index: Pick<RetrievalIndex, 'search'>;
  listEvidence(
    hits: readonly { readonly row: Evidence['chunkRow']; readonly score: number }[],
    access: AccessFilter,
  ): Promise<Evidence[]>;
}

const EVIDENCE_LIMIT = 10;
/** Looked at where copies of each other take places away: so many copies of a document make no difference. */
const WIDER_LIMIT = 40;

/** How evidence is chosen, in canonical JSON: the way scores add up, their constants, and how many pieces are given. */
export const RANKING = canonicalJson({
  name: 'additive/1',
  score: {
    ...SCORE_CONSTANTS,
    sameLanguage: { ...SCORE_CONSTANTS.sameLanguage },
    otherLanguage: { ...SCORE_CONSTANTS.otherLanguage },
  },
  evidence: EVIDENCE_LIMIT,
  wider: WIDER_LIMIT,
});

/**
 * Finds the evidence for the last question of a conversation, completed from the turns before: filtered by rights
 * before scoring, and once more when the text is fetched. Of passages that are copies of each other one is given.
 */
export function createRetrieve(deps: RetrievalDeps) {
  return async (request: RetrieveRequest): Promise<readonly Evidence[]> => {
    const { access, validAtMs, recordedAtMs, metadata } = request;
    const { text, language } = rewriteQuestion(request.messages);
    const query = {
      text,
      language,
      access,
      validAtMs,
      recordedAtMs,
      limit: EVIDENCE_LIMIT,
      attributes: toConditions(metadata),
    };
    const found = await deps.listEvidence(await deps.index.search(query), access);
    const distinct = groupNearDuplicates(found);
    if (distinct.length === found.length) return found;
    const wider = await deps.index.search({ ...query, limit: WIDER_LIMIT });
    return groupNearDuplicates(await deps.listEvidence(wider, access)).slice(0, EVIDENCE_LIMIT);
  };
}

/** Typed filters as the index takes them: they act before scoring. */
function toConditions(metadata: RetrieveRequest['metadata']): AttributeCondition[] {
  return Object.entries(metadata ?? {}).map(([name, values]) => ({ type: 'one-of', name, values }));
}
