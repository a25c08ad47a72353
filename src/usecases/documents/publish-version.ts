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
import { planAccess } from './document-access.ts';
import type { DocumentContent, DocumentDeps, WorkWriter } from './document-deps.ts';
import { keepVersion, swapVersion, type PublishedVersion, type VersionSwap } from './swap-version.ts';

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
  given: Pick<VersionSwap, 'request' | 'target' | 'content' | 'copiedFrom'>,
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
  given: Pick<VersionSwap, 'request' | 'target' | 'content' | 'copiedFrom'>,
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
  if (plan === undefined) return keepVersion(deps, work, { request, target, access });
  const text = content ? toReadText(content, request) : await deps.versions.readText(copiedFrom!);
  const version = toRow(deps, { request, target, plan, text, nowMs });
  return swapVersion(deps, work, { ...given, plan, version, access });
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
  given: Pick<VersionSwap, 'request' | 'target' | 'plan'> & {
    readonly text: ReadText;
    readonly nowMs: number;
  },
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
