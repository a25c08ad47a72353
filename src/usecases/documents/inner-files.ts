import type { JobRun, Statement } from '#contracts/index.ts';
import type { SourceEntry } from '#rag/index.ts';
import type { DocumentDeps, InnerFile } from './document-deps.ts';
import { queueFile } from './queue-file.ts';
import { withdrawEntry } from './withdraw-entry.ts';

const keyOf = (outer: SourceEntry, file: InnerFile) => `${outer.key}!/${file.path}`;

/**
 * Stores the files that were found inside a file; the statements queue each as a document of its own, under the
 * key of the outer one and readable by whom that one's sidecar names. What was in it before and is gone is taken out.
 */
export async function keepInnerFiles(
  deps: DocumentDeps,
  run: JobRun,
  outer: SourceEntry,
  files: readonly InnerFile[],
): Promise<Statement[]> {
  const keys = new Set(files.map((file) => keyOf(outer, file)));
  for (const entry of await deps.sources.listChildren(outer.id)) {
    if (keys.has(entry.key)) continue;
    const statements = [deps.sources.removeEntry(entry.id)];
    await withdrawEntry(deps, run, { actor: run.job.requestedBy, entry, statements });
  }
  const statements: Statement[] = [];
  for (const file of files) {
    const blobDigest = await deps.blobs.put(file.bytes);
    statements.push(
      ...queueFile(deps, run.job.requestedBy, {
        tenantId: outer.tenantId,
        sourceId: outer.sourceId,
        key: keyOf(outer, file),
        parentId: outer.id,
        stamp: blobDigest,
        sizeBytes: file.bytes.byteLength,
        blobDigest,
        sidecarDigest: outer.sidecarDigest,
      }),
    );
  }
  return statements;
}
