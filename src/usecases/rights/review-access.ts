import {
  AppError,
  principalKey,
  type CollectionId,
  type DocumentId,
  type Principal,
  type TenantId,
  type UserId,
} from '#core/index.ts';
import {
  reviewKey,
  type ReviewMark,
  type ReviewStore,
  type ReviewedAccess,
  type User,
} from '#identity/index.ts';
import { byPrincipal } from '../people/people-deps.ts';
import {
  accessDigest,
  decideAccess,
  listReviewTargets,
  type DecidedAccess,
  type ReviewTarget,
} from './review-rows.ts';
import type { RightsDeps } from './rights-deps.ts';

/** What a review is made over. */
export interface ReviewDeps extends RightsDeps {
  readonly reviews: ReviewStore;
  /** When answers for a person last rested on a document, by document. */
  lastUses(tenantId: TenantId, userId: UserId): Promise<ReadonlyMap<DocumentId, LastUse>>;
}

/** That an answer rested on a document of a collection. */
export interface LastUse {
  readonly collectionId: CollectionId;
  readonly usedAtMs: number;
}

/** Where a page of the review ended; the next one begins after it. */
export type ReviewPlace = Pick<ReviewRow, 'userName' | 'collectionName' | 'documentId' | 'targetId'>;

/** What part of the tenant is reviewed; what is not named is not narrowed. */
export interface ReviewScope {
  readonly userId?: UserId | undefined;
  readonly collectionId?: CollectionId | undefined;
  /** Only what nobody marked since its reasons came about. */
  readonly isOpen?: boolean | undefined;
  readonly after?: ReviewPlace | undefined;
}

/** One thing that a person may read, with when it last was of use, and what a reviewer said. */
export interface ReviewRow extends DecidedAccess {
  readonly lastUsedAtMs: number | undefined;
  readonly mark: (ReviewMark & { readonly isCurrent: boolean }) | undefined;
}

/**
 * Everything that the people of a tenant may read and that the principal may manage or audit, by person: their
 * collections, and every document and chunk of which something of its own is said. Judged without a stated
 * purpose. Deactivated accounts read nothing and are left out. Being asked is recorded.
 */
export async function* reviewAccess(
  deps: ReviewDeps,
  principal: Principal,
  scope: ReviewScope = {},
): AsyncGenerator<ReviewRow> {
  const { tenantId } = principal;
  const fields = { userId: scope.userId ?? null, collectionId: scope.collectionId ?? null };
  const event = byPrincipal(principal, 'access.review_read', fields, deps.clock.nowMs());
  await deps.writer.write({ statements: [], audit: [event] });
  const marks = await deps.reviews.list(tenantId);
  for await (const { user, accesses } of decideAll(deps, principal, scope)) {
    const uses = await deps.lastUses(tenantId, user.id);
    for (const access of accesses) {
      if (scope.after !== undefined && comparePlaces(access, scope.after) <= 0) continue;
      const mark = marks.get(reviewKey(access));
      const isCurrent = mark?.reasonsDigest === accessDigest(access);
      if (scope.isOpen === true && isCurrent) continue;
      yield { ...access, lastUsedAtMs: lastUseOf(access, uses), mark: mark && { ...mark, isCurrent } };
    }
  }
}

/** What every person may read, one person at a time, by name; people who may read nothing are left out. */
async function* decideAll(
  deps: RightsDeps,
  principal: Principal,
  scope: ReviewScope,
): AsyncGenerator<{ readonly user: User; readonly accesses: readonly DecidedAccess[] }> {
  const { tenantId } = principal;
  const targets = await listReviewTargets(deps, principal, scope.collectionId);
  const memberships = await deps.users.memberships.list(tenantId);
  const nowMs = deps.clock.nowMs();
  const users = (await deps.users.list(tenantId)).toSorted((a, b) => compare(a.name, b.name));
  for (const user of users) {
    if (user.deactivatedAtMs !== undefined || (scope.userId ?? user.id) !== user.id) continue;
    if (scope.after !== undefined && compare(user.name, scope.after.userName) < 0) continue;
    const times = { memberships: memberships.get(user.id) ?? new Map(), createdAtMs: user.createdAtMs };
    const decide = (target: ReviewTarget) => decideAccess(user, target, { times, nowMs }) ?? [];
    const accesses = targets.flatMap(decide);
    if (accesses.length > 0) yield { user, accesses };
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function comparePlaces(a: ReviewPlace, b: ReviewPlace): number {
  return (
    compare(a.userName, b.userName) ||
    compare(a.collectionName, b.collectionName) ||
    compare(a.documentId ?? '', b.documentId ?? '') ||
    compare(a.targetId, b.targetId)
  );
}

/** A chunk counts as used when its document was. */
function lastUseOf(
  { collectionId, documentId }: DecidedAccess,
  uses: ReadonlyMap<DocumentId, LastUse>,
): number | undefined {
  if (documentId !== undefined) return uses.get(documentId)?.usedAtMs;
  const times = [...uses.values()].filter((use) => use.collectionId === collectionId);
  return times.length === 0 ? undefined : Math.max(...times.map(({ usedAtMs }) => usedAtMs));
}

/** What a reviewer says of one person's access. */
export interface ReviewStatement extends ReviewedAccess {
  readonly verdict: 'keep' | 'revoke';
  readonly note: string;
}

/**
 * Marks accesses as reviewed. It changes no right: what is marked to be revoked is taken away where it was given.
 * A mark holds as long as the reasons are the same. Returns how many were marked.
 * @throws {AppError} request.not_found for an access that is not there or not the principal's to review.
 */
export async function markReviewed(
  deps: ReviewDeps,
  principal: Principal,
  said: readonly ReviewStatement[],
): Promise<number> {
  const { tenantId } = principal;
  const wanted = new Map(said.map((one) => [reviewKey(one), one]));
  const nowMs = deps.clock.nowMs();
  const marks: ReviewMark[] = [];
  const by = { reviewedAtMs: nowMs, reviewedBy: principalKey(principal) };
  for await (const { accesses } of decideAll(deps, principal, {})) {
    for (const access of accesses) {
      const one = wanted.get(reviewKey(access));
      if (one !== undefined) marks.push({ ...one, ...by, reasonsDigest: accessDigest(access) });
    }
  }
  if (marks.length < wanted.size)
    throw new AppError(
      'request.not_found',
      'One of these accesses is not there any more. Load the list again.',
    );
  await deps.writer.write({
    statements: marks.map((mark) => deps.reviews.put(tenantId, mark)),
    audit: marks.map(({ userId, collectionId, targetId, verdict }) =>
      byPrincipal(principal, 'access.reviewed', { userId, collectionId, targetId, verdict }, nowMs),
    ),
  });
  return marks.length;
}
