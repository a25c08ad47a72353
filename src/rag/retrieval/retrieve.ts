import type { RetrievalIndex } from '#contracts/index.ts';
import type { AccessFilter, ChatMessage, Evidence } from '#core/index.ts';

export interface RetrieveRequest {
  readonly messages: readonly ChatMessage[];
  readonly access: AccessFilter;
  readonly validAtMs: number;
  readonly recordedAtMs: number;
}

export interface RetrievalDeps {
  readonly index: RetrievalIndex;
  listEvidence(
    hits: readonly { readonly row: Evidence['chunkRow']; readonly score: number }[],
    access: AccessFilter,
  ): Promise<Evidence[]>;
}

const EVIDENCE_LIMIT = 10;

/** The last thing the person said; empty when they said nothing. */
export function questionOf(messages: readonly ChatMessage[]): string {
  return messages.findLast((message) => message.role === 'user')?.content ?? '';
}

/** Finds the evidence for a question: filtered by rights before scoring, and once more when the text is fetched. */
export function createRetrieve(deps: RetrievalDeps) {
  return async (request: RetrieveRequest): Promise<readonly Evidence[]> => {
    const { access, validAtMs, recordedAtMs } = request;
    const text = questionOf(request.messages);
    const query = { text, language: undefined, access, validAtMs, recordedAtMs, limit: EVIDENCE_LIMIT };
    return deps.listEvidence(await deps.index.search(query), access);
  };
}
