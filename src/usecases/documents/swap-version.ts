import type { Statement, WriteUnit } from '#contracts/index.ts';
import type { DocumentId, VersionId } from '#core/index.ts';
import { currentOf, type NewVersionRow, type VersionPlan } from '#rag/index.ts';
import type { Target } from './document-target.ts';
import type { VersionRequest } from './version-request.ts';
import { reassignInIndex } from '../rights/override-access.ts';
import { changeHistory, tellIndex } from './change-history.ts';
import type { DocumentAccessPlan } from './document-access.ts';
import { eventOf, type DocumentContent, type DocumentDeps, type WorkWriter } from './document-deps.ts';

export interface PublishedVersion {
  /** Undefined when there is no text of its own, as in an archive. */
  readonly documentId: DocumentId | undefined;
  /** Undefined when nothing new was said. */
  readonly versionId: VersionId | undefined;
}

/** A version as it is to take its place, with all that was found out before. */
export interface VersionSwap {
  readonly request: VersionRequest;
  readonly target: Target;
  readonly plan: VersionPlan;
  readonly version: NewVersionRow;
  readonly access: DocumentAccessPlan;
  readonly content: DocumentContent | undefined;
  readonly copiedFrom: VersionId | undefined;
}

/** Nothing new is said of the text; who may read it may have changed. */
export async function keepVersion(
  deps: DocumentDeps,
  work: WorkWriter,
  { request, target, access }: Pick<VersionSwap, 'request' | 'target' | 'access'>,
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

/** Writes a version and swaps what is known of its document; the index is told after the commit. */
export async function swapVersion(
  deps: DocumentDeps,
  work: WorkWriter,
  given: VersionSwap,
): Promise<PublishedVersion> {
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
  { request, target, version, access, content }: VersionSwap,
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

function indexedEvent({ request, version, plan, access }: VersionSwap) {
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
