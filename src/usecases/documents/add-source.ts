import { AppError, type CollectionId, type Principal, type SourceId } from '#core/index.ts';
import type { Statement } from '#contracts/index.ts';
import type { Source, SourceEntry } from '#rag/index.ts';
import { createCollection } from '../rights/create-collection.ts';
import { checkMayManage } from '../rights/rights-deps.ts';
import { eventOf, type DocumentDeps } from './document-deps.ts';
import { keepPasswords } from './document-passwords.ts';
import { queueFile } from './queue-file.ts';
import { queueScan } from './scan-source.ts';

export interface NewSource {
  /** Name of the collection; it is made when there is none. */
  readonly collection: string;
  /** Absolute path of a folder, checked by the caller. */
  readonly folder: string;
  readonly isWatched: boolean | undefined;
  readonly validFromMs: number | undefined;
  /** Tried on every encrypted file of the folder; undefined leaves those given before. */
  readonly passwords?: readonly string[] | undefined;
}

/**
 * Lets the documents of a folder come into a collection, or looks again at one that does already.
 * @throws {AppError} collection.not_found when the caller may not manage it.
 */
export async function addFolder(
  deps: DocumentDeps,
  principal: Principal,
  { collection: name, folder, isWatched, validFromMs, passwords }: NewSource,
): Promise<SourceId> {
  const collectionId = await ensureCollection(deps, principal, name);
  const known = await deps.sources.findAt(collectionId, 'folder', folder);
  if (known?.isRemoved === true) throw beingRemoved();
  const source: Source = known ?? {
    id: deps.newId('source'),
    tenantId: principal.tenantId,
    collectionId,
    kind: 'folder',
    location: folder,
    isWatched: isWatched ?? false,
    validFromMs,
    scannedAtMs: undefined,
    isPaused: false,
    isRemoved: false,
  };
  const atMs = deps.clock.nowMs();
  const event = { kind: known ? 'source.changed' : 'source.created', tenantId: source.tenantId, atMs };
  const change = {
    ...(isWatched !== undefined && { isWatched }),
    ...(validFromMs !== undefined && { validFromMs }),
  };
  await deps.writer.write({
    statements: [
      known
        ? deps.sources.changeSource(source.id, change)
        : deps.sources.createSource({ ...source, createdAtMs: atMs }),
      ...(passwords === undefined ? [] : await tryPasswords(deps, principal, source, passwords)),
      queueScan(deps, source, principal),
    ],
    audit: [eventOf(principal, event, { sourceId: source.id, collectionId })],
  });
  deps.jobs.wake();
  return source.id;
}

const ENTRIES_PER_PAGE = 1000;
/** Reasons that a password may do away with; what an earlier version could not open, this one perhaps can. */
const LOCKED = new Set(['encrypted', 'wrong-password', 'encryption-unsupported']);

/** Keeps the passwords of a source, and queues its files that were locked. */
export async function tryPasswords(
  deps: DocumentDeps,
  principal: Principal,
  source: Source,
  passwords: readonly string[],
): Promise<Statement[]> {
  const owner = { tenantId: source.tenantId, sourceId: source.id, entryId: undefined };
  const statements = [keepPasswords(deps, owner, passwords)];
  for (let afterKey: string | undefined = ''; afterKey !== undefined;) {
    const filter = { state: 'quarantined', afterKey, limit: ENTRIES_PER_PAGE } as const;
    const page: readonly SourceEntry[] = await deps.sources.listEntries(source.id, filter);
    for (const entry of page) {
      if (LOCKED.has(entry.reason?.code ?? '')) statements.push(...queueFile(deps, principal, entry));
    }
    afterKey = page.at(-1)?.key;
  }
  return statements;
}

/** The collection of this name; it is made when there is none. @throws {AppError} collection.not_found */
export async function ensureCollection(
  deps: DocumentDeps,
  principal: Principal,
  name: string,
): Promise<CollectionId> {
  const known = await deps.documents.findCollection(principal.tenantId, name);
  if (known === undefined) return createCollection(deps, principal, { name, title: name });
  await checkMayManage(deps, principal, known.id);
  return known.id;
}

/**
 * A source of a collection that the principal manages.
 * @throws {AppError} request.not_found when there is none or they do not, alike on purpose.
 */
export async function findSource(
  deps: DocumentDeps,
  principal: Principal,
  id: SourceId | undefined,
): Promise<Source> {
  const source = id && (await deps.sources.find(principal.tenantId, id));
  if (source === undefined || source.isRemoved)
    throw new AppError('request.not_found', 'There is no such source.');
  await checkMayManage(deps, principal, source.collectionId);
  return source;
}

/** A source of the same name is still being taken out. */
export function beingRemoved(): AppError {
  return new AppError('conflict.state', 'The source is just being removed. Try again when that is done.');
}

/** Looks at a source again now. */
export async function rescan(deps: DocumentDeps, principal: Principal, source: Source): Promise<void> {
  await deps.writer.write({ statements: [queueScan(deps, source, principal)], audit: [] });
  deps.jobs.wake();
}
