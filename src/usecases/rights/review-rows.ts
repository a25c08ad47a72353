import { createHash } from 'node:crypto';
import { canonicalJson, type CollectionId, type DocumentId, type Principal } from '#core/index.ts';
import {
  allowedSinceMs,
  basePolicy,
  conditionText,
  decide,
  toPrincipal,
  type AccessTimes,
  type AclPolicy,
  type Grant,
  type Reason,
  type ReviewedAccess,
  type StatedOverride,
  type User,
} from '#identity/index.ts';
import { policiesOf } from './override-access.ts';
import { manageableCollections, type RightsDeps } from './rights-deps.ts';

/** What a person may read: why, and since when. */
export interface DecidedAccess extends ReviewedAccess {
  readonly userName: string;
  readonly displayName: string;
  readonly collectionName: string;
  readonly documentId: DocumentId | undefined;
  readonly isChunk: boolean;
  readonly reasons: readonly Reason[];
  /** Undefined when it is not known. */
  readonly sinceMs: number | undefined;
}

/** Something that is judged by itself: a collection, or what in it has something of its own said of it. */
export interface ReviewTarget {
  readonly collectionId: CollectionId;
  readonly collectionName: string;
  readonly targetId: string;
  readonly documentId: DocumentId | undefined;
  readonly policy: AclPolicy;
  readonly grants: readonly Grant[];
  readonly overriddenAtMs: number | undefined;
}

/** Every target that the principal may manage or audit, by collection and document. */
export async function listReviewTargets(
  deps: RightsDeps,
  principal: Principal,
  only: CollectionId | undefined,
): Promise<readonly ReviewTarget[]> {
  const { tenantId } = principal;
  const overrides = Map.groupBy(
    await deps.access.listAllOverrides(tenantId),
    ({ collectionId }) => collectionId,
  );
  const targets: ReviewTarget[] = [];
  for (const [collectionName, collectionId] of await manageableCollections(deps, principal)) {
    if (only !== undefined && only !== collectionId) continue;
    const grants = await deps.access.listGrants(tenantId, collectionId);
    const policy = basePolicy(collectionId);
    const common = { collectionId, collectionName, grants };
    targets.push({ ...common, policy, targetId: '', documentId: undefined, overriddenAtMs: undefined });
    const byDocument = Map.groupBy(overrides.get(collectionId) ?? [], ({ documentId }) => documentId);
    for (const said of byDocument.values()) {
      for (const exception of exceptionsOf(policy, said)) targets.push({ ...common, ...exception });
    }
  }
  return targets;
}

function exceptionsOf(
  base: AclPolicy,
  said: readonly StatedOverride[],
): readonly Pick<ReviewTarget, 'policy' | 'targetId' | 'documentId' | 'overriddenAtMs'>[] {
  const { document, chunks } = policiesOf(base, said);
  const policies = new Map<string, AclPolicy>(chunks);
  return said.map(({ target, targetId, documentId, updatedAtMs }) => ({
    policy: target === 'document' ? document : (policies.get(targetId) ?? document),
    targetId,
    documentId,
    overriddenAtMs: updatedAtMs,
  }));
}

/** What holds for one person and target; undefined when they may not read it. */
export function decideAccess(
  user: User,
  target: ReviewTarget,
  facts: {
    readonly times: Pick<AccessTimes, 'memberships' | 'createdAtMs'>;
    readonly nowMs: number;
  },
): DecidedAccess | undefined {
  const person = toPrincipal(user, { kind: 'system' });
  const context = { nowMs: facts.nowMs, purpose: undefined };
  const decision = decide(person, { tenantId: user.tenantId, ...target }, context);
  if (!decision.allowed) return undefined;
  const { collectionId, collectionName, targetId, documentId, overriddenAtMs } = target;
  return {
    userId: user.id,
    userName: user.name,
    displayName: user.displayName,
    collectionId,
    collectionName,
    targetId,
    documentId,
    isChunk: documentId !== undefined && targetId !== documentId,
    reasons: decision.reasons.filter(({ code }) => code === 'grant.allows'),
    sinceMs: allowedSinceMs(person, target, { context, times: { ...facts.times, overriddenAtMs } }),
  };
}

/** Equal as long as somebody may read something for the same reasons and since the same time. */
export function accessDigest({ reasons, sinceMs }: DecidedAccess): string {
  const text = canonicalJson({
    reasons: reasons
      .map((reason) =>
        [
          reason.code,
          'from' in reason ? reason.from : '',
          'subject' in reason ? reason.subject : '',
          'condition' in reason ? conditionText(reason.condition) : '',
        ].join(' '),
      )
      .toSorted(),
    sinceMs: sinceMs ?? null,
  });
  return createHash('sha256').update(text).digest('hex');
}
