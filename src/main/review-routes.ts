import { AppError, parseId, type DocumentId, type Principal, type TenantId } from '#core/index.ts';
import type { ManagedCollectionsDeps, ReviewRouteDeps } from '#gateway/index.ts';
import { isSubject, LOCAL_ISSUER, type Subject } from '#identity/index.ts';
import {
  addOwner,
  checkMayManage,
  manageableCollections,
  markReviewed,
  removeOwner,
  reviewAccess,
  type ReviewDeps,
  type ReviewRow,
  type ReviewScope,
} from '#usecases/index.ts';
import { ReviewPlace, type ReviewQuery, type ReviewRowBody } from '#wire/admin/index.ts';
import type { Parts } from './compose.ts';
import { toCondition, toReasons } from './rights-routes.ts';

const iso = (timeMs: number): string => new Date(timeMs).toISOString();
const isoOrNull = (timeMs: number | undefined): string | null => (timeMs === undefined ? null : iso(timeMs));

function invalid(param: string, what: string): AppError {
  return new AppError('input.invalid', `"${param}" is not ${what}.`, { details: { param } });
}

/** Where a page ended, as text that means nothing to whoever carries it. */
function encodePlace({ userName, collectionName, documentId, targetId }: ReviewRow): string {
  const place = [userName, collectionName, documentId ?? '', targetId];
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws {AppError} input.invalid */
function decodePlace(text: string): NonNullable<ReviewScope['after']> {
  try {
    const json: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    const [userName, collectionName, document, targetId] = ReviewPlace.parse(json);
    return { userName, collectionName, documentId: parseId('document', document), targetId };
  } catch (cause) {
    throw new AppError('input.invalid', '"after" is not the "next" of a page.', {
      details: { param: 'after' },
      cause,
    });
  }
}

/** @throws {AppError} input.invalid */
function toScope(query: Pick<ReviewQuery, 'userId' | 'collectionId' | 'state'>): ReviewScope {
  const userId = query.userId === undefined ? undefined : parseId('user', query.userId);
  if (query.userId !== undefined && userId === undefined) throw invalid('userId', 'the id of a person');
  const collectionId =
    query.collectionId === undefined ? undefined : parseId('collection', query.collectionId);
  if (query.collectionId !== undefined && collectionId === undefined)
    throw invalid('collectionId', 'the id of a collection');
  return { userId, collectionId, isOpen: query.state === 'open' };
}

function toRow(row: ReviewRow, titles: ReadonlyMap<DocumentId, string>): ReviewRowBody {
  const { mark, documentId } = row;
  return {
    userId: row.userId,
    userName: row.userName,
    displayName: row.displayName,
    collectionId: row.collectionId,
    collectionName: row.collectionName,
    kind: documentId === undefined ? 'collection' : row.isChunk ? 'chunk' : 'document',
    targetId: row.targetId === '' ? null : row.targetId,
    documentId: documentId ?? null,
    documentTitle: (documentId && titles.get(documentId)) ?? null,
    reasons: toReasons(row.reasons),
    since: isoOrNull(row.sinceMs),
    lastUsedAt: isoOrNull(row.lastUsedAtMs),
    review: mark
      ? {
          verdict: mark.verdict,
          note: mark.note,
          reviewedAt: iso(mark.reviewedAtMs),
          reviewedBy: mark.reviewedBy,
          isCurrent: mark.isCurrent,
        }
      : null,
  };
}

/** Titles of documents, as far as the principal may read them: managing a right reads nothing. */
async function readableTitles(
  { accessFilters, documents }: Parts,
  principal: Principal,
): Promise<ReadonlyMap<DocumentId, string>> {
  const access = await accessFilters.filterFor(principal);
  const lists = await Promise.all(
    (await documents.listCollections(access)).map(({ id }) => documents.listDocuments(id, access)),
  );
  return new Map(lists.flat().map(({ id, title }) => [id, title]));
}

async function lastUses(parts: Parts, tenantId: TenantId, subject: string) {
  const uses = await parts.answerUses.listLastUses(tenantId, { issuer: LOCAL_ISSUER, subject });
  return new Map(uses.map(({ documentId, ...use }) => [documentId, use]));
}

/** Wires reviews of access. */
export function createReviewRouteDeps(parts: Parts): ReviewRouteDeps {
  const { people } = parts;
  const deps: ReviewDeps = {
    ...parts,
    users: people.users,
    groups: people.groups,
    lastUses: (tenantId, userId) => lastUses(parts, tenantId, userId),
  };
  return {
    async reviewPage(principal, query) {
      const after = query.after === undefined ? undefined : decodePlace(query.after);
      const scope = { ...toScope(query), after };
      const rows: ReviewRow[] = [];
      for await (const row of reviewAccess(deps, principal, scope)) {
        rows.push(row);
        if (rows.length > query.limit) break;
      }
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      const titles = await readableTitles(parts, principal);
      return {
        rows: page.map((row) => toRow(row, titles)),
        next: rows.length > page.length && last !== undefined ? encodePlace(last) : null,
      };
    },
    // What is wrong with the query is said before the first line of the reply.
    reviewRows: (principal, query) => exportRows(parts, deps, principal, toScope(query)),
    markReviewed: (principal, { marks }) =>
      markReviewed(
        deps,
        principal,
        marks.map(({ userId, collectionId, targetId, ...said }) => {
          const user = parseId('user', userId);
          const collection = parseId('collection', collectionId);
          if (user === undefined) throw invalid('userId', 'the id of a person');
          if (collection === undefined) throw invalid('collectionId', 'the id of a collection');
          return { ...said, userId: user, collectionId: collection, targetId: targetId ?? '' };
        }),
      ),
  };
}

async function* exportRows(
  parts: Parts,
  deps: ReviewDeps,
  principal: Principal,
  scope: ReviewScope,
): AsyncGenerator<ReviewRowBody> {
  const titles = await readableTitles(parts, principal);
  for await (const row of reviewAccess(deps, principal, scope)) yield toRow(row, titles);
}

/** @throws {AppError} input.invalid */
function expectSubject(text: string): Subject {
  if (!isSubject(text)) throw invalid('subject', 'a subject: group:…, role:… or principal:…/…');
  return text;
}

/** Wires what those see of collections who answer for them. */
export function createManagedCollectionsDeps(parts: Parts): ManagedCollectionsDeps {
  const deps = { ...parts, users: parts.people.users, groups: parts.people.groups };
  return {
    listManaged: async (principal) =>
      [...(await manageableCollections(parts, principal))].map(([name, id]) => ({ id, name })),
    async listOwners(principal, collectionId) {
      await checkMayManage(parts, principal, collectionId);
      const owners = await parts.owners.listOwners(principal.tenantId, collectionId);
      return owners.map(({ subject, createdAtMs, createdBy }) => ({
        subject,
        createdAt: iso(createdAtMs),
        createdBy,
      }));
    },
    addOwner: (principal, collectionId, subject) =>
      addOwner(deps, principal, { collectionId, subject: expectSubject(subject) }),
    removeOwner: (principal, collectionId, subject) =>
      removeOwner(deps, principal, { collectionId, subject: expectSubject(subject) }),
    async listExceptions(principal, of) {
      if ('collectionId' in of) await checkMayManage(parts, principal, of.collectionId);
      const managed = new Set((await manageableCollections(parts, principal)).values());
      const all = await parts.access.listAllOverrides(principal.tenantId);
      const shown = all.filter(
        (one) =>
          managed.has(one.collectionId) &&
          ('collectionId' in of ? one.collectionId === of.collectionId : one.documentId === of.documentId),
      );
      if ('documentId' in of) await checkDocument(parts, principal, of.documentId, managed);
      const titles = shown.length === 0 ? new Map() : await readableTitles(parts, principal);
      return shown.map(({ documentId, target, targetId, override, updatedAtMs }) => ({
        documentId,
        documentTitle: titles.get(documentId) ?? null,
        chunkId: target === 'chunk' ? targetId : null,
        inherits: override.inherits,
        entries: override.entries.map(({ effect, subject, condition }) => ({
          effect,
          subject,
          condition: condition === undefined ? null : toCondition(condition),
        })),
        rules: override.rules.map(toCondition),
        updatedAt: iso(updatedAtMs),
      }));
    },
  };
}

/** @throws {AppError} document.not_found for one that is not there or not theirs to manage, alike. */
async function checkDocument(
  { assignments }: Parts,
  { tenantId }: Principal,
  documentId: DocumentId,
  managed: ReadonlySet<string>,
): Promise<void> {
  const document = await assignments.findDocument(tenantId, documentId);
  if (document === undefined || !managed.has(document.collectionId))
    throw new AppError('document.not_found', 'There is no such document.');
}
