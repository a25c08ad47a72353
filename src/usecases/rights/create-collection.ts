import { AppError, principalKey, type CollectionId, type Principal } from '#core/index.ts';
import { basePolicy, LOCAL_ISSUER, subjectOf, type Subject } from '#identity/index.ts';
import type { NewId } from '#core/index.ts';
import type { DocumentStore } from '#rag/index.ts';
import { byPrincipal } from '../people/people-deps.ts';
import type { RightsDeps } from './rights-deps.ts';

export interface NewCollection {
  /** What requests call it: lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
}

/**
 * Makes a collection that its maker alone may read and owns, until they share it.
 * @throws {AppError} conflict.state when the name is taken, whether or not the caller may read that collection:
 * two collections of one name could not be told apart.
 */
export async function createCollection(
  deps: Pick<RightsDeps, 'access' | 'owners' | 'writer' | 'clock'> & {
    readonly documents: DocumentStore;
    readonly newId: NewId;
  },
  principal: Principal,
  { name, title }: NewCollection,
): Promise<CollectionId> {
  const { tenantId } = principal;
  if ((await deps.documents.findCollection(tenantId, name)) !== undefined)
    throw new AppError('conflict.state', `The name "${name}" is taken.`);
  const id = deps.newId('collection');
  const policy = basePolicy(id);
  const nowMs = deps.clock.nowMs();
  await deps.writer.write({ statements: [deps.access.createSet(tenantId, policy, nowMs)], audit: [] });
  const aclSet = await deps.access.findSet(tenantId, policy);
  if (aclSet === undefined) throw new Error('the access set that was just written is not there');
  const grant = {
    tenantId,
    collectionId: id,
    effect: 'allow' as const,
    subject: makerOf(principal),
    condition: undefined,
    createdAtMs: nowMs,
    createdBy: principalKey(principal),
  };
  await deps.writer.write({
    statements: [
      deps.documents.createCollection({ id, tenantId, name, title, aclSet, createdAtMs: nowMs }),
      deps.access.addGrant(grant),
      deps.owners.add(tenantId, id, grant),
    ],
    audit: [byPrincipal(principal, 'collection.created', { collectionId: id }, nowMs)],
  });
  return id;
}

/** Whoever works on this machine before anybody has an account makes collections for the administrators. */
function makerOf(principal: Principal): Subject {
  return principal.issuer === LOCAL_ISSUER ? subjectOf(principal) : 'role:administrator';
}
