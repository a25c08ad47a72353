import type { Statement } from '#contracts/index.ts';
import type { AuditEvent, Principal } from '#core/index.ts';
import { currentOf, planWithdrawal, type SourceEntry, type VersionChange } from '#rag/index.ts';
import { changeHistory, tellIndex } from './change-history.ts';
import { eventOf, type DocumentDeps, type WorkWriter } from './document-deps.ts';

export interface Withdrawal {
  readonly actor: Pick<Principal, 'issuer' | 'subject'>;
  readonly entry: SourceEntry;
  /** What else belongs into the unit. */
  readonly statements: readonly Statement[];
}

/**
 * Takes out of answers what came from a file that is gone, and from the files inside it; its history stays. What
 * the document said before holds again; with nothing left the document is removed.
 */
export async function withdrawEntry(
  deps: DocumentDeps,
  work: Pick<WorkWriter, 'write'>,
  withdrawal: Withdrawal,
): Promise<void> {
  const { entry, actor } = withdrawal;
  for (const child of await deps.sources.listChildren(entry.id)) {
    await withdrawEntry(deps, work, {
      actor,
      entry: child,
      statements: [deps.sources.removeEntry(child.id)],
    });
  }
  const { documentId } = entry;
  if (documentId === undefined) {
    if (withdrawal.statements.length > 0) await work.write({ statements: withdrawal.statements, audit: [] });
    return;
  }
  await deps.documentLock.run(documentId, () => withdraw(deps, work, { ...withdrawal, documentId }));
}

/**
 * Takes out what a file itself said, and leaves the files inside it. Its document must be held already: this is for
 * who is changing it.
 */
export async function withdrawOwn(
  deps: DocumentDeps,
  work: Pick<WorkWriter, 'write'>,
  { actor, entry }: Omit<Withdrawal, 'statements'>,
): Promise<void> {
  const { documentId } = entry;
  if (documentId !== undefined) await withdraw(deps, work, { actor, entry, documentId, statements: [] });
}

async function withdraw(
  deps: DocumentDeps,
  work: Pick<WorkWriter, 'write'>,
  given: Withdrawal & { readonly documentId: NonNullable<SourceEntry['documentId']> },
): Promise<void> {
  const { entry, documentId } = given;
  const head = await deps.versions.findHeadById(documentId);
  if (head === undefined) return;
  const nowMs = deps.clock.nowMs();
  const change = planWithdrawal(head.known, ({ origin }) => origin === entry.id);
  const history = changeHistory(deps, { change, nowMs, nextOrdinal: head.lastOrdinal + 1 });
  const current = currentOf(history.knownOf(head), nowMs);
  await work.write({
    guards: [deps.versions.guardUnchanged(documentId, head.lastOrdinal)],
    statements: [
      ...history.statements,
      current === undefined
        ? deps.versions.removeDocument(documentId, nowMs)
        : deps.versions.setCurrent(documentId, current.id, undefined),
      ...given.statements,
    ],
    audit: change.ended.length === 0 ? [] : [withdrawnEvent(given, change, current === undefined, nowMs)],
  });
  await tellIndex(deps, { change, added: history.restated, nowMs });
}

function withdrawnEvent(
  { actor, entry }: Withdrawal,
  change: VersionChange,
  isRemoved: boolean,
  atMs: number,
): AuditEvent {
  const kind = isRemoved ? 'document.removed' : 'version.withdrawn';
  return eventOf(
    actor,
    { kind, tenantId: entry.tenantId, atMs },
    {
      documentId: entry.documentId ?? null,
      ended: [...change.ended],
    },
  );
}
