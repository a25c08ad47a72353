import { AppError, principalKey, type CollectionId, type Principal } from '#core/index.ts';
import { conditionText, type Entry, type Subject } from '#identity/index.ts';
import { byPrincipal } from '../people/people-deps.ts';
import { checkMayManage, type RightsDeps } from './rights-deps.ts';

/**
 * Grants or denies a subject access to a collection; it acts on the next query. Returns the grant's id.
 * @throws {AppError} collection.not_found, input.invalid for a group that does not exist.
 */
export async function grantAccess(
  deps: RightsDeps,
  principal: Principal,
  request: { readonly collectionId: CollectionId; readonly entry: Entry },
): Promise<number> {
  const { collectionId, entry } = request;
  await checkMayManage(deps, principal, collectionId);
  await checkSubjects(deps, principal, [entry.subject]);
  const { tenantId } = principal;
  const nowMs = deps.clock.nowMs();
  const grant = {
    ...entry,
    tenantId,
    collectionId,
    createdAtMs: nowMs,
    createdBy: principalKey(principal),
  };
  const { rows } = await deps.writer.write({
    statements: [deps.access.addGrant(grant)],
    audit: [byPrincipal(principal, 'grant.added', { collectionId, ...toFields(entry) }, nowMs)],
  });
  return Number(rows[0]?.[0]?.['id']);
}

const toFields = ({ effect, subject, condition }: Entry) => ({
  effect,
  subject,
  condition: condition ? conditionText(condition) : null,
});

/** @throws {AppError} input.invalid when a subject is a group that the tenant does not have. */
export async function checkSubjects(
  deps: Pick<RightsDeps, 'groups'>,
  { tenantId }: Principal,
  subjects: readonly Subject[],
): Promise<void> {
  const groups = subjects.filter((subject) => subject.startsWith('group:'));
  if (groups.length === 0) return;
  const known = new Set((await deps.groups.list(tenantId)).map(({ id }) => `group:${id}`));
  const missing = groups.find((group) => !known.has(group));
  if (missing !== undefined)
    throw new AppError('input.invalid', `There is no ${missing.replace(':', ' ')}.`, {
      details: { param: 'subject' },
    });
}

/**
 * Takes a grant away; it acts on the next query.
 * @throws {AppError} collection.not_found, request.not_found.
 */
export async function revokeGrant(
  deps: RightsDeps,
  principal: Principal,
  request: { readonly collectionId: CollectionId; readonly grantId: number },
): Promise<void> {
  const { collectionId, grantId } = request;
  await checkMayManage(deps, principal, collectionId);
  const { tenantId } = principal;
  const grants = await deps.access.listGrants(tenantId, collectionId);
  const grant = grants.find(({ id }) => id === grantId);
  if (grant === undefined) throw new AppError('request.not_found', 'There is no such grant.');
  const fields = { collectionId, grantId, ...toFields(grant) };
  await deps.writer.write({
    statements: [deps.access.removeGrant(tenantId, collectionId, grantId)],
    audit: [byPrincipal(principal, 'grant.removed', fields, deps.clock.nowMs())],
  });
}
