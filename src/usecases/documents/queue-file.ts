import { createHash } from 'node:crypto';
import type { Statement } from '#contracts/index.ts';
import { makeId, type EntryId, type Principal, type SourceId } from '#core/index.ts';
import type { NewEntry } from '#rag/index.ts';
import type { DocumentDeps } from './document-deps.ts';

/** Kind of the jobs that take one file in. */
export const INGEST_KIND = 'document.ingest';
/** Largest file that is taken in: what parsers read at most. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;
const ID_BYTES = 16;

/** The id of a file of a source, the same each time it is seen. */
export function entryIdFor(sourceId: SourceId, key: string): EntryId {
  const digest = createHash('sha256').update(`${sourceId}\n${key}`).digest();
  return makeId('entry', digest.subarray(0, ID_BYTES));
}

/** Notes a file as new or changed, and queues the job that takes it in: one for each state of the file. */
export function queueFile(
  deps: Pick<DocumentDeps, 'sources' | 'jobs' | 'clock' | 'newId' | 'pipelineDigest'>,
  actor: Pick<Principal, 'issuer' | 'subject'>,
  file: Omit<NewEntry, 'id' | 'pipelineDigest'>,
): Statement[] {
  const id = entryIdFor(file.sourceId, file.key);
  const entry = { ...file, id, pipelineDigest: deps.pipelineDigest };
  return [
    deps.sources.queueEntry(entry, deps.clock.nowMs()),
    deps.jobs.enqueue({
      id: deps.newId('job'),
      tenantId: file.tenantId,
      kind: INGEST_KIND,
      payload: { entryId: id },
      requestedBy: { issuer: actor.issuer, subject: actor.subject },
      blobDigest: file.blobDigest,
      // A state of the file that was taken in before may be queued again: only one that waits is one too many.
      dedupeKey: `${id} ${file.blobDigest} ${file.sidecarDigest ?? ''} ${deps.pipelineDigest}`,
    }),
  ];
}
