import type { SnapshotRouteDeps } from '#gateway/index.ts';
import type { KeptSnapshot } from '#rag/index.ts';
import { takeSnapshot } from '#usecases/index.ts';
import type { Parts } from './compose.ts';

function toResponse({ createdAtMs, ...snapshot }: KeptSnapshot) {
  return { ...snapshot, createdAt: new Date(createdAtMs).toISOString() };
}

/** What the routes about snapshots are handed. */
export function createSnapshotRouteDeps(parts: Parts): SnapshotRouteDeps {
  return {
    take: async (principal, label) => toResponse(await takeSnapshot(parts, principal, label)),
    list: async ({ tenantId }) => (await parts.snapshots.list(tenantId)).map(toResponse),
  };
}
