import type { IndexOperation, Statement } from '#contracts/index.ts';
import type { VersionId } from '#core/index.ts';
import type { DocumentHead, VersionChange } from '#rag/index.ts';
import type { DocumentDeps } from './document-deps.ts';

/** The next part of a document's history, as statements. */
export interface HistoryChange {
  readonly statements: readonly Statement[];
  /** Versions that were stated anew, under their new ids. */
  readonly restated: readonly VersionId[];
  /** What is known of the document after the change, apart from what arrives. */
  knownOf(head: DocumentHead | undefined): { readonly id: VersionId; readonly validFromMs: number }[];
}

/** Ends what is known no longer, and states anew what holds for another time. */
export function changeHistory(
  deps: Pick<DocumentDeps, 'versionRows' | 'newId'>,
  given: { readonly change: VersionChange; readonly nowMs: number; readonly nextOrdinal: number },
): HistoryChange {
  const { change, nowMs, nextOrdinal } = given;
  const again = change.restated.map(({ id, validToMs }, index) => ({
    from: id,
    to: { id: deps.newId('version'), ordinal: nextOrdinal + index, validToMs },
  }));
  return {
    statements: [
      ...again.flatMap(({ from, to }) => deps.versionRows.restate(from, to, nowMs)),
      ...change.ended.map((id) => deps.versionRows.endRecorded(id, nowMs)),
    ],
    restated: again.map(({ to }) => to.id),
    knownOf: (head) =>
      (head?.known ?? []).flatMap(({ id, validFromMs }) => {
        const restated = again.find(({ from }) => from === id);
        if (restated !== undefined) return [{ id: restated.to.id, validFromMs }];
        return change.ended.includes(id) ? [] : [{ id, validFromMs }];
      }),
  };
}

/** Tells the index what a commit changed. */
export async function tellIndex(
  deps: Pick<DocumentDeps, 'versions' | 'index'>,
  given: { readonly change: VersionChange; readonly added: readonly VersionId[]; readonly nowMs: number },
): Promise<void> {
  const operations: IndexOperation[] = [];
  for (const id of given.change.ended) {
    const { rows, validToMs } = await deps.versions.listRowsWithEnd(id);
    operations.push({ type: 'close', rows, validToMs, recordedToMs: given.nowMs });
  }
  for (const id of given.added) {
    operations.push({ type: 'load', rows: (await deps.versions.listRowsWithEnd(id)).rows });
  }
  await deps.index.apply(operations);
}
