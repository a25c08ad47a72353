import type { Principal, SourceId } from '#core/index.ts';
import type { Source } from '#rag/index.ts';
import { findSource } from './add-source.ts';
import { eventOf, type DocumentDeps } from './document-deps.ts';
import { queueFile } from './queue-file.ts';
import { queueScan } from './scan-source.ts';

const ENTRIES_PER_UNIT = 100;

/**
 * Lets nothing come in from a source until it goes on; files that are being read come in.
 * @throws {AppError} request.not_found
 */
export async function pauseSource(
  deps: DocumentDeps,
  principal: Principal,
  id: SourceId | undefined,
): Promise<Source> {
  const source = await findSource(deps, principal, id);
  const pausedAtMs = deps.clock.nowMs();
  const change = deps.sources.changeSource(source.id, { pausedAtMs });
  await deps.writer.write({ statements: [change], audit: [sourceEvent(deps, principal, source, 'paused')] });
  return { ...source, isPaused: true };
}

/**
 * Lets a source go on: what waits is queued again, and a folder is looked at.
 * @throws {AppError} request.not_found
 */
export async function resumeSource(
  deps: DocumentDeps,
  principal: Principal,
  id: SourceId | undefined,
): Promise<Source> {
  const source = await findSource(deps, principal, id);
  const looks = source.kind === 'folder' ? [queueScan(deps, source, principal)] : [];
  await deps.writer.write({
    statements: [deps.sources.changeSource(source.id, { pausedAtMs: null }), ...looks],
    audit: [sourceEvent(deps, principal, source, 'resumed')],
  });
  for (let afterKey = ''; ;) {
    const filter = { state: 'queued', afterKey, limit: ENTRIES_PER_UNIT } as const;
    const page = await deps.sources.listEntries(source.id, filter);
    const last = page.at(-1);
    if (last === undefined) break;
    const statements = page.flatMap((entry) => queueFile(deps, principal, entry));
    await deps.writer.write({ statements, audit: [] });
    afterKey = last.key;
  }
  deps.jobs.wake();
  return { ...source, isPaused: false };
}

/**
 * Removes a source: a job takes what came from it out of answers, its history stays.
 * @throws {AppError} request.not_found
 */
export async function removeSource(
  deps: DocumentDeps,
  principal: Principal,
  id: SourceId | undefined,
): Promise<Source> {
  const source = await findSource(deps, principal, id);
  const removedAtMs = deps.clock.nowMs();
  await deps.writer.write({
    statements: [
      deps.sources.changeSource(source.id, { removedAtMs, isWatched: false }),
      queueScan(deps, source, principal),
    ],
    audit: [sourceEvent(deps, principal, source, 'removed')],
  });
  deps.jobs.wake();
  return { ...source, isWatched: false, isRemoved: true };
}

function sourceEvent(
  deps: DocumentDeps,
  principal: Principal,
  { id, tenantId, collectionId }: Source,
  what: 'paused' | 'resumed' | 'removed',
) {
  const event = { kind: `source.${what}`, tenantId, atMs: deps.clock.nowMs() };
  return eventOf(principal, event, { sourceId: id, collectionId });
}
