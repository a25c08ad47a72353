import { createHash } from 'node:crypto';
import { makeId, type DocumentId } from '#core/index.ts';
import type { Collection, DocumentHead } from '#rag/index.ts';
import type { DocumentDeps } from './document-deps.ts';
import type { VersionRequest } from './version-request.ts';

const ID_BYTES = 16;

/** Where a document stands: one that is there, or a new one. */
export interface Target {
  readonly documentId: DocumentId;
  readonly sourceKey: string;
  readonly head: DocumentHead | undefined;
}

/** The id of a new document, the same each time: a run that was broken off goes on with it. */
function documentIdFor(collection: Collection, key: string): DocumentId {
  const digest = createHash('sha256').update(`${collection.id}\n${key}`).digest();
  return makeId('document', digest.subarray(0, ID_BYTES));
}

/** The id for a place; where a document was erased, what comes in there later is another one. */
async function freeId(deps: DocumentDeps, collection: Collection, key: string): Promise<DocumentId> {
  for (let number = 0; ; number++) {
    const id = documentIdFor(collection, number === 0 ? key : `${key}\n${number}`);
    if (!(await deps.versions.isErased(id))) return id;
  }
}

/** The document that a version is one of: by its sidecar's id, else by its place. */
export async function targetOf(deps: DocumentDeps, request: VersionRequest): Promise<Target> {
  const { collection, sourceKey, externalId } = request;
  const head = await deps.versions.findHead(collection.id, request);
  if (head !== undefined) return { documentId: head.id, sourceKey: head.sourceKey, head };
  const key = externalId === undefined ? sourceKey : `id:${externalId}`;
  const isTaken = externalId !== undefined && (await deps.versions.isPlaceTaken(collection.id, sourceKey));
  return {
    documentId: await freeId(deps, collection, key),
    sourceKey: isTaken ? `${sourceKey}#${externalId}` : sourceKey,
    head,
  };
}
