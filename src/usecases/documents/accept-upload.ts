import {
  AppError,
  hasPermission,
  type CollectionId,
  type Digest,
  type EntryId,
  type Principal,
  type SourceId,
} from '#core/index.ts';
import { SIDECAR_ENDING, withholdPassword, type Source, type SourceEntry } from '#rag/index.ts';
import { beingRemoved, ensureCollection, findSource, tryPasswords } from './add-source.ts';
import { checkMayManage } from '../rights/rights-deps.ts';
import { eventOf, type DocumentDeps } from './document-deps.ts';
import { keepPasswords } from './document-passwords.ts';
import { entryIdFor, MAX_FILE_BYTES, queueFile } from './queue-file.ts';
import { queueScan } from './scan-source.ts';
import { withdrawEntry } from './withdraw-entry.ts';

export interface Upload {
  readonly collectionId: CollectionId;
  /** Where the document is to stand in the collection. */
  readonly path: string;
  readonly validFromMs: number | undefined;
  /** Opens the file if it is encrypted. */
  readonly password: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

const MAX_DEPTH = 32;

/** @throws {AppError} input.invalid for a path that is not a plain one. */
function toKey(path: string): string {
  const key = path.normalize('NFC').replaceAll('\\', '/');
  const parts = key.split('/');
  const isPlain =
    parts.length <= MAX_DEPTH &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..') &&
    !/[\p{Cc}]|!\//u.test(key);
  if (isPlain && !key.endsWith(SIDECAR_ENDING)) return key;
  throw new AppError('input.invalid', 'Write the path of the document as folder/file.', {
    details: { param: 'path' },
  });
}

/** A file that came in, by where it stands from now on. */
export interface AcceptedFile {
  readonly entryId: EntryId;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/**
 * Stores a file as it comes in and queues the job that reads it. A file at the same path becomes its next version.
 * @throws {AppError} collection.not_found, input.invalid, input.too_large, storage.full
 */
export async function acceptUpload(
  deps: DocumentDeps,
  principal: Principal,
  upload: Upload,
): Promise<AcceptedFile> {
  const { collectionId, validFromMs } = upload;
  await checkMayManage(deps, principal, collectionId);
  // Before anything is kept: a path that is none makes no source.
  toKey(upload.path);
  const source = await uploadsOf(deps, principal, { collectionId, validFromMs, label: '' });
  return acceptInto(deps, principal, source, { ...upload, sidecar: undefined });
}

/**
 * As `acceptUpload`, into a source that stands for a folder of somebody's own computer, with the file's sidecar.
 * @throws {AppError} request.not_found, input.invalid, input.too_large, storage.full
 */
export async function acceptFile(
  deps: DocumentDeps,
  principal: Principal,
  sourceId: SourceId | undefined,
  file: Pick<Upload, 'path' | 'body'> & { readonly sidecar: Uint8Array | undefined },
): Promise<AcceptedFile> {
  const source = await findSource(deps, principal, sourceId);
  if (source.kind !== 'upload')
    throw new AppError('conflict.state', 'The files of this source come from the server.');
  return acceptInto(deps, principal, source, file);
}

interface IncomingFile extends Pick<Upload, 'path' | 'body'> {
  readonly password?: string | undefined;
  readonly sidecar: Uint8Array | undefined;
}

async function acceptInto(
  deps: DocumentDeps,
  principal: Principal,
  source: Source,
  file: IncomingFile,
): Promise<AcceptedFile> {
  const key = toKey(file.path);
  const withheld = file.sidecar && withholdPassword(file.sidecar);
  const stored = await deps.blobs.putStream(file.body, MAX_FILE_BYTES);
  const sidecarDigest = withheld && (await deps.blobs.put(withheld.sidecar));
  try {
    if (stored.sizeBytes === 0) throw new AppError('input.invalid', 'The file is empty.');
    const password = file.password ?? withheld?.password;
    return await recordUpload(deps, principal, source, { key, stored, sidecarDigest, password });
  } finally {
    deps.blobs.settle(stored.digest);
    if (sidecarDigest !== undefined) deps.blobs.settle(sidecarDigest);
  }
}

async function recordUpload(
  deps: DocumentDeps,
  principal: Principal,
  { id: sourceId, collectionId }: Source,
  upload: {
    readonly key: string;
    readonly stored: { readonly digest: Digest; readonly sizeBytes: number };
    readonly sidecarDigest: Digest | undefined;
    readonly password: string | undefined;
  },
): Promise<AcceptedFile> {
  const { key, sidecarDigest, password } = upload;
  const { digest, sizeBytes } = upload.stored;
  const entryId = entryIdFor(sourceId, key);
  const { tenantId } = principal;
  const event = { kind: 'document.accepted', tenantId, atMs: deps.clock.nowMs() };
  const content = { stamp: digest, sizeBytes, blobDigest: digest, sidecarDigest };
  const file = { tenantId, sourceId, key, parentId: undefined, ...content };
  await deps.writer.write({
    statements: [
      ...queueFile(deps, principal, file),
      ...(password === undefined ? [] : [keepPasswords(deps, { tenantId, sourceId, entryId }, [password])]),
    ],
    audit: [eventOf(principal, event, { entryId, blob: digest, collectionId })],
  });
  deps.jobs.wake();
  return { entryId, digest, sizeBytes };
}

/** A folder of somebody's own computer. */
export interface Uploads {
  /** Its name; who may make collections may name a new one. */
  readonly collection: string;
  readonly label: string;
  readonly validFromMs: number | undefined;
  /** Tried on every encrypted file of the folder; undefined leaves those given before. */
  readonly passwords?: readonly string[] | undefined;
}

/**
 * The source that stands for a folder of somebody's own computer; it is made when there is none.
 * @throws {AppError} collection.not_found, conflict.state while it is being removed.
 */
export async function openUploads(
  deps: DocumentDeps,
  principal: Principal,
  { collection: name, label, validFromMs, passwords }: Uploads,
): Promise<Source> {
  const known = await deps.documents.findCollection(principal.tenantId, name);
  if (known === undefined && !hasPermission(principal, 'rights.manage'))
    throw new AppError('collection.not_found', 'There is no such collection, or it is not yours to fill.');
  const collectionId = await ensureCollection(deps, principal, name);
  const source = await uploadsOf(deps, principal, { collectionId, validFromMs, label });
  if (passwords === undefined) return source;
  const event = { kind: 'source.changed', tenantId: source.tenantId, atMs: deps.clock.nowMs() };
  await deps.writer.write({
    statements: await tryPasswords(deps, principal, source, passwords),
    audit: [eventOf(principal, event, { sourceId: source.id, collectionId })],
  });
  deps.jobs.wake();
  return source;
}

/** The source that stands for uploads into a collection, one for each folder they come from and each stated day. */
async function uploadsOf(
  deps: DocumentDeps,
  principal: Principal,
  {
    collectionId,
    validFromMs,
    label,
  }: {
    readonly collectionId: CollectionId;
    readonly validFromMs: number | undefined;
    readonly label: string;
  },
): Promise<Source> {
  const location = [label, validFromMs ?? ''].filter((part) => part !== '').join(' @ ');
  const known = await deps.sources.findAt(collectionId, 'upload', location);
  if (known?.isRemoved === true) throw beingRemoved();
  if (known !== undefined) return known;
  const source: Source = {
    id: deps.newId('source'),
    tenantId: principal.tenantId,
    collectionId,
    kind: 'upload',
    location,
    isWatched: false,
    validFromMs,
    scannedAtMs: undefined,
    isPaused: false,
    isRemoved: false,
  };
  const createdAtMs = deps.clock.nowMs();
  await deps.writer.write({ statements: [deps.sources.createSource({ ...source, createdAtMs })], audit: [] });
  // Two at once make one: the other's row is the one that stayed.
  return (await deps.sources.findAt(collectionId, 'upload', location)) ?? source;
}

/**
 * Takes an uploaded file out of answers; its history stays.
 * @throws {AppError} request.not_found, conflict.state for a file of a folder: that is removed in the folder.
 */
export async function removeUpload(
  deps: DocumentDeps,
  principal: Principal,
  entryId: EntryId | undefined,
): Promise<void> {
  const entry = entryId && (await deps.sources.findEntry(principal.tenantId, entryId));
  const source = entry && (await deps.sources.find(principal.tenantId, entry.sourceId));
  if (entry === undefined || source === undefined)
    throw new AppError('request.not_found', 'There is no such file.');
  await checkMayManage(deps, principal, source.collectionId);
  if (source.kind !== 'upload')
    throw new AppError('conflict.state', 'The file comes from a folder. Remove it there.');
  const statements = [deps.sources.removeEntry(entry.id)];
  await withdrawEntry(deps, deps.writer, { actor: principal, entry, statements });
}

/**
 * Tries a file again that could not be taken in, with a password when it was locked.
 * @throws {AppError} request.not_found, conflict.state when it is not put aside.
 */
export async function retryEntry(
  deps: DocumentDeps,
  principal: Principal,
  { entryId, password }: { readonly entryId: EntryId | undefined; readonly password: string | undefined },
): Promise<void> {
  const entry = entryId && (await deps.sources.findEntry(principal.tenantId, entryId));
  const source = entry && (await deps.sources.find(principal.tenantId, entry.sourceId));
  if (entry === undefined || source === undefined)
    throw new AppError('request.not_found', 'There is no such file.');
  await checkMayManage(deps, principal, source.collectionId);
  if (entry.state !== 'quarantined' && entry.state !== 'failed')
    throw new AppError('conflict.state', 'Only a file that was put aside is tried again.');
  // What was never read is looked for in its source again; anything else is read out of its blob.
  const isStored = await isKept(deps, entry);
  const event = { kind: 'document.retried', tenantId: entry.tenantId, atMs: deps.clock.nowMs() };
  const owner = { tenantId: entry.tenantId, sourceId: source.id, entryId: entry.id };
  await deps.writer.write({
    statements: [
      ...(isStored
        ? queueFile(deps, principal, entry)
        : [deps.sources.touchEntry(entry.id, '', event.atMs), queueScan(deps, source, principal)]),
      ...(password === undefined ? [] : [keepPasswords(deps, owner, [password])]),
    ],
    audit: [eventOf(principal, event, { entryId: entry.id, hasPassword: password !== undefined })],
  });
  deps.jobs.wake();
}

const UNREAD = new Set(['too-large', 'source.unreadable']);

async function isKept(deps: DocumentDeps, { reason, blobDigest }: SourceEntry): Promise<boolean> {
  return !UNREAD.has(reason?.code ?? '') || (await deps.blobs.get(blobDigest)) !== undefined;
}
