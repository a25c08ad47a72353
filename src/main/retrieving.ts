import { isMinted, mayRead, type AnswerScope, type Evidence, type Principal } from '#core/index.ts';
import { createRetrieve, type RetrieveRequest } from '#rag/index.ts';
import { withinLimits } from '#usecases/index.ts';
import type { Parts } from './compose.ts';

/** Finds evidence over the product's index and texts. */
export function retrieveWith(parts: Parts): (request: RetrieveRequest) => Promise<readonly Evidence[]> {
  return createRetrieve({
    index: parts.index,
    listEvidence: (hits, access) => parts.chunks.listEvidence(hits, access),
  });
}

/** The evidence for one question of a principal, each piece checked once more on its way out. */
async function retrieveFor(
  parts: Parts,
  principal: Principal,
  { question, scope }: { readonly question: string; readonly scope: AnswerScope },
): Promise<readonly Evidence[]> {
  const nowMs = parts.clock.nowMs();
  const { collections, validAtMs = nowMs, recordedAtMs = nowMs, metadata, purpose } = scope;
  const access = await parts.accessFilters.filterFor(principal, { collections, purpose });
  const messages = [{ role: 'user' as const, content: question }];
  const found = await retrieveWith(parts)({ messages, access, validAtMs, recordedAtMs, metadata });
  return found.filter((piece) => {
    if (isMinted(access) && mayRead(access, piece.aclSet, piece.collectionId)) return true;
    parts.metrics.countForbiddenChunk();
    return false;
  });
}

/** The same within the principal's limits: what finds evidence for answers made elsewhere is not free. */
export function retrieveLimited(
  parts: Parts,
  principal: Principal,
  asked: { readonly question: string; readonly scope: AnswerScope },
): Promise<readonly Evidence[]> {
  return withinLimits(parts, principal, asked.question, () => retrieveFor(parts, principal, asked));
}
