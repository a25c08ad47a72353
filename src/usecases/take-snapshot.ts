import type { Clock, RetrievalIndex, Writer } from '#contracts/index.ts';
import type { Principal } from '#core/index.ts';
import type { KeptSnapshot, SnapshotStore } from '#rag/index.ts';
import { byPrincipal } from './people/people-deps.ts';

export interface SnapshotDeps {
  readonly index: Pick<RetrievalIndex, 'snapshot'>;
  readonly snapshots: SnapshotStore;
  readonly writer: Writer;
  readonly clock: Clock;
}

/**
 * Keeps the search index as it is now, under a name: what is found in it stays the same to the last bit, but for what
 * is erased and what rights no longer allow.
 */
export async function takeSnapshot(
  deps: SnapshotDeps,
  principal: Principal,
  label: string,
): Promise<KeptSnapshot> {
  const createdAtMs = deps.clock.nowMs();
  const { id, chunks, extraBytes } = await deps.index.snapshot(label);
  const { tenantId, subject } = principal;
  const kept: KeptSnapshot = { id, label, chunks, extraBytes, createdAtMs, createdBy: subject };
  await deps.writer.write({
    statements: [deps.snapshots.put(tenantId, kept)],
    audit: [byPrincipal(principal, 'index.snapshot_taken', { snapshot: id, chunks }, createdAtMs)],
  });
  return (await deps.snapshots.list(tenantId)).find((snapshot) => snapshot.id === id) ?? kept;
}
