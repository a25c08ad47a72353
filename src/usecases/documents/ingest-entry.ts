import type { JobHandler, JobRun, Statement, WriteUnit } from '#contracts/index.ts';
import { parseId, type DataClass, type EntryId, type Json } from '#core/index.ts';
import {
  readDatedPath,
  readSidecar,
  type Collection,
  type DatedPath,
  type EntryReason,
  type Sidecar,
  type Source,
  type SourceEntry,
} from '#rag/index.ts';
import { statedAccess } from './document-access.ts';
import type { DocumentContent, DocumentDeps } from './document-deps.ts';
import { passwordsFor } from './document-passwords.ts';
import { keepInnerFiles, mayHandOut } from './inner-files.ts';
import { INGEST_KIND } from './queue-file.ts';
import { publishVersion } from './publish-version.ts';
import type { VersionRequest } from './version-request.ts';
import { withdrawEntry, withdrawOwn } from './withdraw-entry.ts';

const DEFAULT_CLASS: DataClass = 'internal';

/** A file that cannot be taken in: not a failure of the work but its outcome. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly state: 'quarantined' | 'failed';
  readonly reason: EntryReason;
  constructor(state: 'quarantined' | 'failed', reason: EntryReason) {
    super(reason.code);
    this.state = state;
    this.reason = reason;
  }
}

interface Work {
  readonly entry: SourceEntry;
  readonly source: Source;
  readonly collection: Collection;
}

/** Takes files in: each from its blob, so that the folder may have changed or be gone meanwhile. */
export function ingestHandler(deps: DocumentDeps, concurrency: number): JobHandler {
  return {
    kind: INGEST_KIND,
    concurrency,
    run: (run) => ingestEntry(deps, run),
    onPoisoned: (job, reason) => giveUp(deps, entryIdOf(job.payload), reason),
  };
}

/** The file that a job of this kind takes in; undefined when the payload names none. */
export function entryIdOf(payload: Json): EntryId | undefined {
  const isObject = typeof payload === 'object' && payload !== null && 'entryId' in payload;
  const text = isObject ? payload['entryId'] : undefined;
  return typeof text === 'string' ? parseId('entry', text) : undefined;
}

function giveUp(
  deps: DocumentDeps,
  entryId: EntryId | undefined,
  { code, message }: { code: string; message: string },
): WriteUnit {
  if (entryId === undefined) return { statements: [], audit: [] };
  const refused = { state: 'failed', reason: { code, message, detail: {} } } as const;
  return { statements: [deps.sources.refuseEntry(entryId, refused, deps.clock.nowMs())], audit: [] };
}

async function findWork(deps: DocumentDeps, run: JobRun): Promise<Work | undefined> {
  const { tenantId, payload } = run.job;
  const entryId = entryIdOf(payload);
  const entry = entryId && (await deps.sources.findEntry(tenantId, entryId));
  // Done already, or the file is gone: there is nothing to do.
  if (entry?.state !== 'queued') return undefined;
  const source = await deps.sources.find(tenantId, entry.sourceId);
  const collection = source && (await deps.documents.findCollectionById(tenantId, source.collectionId));
  // What rests stays queued; going on queues its job again.
  if (source?.isPaused === true || source?.isRemoved === true) return undefined;
  return source && collection && { entry, source, collection };
}

async function ingestEntry(deps: DocumentDeps, run: JobRun): Promise<void> {
  const work = await findWork(deps, run);
  if (work === undefined) return;
  try {
    const sidecar = await sidecarOf(deps, work.entry);
    await publishVersion(deps, run, await toRequest(deps, run, work, sidecar));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await refuse(deps, run, work, error);
  }
}

async function sidecarOf(deps: DocumentDeps, entry: SourceEntry): Promise<Sidecar | undefined> {
  if (entry.sidecarDigest === undefined) return undefined;
  const bytes = await deps.blobs.get(entry.sidecarDigest);
  if (bytes === undefined) throw new TypeError('a sidecar that was stored is not there');
  const { sidecar, faults } = readSidecar(new TextDecoder().decode(bytes));
  // The sidecar of an archive says who may read what is in it, and since when; its name is not theirs.
  const isInner = entry.parentId !== undefined;
  if (sidecar !== undefined) return isInner ? { ...sidecar, id: undefined, title: undefined } : sidecar;
  const message = `The sidecar is not right: ${faults.join('; ')}.`;
  throw new Refused('failed', { code: 'sidecar.invalid', message, detail: {} });
}

async function toRequest(
  deps: DocumentDeps,
  run: JobRun,
  { entry, source, collection }: Work,
  sidecar: Sidecar | undefined,
): Promise<VersionRequest> {
  const place = readDatedPath(entry.key);
  const said = { grants: sidecar?.grants, rules: sidecar?.rules ?? [] };
  const stated = await statedAccess(deps, entry.tenantId, said);
  if (stated.refused !== undefined) throw new Refused('failed', stated.refused);
  const hasGrants = said.grants !== undefined || said.rules.length > 0;
  return {
    actor: run.job.requestedBy,
    collection,
    sourceKey: place.documentPath,
    externalId: sidecar?.id,
    origin: entry.id,
    blobDigest: entry.blobDigest,
    sizeBytes: entry.sizeBytes,
    ...labelsOf(sidecar),
    // A sidecar that says nothing any more takes back what it said.
    access: hasGrants || entry.hasGrants ? { override: stated.override } : 'keep',
    validFromMs: sidecar?.validFromMs ?? validFromOf(place, source),
    statedToMs: sidecar?.validToMs,
    guards: [deps.sources.guardSame(entry)],
    read: ({ documentId, group }) => readEntry(deps, run, entry, { documentId, group }),
    conclude: ({ documentId, content }) => conclude(deps, run, { entry, documentId, content, hasGrants }),
  };
}

function labelsOf(sidecar: Sidecar | undefined) {
  return {
    statedTitle: sidecar?.title,
    attributes: sidecar?.attributes ?? {},
    dataClass: sidecar?.dataClass ?? DEFAULT_CLASS,
  };
}

/** What the person said who took the folder in goes before a date in a name, not before a place among versions. */
function validFromOf(place: DatedPath, source: Source): number | undefined {
  return place.isOlderVersion ? place.validFromMs : (source.validFromMs ?? place.validFromMs);
}

async function readEntry(
  deps: DocumentDeps,
  run: JobRun,
  entry: SourceEntry,
  target: { readonly documentId: NonNullable<SourceEntry['documentId']>; readonly group: string },
): Promise<DocumentContent> {
  const fileName = entry.key.slice(entry.key.lastIndexOf('/') + 1);
  const { content, refused } = await deps.read({
    blobDigest: entry.blobDigest,
    fileName,
    ...target,
    handsOut: await mayHandOut(deps, entry),
    passwords: await passwordsFor(deps, entry),
    signal: run.signal,
    progress: (stage, done, total) => run.progress(stage, done, total),
  });
  run.signal.throwIfAborted();
  if (refused !== undefined) throw new Refused('quarantined', refused);
  return content;
}

async function conclude(
  deps: DocumentDeps,
  run: JobRun,
  given: {
    entry: SourceEntry;
    documentId: SourceEntry['documentId'];
    content: DocumentContent | undefined;
    hasGrants: boolean;
  },
): Promise<Statement[]> {
  const { entry, documentId, content, hasGrants } = given;
  const size = content && { pageCount: content.pageCount, chunkCount: content.chunkIds.length };
  await keepInnerFiles(deps, run, entry, content?.innerFiles);
  // What only holds other files has no text of its own; one that it had once is taken out.
  if (documentId === undefined) await withdrawOwn(deps, run, { actor: run.job.requestedBy, entry });
  return [deps.sources.indexEntry(entry.id, { documentId, hasGrants, size }, deps.clock.nowMs())];
}

/**
 * Marks a file that cannot be taken in. What it said before stays in answers, but not when its sidecar is wrong:
 * that may have been meant to close it.
 */
async function refuse(deps: DocumentDeps, run: JobRun, { entry }: Work, refused: Refused): Promise<void> {
  const statement = deps.sources.refuseEntry(entry.id, refused, deps.clock.nowMs());
  if (refused.reason.code.startsWith('sidecar.')) {
    await withdrawEntry(deps, run, { actor: run.job.requestedBy, entry, statements: [] });
  }
  await run.finish({ guards: [deps.sources.guardSame(entry)], statements: [statement], audit: [] });
}
