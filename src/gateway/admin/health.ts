import type { Principal } from '#core/index.ts';
import { BackupResponse, HealthResponse } from '#wire/admin/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface HealthDeps {
  readHealth(): Promise<HealthResponse>;
  /** Makes a copy now. @throws AppError conflict.state when no backup is configured. */
  makeBackup(principal: Principal): Promise<BackupResponse>;
}

/** How the installation is, for those who run it. */
export function healthRoutes(deps: HealthDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/health',
      permission: 'operations.read',
      summary: 'State of writing, disk, audit, jobs and backup, and what needs attention.',
      response: HealthResponse,
      handle: async () => ({ kind: 'json', body: await deps.readHealth() }),
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/backups',
      permission: 'operations.manage',
      summary: 'Make a backup copy now.',
      response: BackupResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        status: 201,
        body: await deps.makeBackup(principal),
      }),
    }),
  ];
}
