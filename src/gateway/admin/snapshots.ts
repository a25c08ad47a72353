import type { Principal } from '#core/index.ts';
import { SnapshotRequest, SnapshotResponse, SnapshotsResponse } from '#wire/admin/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface SnapshotRouteDeps {
  take(principal: Principal, label: string): Promise<SnapshotResponse>;
  list(principal: Principal): Promise<readonly SnapshotResponse[]>;
}

/** Snapshots of the search index: taking and listing them. They are searched by POST /hradlo/v1/retrieve. */
export function snapshotRoutes(deps: SnapshotRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/admin/v1/snapshots',
      permission: 'operations.manage',
      summary: 'Keep the search index as it is now: what is found in it stays the same to the last bit.',
      body: SnapshotRequest,
      response: SnapshotResponse,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        status: 201,
        body: await deps.take(principal, body.label),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/snapshots',
      permission: 'operations.read',
      summary: 'Snapshots of the search index, newest first.',
      response: SnapshotsResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        body: { snapshots: [...(await deps.list(principal))] },
      }),
    }),
  ];
}
