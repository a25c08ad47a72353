import { AppError, principalKey, type CollectionId, type Principal } from '#core/index.ts';
import { LOCAL_ISSUER, type Subject } from '#identity/index.ts';
import { byPrincipal } from '../people/people-deps.ts';
import { checkSubjects } from './grant-access.ts';
import { checkMayManage, type RightsDeps } from './rights-deps.ts';

interface OwnerRequest {
  readonly collectionId: CollectionId;
  readonly subject: Subject;
}

/**
 * Makes a person, a group or a role answer for a collection: whoever of them has the role of a collection owner
 * manages its rights and documents, and reads none of them by that.
 * @throws {AppError} collection.not_found; input.invalid for a subject that does not exist, for `everyone`, and
 * for a person whose roles would let them do nothing with it.
 */
export async function addOwner(deps: RightsDeps, principal: Principal, request: OwnerRequest): Promise<void> {
  const { collectionId, subject } = request;
  const { tenantId } = principal;
  await checkMayManage(deps, principal, collectionId);
  if (subject === 'everyone')
    throw notOwner('Everyone answers for nothing: name a person, a group or a role.');
  await checkSubjects(deps, principal, [subject]);
  await checkRole(deps, principal, subject);
  const nowMs = deps.clock.nowMs();
  const owner = { subject, createdAtMs: nowMs, createdBy: principalKey(principal) };
  await deps.writer.write({
    statements: [deps.owners.add(tenantId, collectionId, owner)],
    audit: [byPrincipal(principal, 'owner.added', { collectionId, subject }, nowMs)],
  });
}

const notOwner = (message: string) =>
  new AppError('input.invalid', message, { details: { param: 'subject' } });

/** @throws {AppError} input.invalid when a person of ours is not there or has no role for it. */
async function checkRole(deps: RightsDeps, { tenantId }: Principal, subject: Subject): Promise<void> {
  const prefix = `principal:${LOCAL_ISSUER}/`;
  if (!subject.startsWith(prefix)) return;
  const id = subject.slice(prefix.length);
  const user = (await deps.users.list(tenantId)).find((one) => one.id === id);
  if (user === undefined) throw notOwner('There is no such person.');
  if (!user.roles.includes('collection-owner') && !user.roles.includes('administrator'))
    throw notOwner('Give them the role collection-owner first: without it they can manage nothing.');
}

/** Takes an owner away. @throws {AppError} collection.not_found, request.not_found. */
export async function removeOwner(
  deps: RightsDeps,
  principal: Principal,
  request: OwnerRequest,
): Promise<void> {
  const { collectionId, subject } = request;
  const { tenantId } = principal;
  await checkMayManage(deps, principal, collectionId);
  const owners = await deps.owners.listOwners(tenantId, collectionId);
  if (!owners.some((owner) => owner.subject === subject))
    throw new AppError('request.not_found', 'There is no such owner.');
  await deps.writer.write({
    statements: [deps.owners.remove(tenantId, collectionId, subject)],
    audit: [byPrincipal(principal, 'owner.removed', { collectionId, subject }, deps.clock.nowMs())],
  });
}
