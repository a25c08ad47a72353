import type { RightsRouteDeps } from '#gateway/index.ts';
import { readEntry, readOverride, type Condition, type Decision } from '#identity/index.ts';
import {
  checkMayManage,
  explainPerson,
  explainTarget,
  grantAccess,
  overrideAccess,
  revokeGrant,
} from '#usecases/index.ts';
import type { Parts } from './compose.ts';

const iso = (timeMs: number): string => new Date(timeMs).toISOString();
/** An attribute rule as replies show it. */
export const toCondition = (condition: Condition) => ({ ...condition });

/** Reasons as replies show them. */
export function toReasons(reasons: Decision['reasons']) {
  return reasons.map((reason) => ({
    code: reason.code,
    ...('from' in reason && { from: reason.from }),
    ...('subject' in reason && { subject: reason.subject }),
    ...('condition' in reason && { condition: toCondition(reason.condition) }),
  }));
}

const toDecision = ({ allowed, reasons }: Decision) => ({ allowed, reasons: toReasons(reasons) });

/** Wires grants, exceptions and explanations. */
export function createRightsRouteDeps({ people, ...parts }: Parts): RightsRouteDeps {
  const deps = { ...parts, users: people.users, groups: people.groups };
  return {
    async listGrants(principal, collectionId) {
      await checkMayManage(deps, principal, collectionId);
      const grants = await deps.access.listGrants(principal.tenantId, collectionId);
      return grants.map(({ id, effect, subject, condition, createdAtMs, createdBy }) => ({
        id,
        effect,
        subject,
        condition: condition === undefined ? null : toCondition(condition),
        createdAt: iso(createdAtMs),
        createdBy,
      }));
    },
    grantAccess: (principal, collectionId, body) =>
      grantAccess(deps, principal, { collectionId, entry: readEntry(body) }),
    revokeGrant: (principal, collectionId, grantId) =>
      revokeGrant(deps, principal, { collectionId, grantId }),
    overrideAccess: (principal, target, body) =>
      overrideAccess(deps, principal, { ...target, override: body && readOverride(body) }),
    async explainTarget(principal, target) {
      const people = await explainTarget(deps, principal, target);
      return people.map(({ userId, displayName, ...decision }) => ({
        userId,
        displayName,
        ...toDecision(decision),
      }));
    },
    async explainPerson(principal, of) {
      const targets = await explainPerson(deps, principal, of);
      return targets.map(({ collectionId, documentId, ...decision }) => ({
        collectionId,
        documentId: documentId ?? null,
        ...toDecision(decision),
      }));
    },
  };
}
