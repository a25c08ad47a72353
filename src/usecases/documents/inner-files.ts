import type { JobRun, Statement } from '#contracts/index.ts';
import type { SourceEntry } from '#rag/index.ts';
import type { DocumentDeps, InnerFile } from './document-deps.ts';
import { queueFile } from './queue-file.ts';
import { withdrawEntry } from './withdraw-entry.ts';

const FILES_PER_UNIT = 100;
const INSIDE = '!/';
const keyOf = (outer: SourceEntry, file: Pick<InnerFile, 'path'>) => `${outer.key}${INSIDE}${file.path}`;
/** How many archives or messages around it a file may have whose files are documents of their own. */
const MAX_STEPS = 3;
/** Files inside one file of a source, however deep, before what is found deeper only joins the text around it. */
const MAX_FILES_INSIDE = 10_000;

/**
 * Whether the files inside this file become documents of their own. Deep inside of others, or where very many were
 * found already, they join its text, which reads only so far: no archive goes on for ever.
 */
export async function mayHandOut(
  { sources }: { readonly sources: Pick<DocumentDeps['sources'], 'countInside'> },
  { sourceId, key }: Pick<SourceEntry, 'sourceId' | 'key'>,
): Promise<boolean> {
  const steps = key.split(INSIDE);
  if (steps.length > MAX_STEPS) return false;
  return steps.length === 1 || (await sources.countInside(sourceId, steps[0]!)) < MAX_FILES_INSIDE;
}

/**
 * Queues the files that were found inside a file, each as a document of its own under the key of the outer one and
 * readable by whom that one's sidecar names. What was in it before and is gone is taken out.
 */
export async function keepInnerFiles(
  deps: DocumentDeps,
  run: JobRun,
  outer: SourceEntry,
  found: readonly InnerFile[] | undefined,
): Promise<void> {
  const known = await deps.sources.listChildren(outer.id);
  // Not read again: the same files as before, perhaps for other readers.
  const files =
    found ?? known.map((entry) => ({ ...entry, path: entry.key.slice(keyOf(outer, { path: '' }).length) }));
  const keys = new Set(files.map((file) => keyOf(outer, file)));
  for (const entry of known.filter(({ key }) => !keys.has(key))) {
    const statements = [deps.sources.removeEntry(entry.id)];
    await withdrawEntry(deps, run, { actor: run.job.requestedBy, entry, statements });
  }
  const changed = files.filter((file) => !known.some((entry) => isSame(deps, { outer, file, entry })));
  for (let at = 0; at < changed.length; at += FILES_PER_UNIT) {
    const statements = changed
      .slice(at, at + FILES_PER_UNIT)
      .flatMap((file) => queueInner(deps, run, outer, file));
    await run.write({ statements, audit: [] });
  }
  deps.jobs.wake();
}

function isSame(
  { pipelineDigest }: DocumentDeps,
  { outer, file, entry }: { outer: SourceEntry; file: InnerFile; entry: SourceEntry },
): boolean {
  return (
    entry.key === keyOf(outer, file) &&
    entry.blobDigest === file.blobDigest &&
    entry.sidecarDigest === outer.sidecarDigest &&
    entry.pipelineDigest === pipelineDigest
  );
}

function queueInner(deps: DocumentDeps, run: JobRun, outer: SourceEntry, file: InnerFile): Statement[] {
  return queueFile(deps, run.job.requestedBy, {
    tenantId: outer.tenantId,
    sourceId: outer.sourceId,
    key: keyOf(outer, file),
    parentId: outer.id,
    stamp: file.blobDigest,
    sizeBytes: file.sizeBytes,
    blobDigest: file.blobDigest,
    sidecarDigest: outer.sidecarDigest,
  });
}
