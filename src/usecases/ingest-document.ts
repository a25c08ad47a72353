import type { BlobStore, Clock, RetrievalIndex, Writer } from '#contracts/index.ts';
import type { Digest, NewId, Principal, VersionId } from '#core/index.ts';
import { digestOf } from '#platform/index.ts';
import {
  chunkMarkdown,
  readMarkdown,
  type ChunkStore,
  type Collection,
  type DocumentStore,
  type NewVersion,
} from '#rag/index.ts';

/** A document as it comes from its source. */
export interface IncomingDocument {
  readonly sourceKey: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly validFromMs: number;
  readonly language: string;
}

export interface IngestDeps {
  readonly writer: Writer;
  readonly blobs: BlobStore;
  readonly documents: DocumentStore;
  readonly chunks: ChunkStore;
  readonly index: RetrievalIndex;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly pipelineDigest: Digest;
}

export interface IngestRequest {
  readonly principal: Principal;
  readonly collection: Collection;
  readonly document: IncomingDocument;
}

export type IngestOutcome =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'indexed'; readonly versionId: VersionId; readonly chunks: number };

/**
 * Takes a document in: one unit writes the version, its chunks and the audit event, then the index learns of
 * it. The same bytes under the same pipeline change nothing.
 */
export async function ingestDocument(deps: IngestDeps, request: IngestRequest): Promise<IngestOutcome> {
  const { collection, document } = request;
  const blobDigest = digestOf(document.bytes);
  const known = await deps.documents.findDocument(collection.id, document.sourceKey);
  if (known?.blobDigest === blobDigest && known.pipelineDigest === deps.pipelineDigest) {
    return { outcome: 'unchanged' };
  }
  await deps.blobs.put(document.bytes);
  const version = toVersion(deps, request, {
    documentId: known?.id ?? deps.newId('document'),
    ordinal: (known?.lastOrdinal ?? 0) + 1,
    blobDigest,
  });
  await deps.writer.write({
    statements: [
      deps.documents.closeVersions(version.documentId, version.validFromMs),
      deps.documents.saveDocument(version, document.sourceKey),
      ...deps.documents.createVersion(version),
    ],
    audit: [
      {
        kind: 'document.indexed',
        tenantId: version.tenantId,
        actor: { issuer: request.principal.issuer, subject: request.principal.subject },
        atMs: version.recordedFromMs,
        fields: {
          documentId: version.documentId,
          versionId: version.id,
          blob: blobDigest,
          canonical: version.canonicalDigest,
          pipeline: deps.pipelineDigest,
          chunks: version.chunks.length,
        },
      },
    ],
  });
  await tellIndex(deps, version);
  return { outcome: 'indexed', versionId: version.id, chunks: version.chunks.length };
}

/** The new version's chunks, and the ends of those before it. */
async function tellIndex({ chunks, index }: IngestDeps, version: NewVersion): Promise<void> {
  const ends = await chunks.listEnds(version.tenantId, version.documentId);
  await index.apply([
    ...ends
      .filter(({ validToMs, recordedToMs }) => validToMs !== Infinity || recordedToMs !== Infinity)
      .map((end) => ({ type: 'close' as const, ...end })),
    { type: 'add', chunks: await chunks.listOfVersion(version.tenantId, version.id) },
  ]);
}

function toVersion(
  deps: IngestDeps,
  { collection, document }: IngestRequest,
  known: Pick<NewVersion, 'documentId' | 'ordinal' | 'blobDigest'>,
): NewVersion {
  const parsed = readMarkdown(new TextDecoder().decode(document.bytes));
  return {
    ...known,
    id: deps.newId('version'),
    tenantId: collection.tenantId,
    collectionId: collection.id,
    mediaType: document.mediaType,
    sizeBytes: document.bytes.byteLength,
    title: parsed.title ?? document.sourceKey,
    language: document.language,
    dataClass: 'internal',
    aclSet: collection.aclSet,
    canonicalDigest: digestOf(parsed.text),
    pipelineDigest: deps.pipelineDigest,
    validFromMs: document.validFromMs,
    recordedFromMs: deps.clock.nowMs(),
    chunks: chunkMarkdown(known.documentId, parsed, document.language),
  };
}
