import { AppError, type CollectionId, type DocumentId, type Principal, type UserId } from '#core/index.ts';
import {
  basePolicy,
  decide,
  toPrincipal,
  type AclPolicy,
  type Decision,
  type DecisionContext,
  type Entry,
  type User,
} from '#identity/index.ts';
import { byPrincipal } from '../people/people-deps.ts';
import { checkMayManage, manageableCollections, type RightsDeps } from './rights-deps.ts';

/** What holds for one person, and why. */
export interface PersonVerdict extends Decision {
  readonly userId: UserId;
  readonly displayName: string;
}

/** What holds for one collection or document, and why. */
export interface TargetVerdict extends Decision {
  readonly collectionId: CollectionId;
  /** Undefined for everything in the collection of which nothing else is said. */
  readonly documentId: DocumentId | undefined;
}

/**
 * Who may read a collection, or one document of it, and why; who may not, and why not. Everybody of the tenant
 * is judged as they would be now, with the purpose that is named or none. Being asked is recorded.
 * @throws {AppError} collection.not_found, document.not_found.
 */
export async function explainTarget(
  deps: RightsDeps,
  principal: Principal,
  target: {
    readonly collectionId?: CollectionId;
    readonly documentId?: DocumentId;
    /** As if they stated it. */
    readonly purpose?: string | undefined;
  },
): Promise<readonly PersonVerdict[]> {
  const { tenantId } = principal;
  const { collectionId, policy } = await findPolicy(deps, principal, target);
  await checkMayManage(deps, principal, collectionId);
  const grants = await deps.access.listGrants(tenantId, collectionId);
  const context = { nowMs: deps.clock.nowMs(), purpose: target.purpose };
  const users = await deps.users.list(tenantId);
  await record(deps, principal, { collectionId, documentId: target.documentId ?? null });
  return users.map((user) => ({
    userId: user.id,
    displayName: user.displayName,
    ...judge(user, { policy, grants }, context),
  }));
}

async function findPolicy(
  deps: RightsDeps,
  { tenantId }: Principal,
  target: { readonly collectionId?: CollectionId; readonly documentId?: DocumentId },
): Promise<{ readonly collectionId: CollectionId; readonly policy: AclPolicy }> {
  if (target.documentId !== undefined) {
    const document = await deps.assignments.findDocument(tenantId, target.documentId);
    const policy = document && (await deps.access.findPolicy(tenantId, document.aclSet));
    if (document === undefined || policy === undefined)
      throw new AppError('document.not_found', 'There is no such document.');
    return { collectionId: document.collectionId, policy };
  }
  if (target.collectionId === undefined)
    throw new AppError('collection.not_found', 'There is no such collection.');
  return { collectionId: target.collectionId, policy: basePolicy(target.collectionId) };
}

function judge(
  user: User,
  { policy, grants }: { readonly policy: AclPolicy; readonly grants: readonly Entry[] },
  context: DecisionContext,
): Decision {
  const person = toPrincipal(user, { kind: 'system' });
  const judged = { tenantId: user.tenantId, policy, grants };
  const decision = decide(person, judged, context);
  if (user.deactivatedAtMs === undefined) return decision;
  return { allowed: false, reasons: [{ code: 'account.deactivated' }, ...decision.reasons] };
}

/**
 * What one person may read and why, and what not: every collection of the tenant, and every document of which
 * something of its own is said.
 * @throws {AppError} request.not_found.
 */
export async function explainPerson(
  deps: RightsDeps,
  principal: Principal,
  { userId, purpose }: { readonly userId: UserId; readonly purpose?: string | undefined },
): Promise<readonly TargetVerdict[]> {
  const { tenantId } = principal;
  const user = await deps.users.find(tenantId, userId);
  if (user === undefined) throw new AppError('request.not_found', 'There is no such person.');
  const context = { nowMs: deps.clock.nowMs(), purpose };
  const verdicts: TargetVerdict[] = [];
  const shown = new Set((await manageableCollections(deps, principal)).values());
  for (const collectionId of shown) {
    const grants = await deps.access.listGrants(tenantId, collectionId);
    const decision = judge(user, { policy: basePolicy(collectionId), grants }, context);
    verdicts.push({ collectionId, documentId: undefined, ...decision });
  }
  for (const { documentId, collectionId, aclSet } of await deps.assignments.listExceptions(tenantId)) {
    const policy = await deps.access.findPolicy(tenantId, aclSet);
    if (policy === undefined || !shown.has(collectionId)) continue;
    const grants = await deps.access.listGrants(tenantId, collectionId);
    verdicts.push({ collectionId, documentId, ...judge(user, { policy, grants }, context) });
  }
  await record(deps, principal, { userId });
  return verdicts;
}

function record(deps: RightsDeps, principal: Principal, fields: Readonly<Record<string, string | null>>) {
  const event = byPrincipal(principal, 'access.explained', fields, deps.clock.nowMs());
  return deps.writer.write({ statements: [], audit: [event] });
}
