import type { Statement, WriteUnit } from '#contracts/index.ts';
import type { DocumentId, VersionId } from '#core/index.ts';
import {
  currentOf,
  detailsOf,
  encodeMetadata,
  planVersion,
  type DocumentHead,
  type NewVersionRow,
  type ReadText,
  type VersionPlan,
} from '#rag/index.ts';
import { targetOf, type Target } from './document-target.ts';
import type { VersionRequest } from './version-request.ts';
import { reassignInIndex } from '../rights/override-access.ts';
import { changeHistory, tellIndex } from './change-history.ts';
import { planAccess, type DocumentAccessPlan } from './document-access.ts';
import { eventOf, type DocumentContent, type DocumentDeps, type WorkWriter } from './document-deps.ts';

export interface PublishedVersion {
  /** Undefined when there is no text of its own, as in an archive. */
  readonly documentId: DocumentId | undefined;
  /** Undefined when nothing new was said. */
  readonly versionId: VersionId | undefined;
}

interface Swap {
  readonly request: VersionRequest;
  readonly target: Target;
  readonly plan: VersionPlan;
  readonly version: NewVersionRow;
  readonly access: DocumentAccessPlan;
  readonly content: DocumentContent | undefined;
  readonly copiedFrom: VersionId | undefined;
}

/**
 * Makes a version known: reads its text if need be, writes its chunks in parts that nobody sees yet, and then
 * swaps what is known of the document in one unit. The index is told after the commit; what it misses when the
 * process ends in between it finds in the database at the next start.
 */
export async function publishVersion(
  deps: DocumentDeps,
  work: WorkWriter,
  request: VersionRequest,
): Promise<PublishedVersion> {
  const { documentId } = await targetOf(deps, request);
  return deps.documentLock.run(documentId, async () => {
    // Asked again, because it may have changed while others had their turn.
    const target = await targetOf(deps, request);
    const { head } = target;
    const copiedFrom = head?.known.find((version) => isSameText(deps, request, version))?.id;
    const content =
      copiedFrom === undefined
        ? await request.read({ documentId, group: groupOf(request, head) })
        : undefined;
    const published = await publish(deps, work, { request, target, content, copiedFrom });
    content?.release();
    return published;
  });
}

async function publish(
  deps: DocumentDeps,
  work: WorkWriter,
  given: Pick<Swap, 'request' | 'target' | 'content' | 'copiedFrom'>,
): Promise<PublishedVersion> {
  const { request, target, content } = given;
  if (content?.chunkIds.length === 0) return keepOuter(work, request, content);
  const renewed = content && (await renew(deps, request, { target, content }));
  return decide(deps, work, { ...given, target: renewed ?? target });
}

/** Names those who may read a document, as far as that is known before it is read. */
function groupOf({ collection, access }: VersionRequest, head: DocumentHead | undefined): string {
  const stated = access === 'keep' ? undefined : access.override;
  return JSON.stringify([collection.id, head?.aclSet ?? collection.aclSet, stated ?? null]);
}

/** Compares what arrives with what is known, and writes the difference. */
async function decide(
  deps: DocumentDeps,
  work: WorkWriter,
  given: Pick<Swap, 'request' | 'target' | 'content' | 'copiedFrom'>,
): Promise<PublishedVersion> {
  const { request, target, content, copiedFrom } = given;
  const { head, documentId } = target;
  const nowMs = deps.clock.nowMs();
  const lastEdition = head?.lastEdition ?? 0;
  const plan = planVersion(head?.known ?? [], arrivingOf(deps, request), { nowMs, lastEdition });
  const access = await planAccess(deps, {
    collection: request.collection,
    documentId,
    knownSet: head?.aclSet,
    stated: isCurrent(request, { head, plan, nowMs }) ? request.access : 'keep',
    chunkIds: content?.chunkIds ?? [],
  });
  if (plan === undefined) return keep(deps, work, { request, target, access });
  const text = content ? toReadText(content, request) : await deps.versions.readText(copiedFrom!);
  const version = toRow(deps, { request, target, plan, text, nowMs });
  return swap(deps, work, { ...given, plan, version, access });
}

/** The target with its versions under this pipeline, when it reads out of the same bytes what another one did. */
async function renew(
  deps: DocumentDeps,
  { blobDigest, collection: { tenantId } }: VersionRequest,
  { target, content }: { readonly target: Target; readonly content: DocumentContent },
): Promise<Target | undefined> {
  const { head, documentId } = target;
  const known = head?.known ?? [];
  const before = known.find((version) => version.blobDigest === blobDigest);
  if (head === undefined || before === undefined) return undefined;
  if (!(await deps.versions.hasChunks(before.id, content.packedChunks))) return undefined;
  const { pipelineDigest } = deps;
  await deps.writer.write({
    statements: [
      deps.versionRows.renewPipeline(documentId, blobDigest, pipelineDigest),
      deps.versionRows.saveLayout({ tenantId, blobDigest, pipelineDigest }, content.layout),
    ],
    audit: [],
  });
  const renewed = known.map((version) =>
    version.blobDigest === blobDigest ? { ...version, pipelineDigest } : version,
  );
  return { ...target, head: { ...head, known: renewed } };
}

/** A file that only holds other files. */
async function keepOuter(
  work: WorkWriter,
  { guards, conclude }: VersionRequest,
  content: DocumentContent,
): Promise<PublishedVersion> {
  const statements = await conclude({ documentId: undefined, content });
  await work.finish({ guards, statements, audit: [] });
  return { documentId: undefined, versionId: undefined };
}

function isSameText(
  deps: DocumentDeps,
  { blobDigest }: VersionRequest,
  known: { readonly blobDigest: string; readonly pipelineDigest: string },
): boolean {
  return known.blobDigest === blobDigest && known.pipelineDigest === deps.pipelineDigest;
}

/** Whether the version is the one that speaks for its document: an older one does not say who reads it now. */
function isCurrent(
  request: VersionRequest,
  { head, plan, nowMs }: { head: DocumentHead | undefined; plan: VersionPlan | undefined; nowMs: number },
): boolean {
  const known = head?.known ?? [];
  const current = currentOf(known, nowMs);
  if (current === undefined || current.origin === request.origin) return true;
  const validFromMs = plan?.validFromMs ?? request.validFromMs;
  return validFromMs !== undefined && validFromMs <= nowMs && validFromMs >= current.validFromMs;
}

function arrivingOf(deps: DocumentDeps, request: VersionRequest) {
  return {
    blobDigest: request.blobDigest,
    pipelineDigest: deps.pipelineDigest,
    details: detailsOf(request, request.dataClass),
    origin: request.origin,
    validFromMs: request.validFromMs,
    statedToMs: request.statedToMs,
  };
}

function toReadText(content: DocumentContent, { sourceKey }: VersionRequest): ReadText {
  const title = content.title ?? sourceKey.slice(sourceKey.lastIndexOf('/') + 1);
  return {
    title,
    language: content.language,
    mediaType: content.mediaType,
    canonicalDigest: content.canonicalDigest,
    file: { ...content.file, title },
  };
}

function toRow(
  deps: DocumentDeps,
  given: Pick<Swap, 'request' | 'target' | 'plan'> & { readonly text: ReadText; readonly nowMs: number },
): NewVersionRow {
  const { request, target, plan, text, nowMs } = given;
  const { collection, statedTitle, attributes } = request;
  return {
    id: deps.newId('version'),
    tenantId: collection.tenantId,
    documentId: target.documentId,
    collectionId: collection.id,
    ordinal: (target.head?.lastOrdinal ?? 0) + 1,
    edition: plan.edition,
    origin: request.origin,
    blobDigest: request.blobDigest,
    mediaType: text.mediaType,
    sizeBytes: request.sizeBytes,
    title: statedTitle ?? text.title,
    language: text.language,
    metadata: encodeMetadata({ attributes, statedTitle, file: text.file }),
    dataClass: request.dataClass,
    canonicalDigest: text.canonicalDigest,
    pipelineDigest: deps.pipelineDigest,
    validFromMs: plan.validFromMs,
    validToMs: plan.validToMs,
    statedToMs: request.statedToMs,
    recordedFromMs: nowMs,
  };
}

/** Nothing new is said of the text; who may read it may have changed. */
async function keep(
  deps: DocumentDeps,
  work: WorkWriter,
  { request, target, access }: Pick<Swap, 'request' | 'target' | 'access'>,
): Promise<PublishedVersion> {
  const { documentId } = target;
  const concluding = await request.conclude({ documentId, content: undefined });
  const { guards } = request;
  await deps.moves.during(documentId, async () => {
    const statements = [...access.statements, ...concluding];
    await work.finish({ guards: [...guards, ...access.guards], statements, audit: [] });
    if (access.statements.length > 0)
      await reassignInIndex(deps, { tenantId: request.collection.tenantId, documentId });
  });
  return { documentId, versionId: undefined };
}

async function swap(deps: DocumentDeps, work: WorkWriter, given: Swap): Promise<PublishedVersion> {
  const { request, target, plan, version, access, content, copiedFrom } = given;
  const { versions, versionRows } = deps;
  const { documentId, head } = target;
  const { tenantId, recordedFromMs: nowMs } = version;
  const tail = await writeAllButLast(deps, work, given);
  const history = changeHistory(deps, { change: plan, nowMs, nextOrdinal: version.ordinal + 1 });
  const known = [...history.knownOf(head), { id: version.id, validFromMs: plan.validFromMs }];
  const conclusion = await request.conclude({ documentId, content });
  const unit: WriteUnit = {
    guards: [
      versions.guardUnchanged(documentId, head?.lastOrdinal ?? 0),
      ...(head === undefined ? [] : [versions.guardAccess(documentId, head.aclSet)]),
      ...request.guards,
      ...access.guards,
    ],
    statements: [
      ...tail,
      ...(copiedFrom === undefined
        ? []
        : [versionRows.copyChunks(copiedFrom, version.id, request.dataClass)]),
      ...(content === undefined ? [] : [versionRows.saveLayout(version, content.layout)]),
      versionRows.publish(version.id, nowMs),
      ...history.statements,
      ...access.statements,
      versions.setCurrent(documentId, currentOf(known, nowMs)!.id, request.externalId),
      ...conclusion,
    ],
    audit: [indexedEvent(given)],
  };
  await deps.moves.during(documentId, async () => {
    await work.finish(unit);
    await tellIndex(deps, { change: plan, added: [version.id, ...history.restated], nowMs });
    if (head !== undefined && access.statements.length > 0)
      await reassignInIndex(deps, { tenantId, documentId });
  });
  return { documentId, versionId: version.id };
}

/** Writes all but the last part of a version that nobody sees yet, and returns the statements of that part. */
async function writeAllButLast(
  deps: DocumentDeps,
  work: WorkWriter,
  { request, target, version, access, content }: Swap,
): Promise<readonly Statement[]> {
  const { versions, versionRows } = deps;
  const { documentId: id, sourceKey } = target;
  const { externalId } = request;
  const document = { ...version, id, sourceKey, externalId, createdAtMs: version.recordedFromMs };
  let statements = [
    ...versionRows.discardUnpublished(id),
    versions.createDocument({ ...document, aclSet: access.documentSet }),
    versionRows.createVersion(version),
  ];
  const { chunkIds = [], packedChunks = [] } = content ?? {};
  const own = chunkIds.filter((chunkId) => access.setOf(chunkId) !== access.documentSet);
  const at = {
    aclSet: access.documentSet,
    sets: Object.fromEntries(own.map((chunkId) => [chunkId, access.setOf(chunkId)])),
  };
  for (const [index, { bytes, firstOrdinal }] of packedChunks.entries()) {
    if (index > 0) {
      await work.write({ statements, audit: [] });
      statements = [];
    }
    statements.push(versionRows.createChunks(version, bytes, { ...at, firstOrdinal }));
  }
  return statements;
}

function indexedEvent({ request, version, plan, access }: Swap) {
  const { tenantId, recordedFromMs: atMs } = version;
  const fields = {
    documentId: version.documentId,
    versionId: version.id,
    edition: version.edition,
    blob: version.blobDigest,
    canonical: version.canonicalDigest,
    pipeline: version.pipelineDigest,
    aclSet: access.documentSet,
    validFromMs: version.validFromMs,
    ended: [...plan.ended],
  };
  return eventOf(request.actor, { kind: 'document.indexed', tenantId, atMs }, fields);
}
