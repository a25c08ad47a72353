import type { Job } from '#contracts/index.ts';
import { hasPermission, type EntryId, type JobId, type Principal } from '#core/index.ts';
import type { JobDocument } from '#gateway/index.ts';
import { entryIdOf, INGEST_KIND, manageableCollections } from '#usecases/index.ts';
import type { Parts } from './compose.ts';

/**
 * The documents that jobs read, by the jobs' ids: those that the principal may read, by their titles. A file that is
 * no document yet goes by its name, for those who keep its collection and see it among its files anyway. Jobs about
 * anything else, and about what the principal may not know, are left out.
 */
export async function documentsOfJobs(
  parts: Parts,
  principal: Principal,
  jobs: readonly Job[],
): Promise<ReadonlyMap<JobId, JobDocument>> {
  const entries = new Map<JobId, EntryId>();
  for (const { id, kind, payload } of jobs) {
    const entryId = kind === INGEST_KIND ? entryIdOf(payload) : undefined;
    if (entryId !== undefined) entries.set(id, entryId);
  }
  const entryIds = [...new Set(entries.values())];
  const known = new Map<EntryId, JobDocument>([
    ...(await listReadable(parts, principal, entryIds)),
    ...(await listUnread(parts, principal, entryIds)),
  ]);
  return new Map(
    [...entries].flatMap(([jobId, entryId]) => {
      const document = known.get(entryId);
      return document === undefined ? [] : [[jobId, document] as const];
    }),
  );
}

async function listReadable(
  { accessFilters, documentDetails }: Parts,
  principal: Principal,
  entryIds: readonly EntryId[],
): Promise<ReadonlyMap<EntryId, JobDocument>> {
  if (entryIds.length === 0 || !hasPermission(principal, 'documents.read')) return new Map();
  return documentDetails.listOfEntries(entryIds, await accessFilters.filterFor(principal));
}

async function listUnread(
  parts: Parts,
  principal: Principal,
  entryIds: readonly EntryId[],
): Promise<(readonly [EntryId, JobDocument])[]> {
  if (entryIds.length === 0 || !hasPermission(principal, 'documents.write')) return [];
  const managed = new Set((await manageableCollections(parts, principal)).values());
  const files = await parts.sources.listUnread(principal.tenantId, entryIds);
  return files.flatMap(({ id, key, collectionId }) =>
    managed.has(collectionId) ? [[id, { title: key, versionId: null }] as const] : [],
  );
}
