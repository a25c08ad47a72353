import type { Metrics } from '#platform/index.ts';
import { openApi } from './open-api.ts';
import { defineRoute, type Route } from './route.ts';

export interface OperationsDeps {
  readonly metrics: Metrics;
  /** False while the server starts or drains. */
  isReady(): boolean;
}

/** For those who run the server: is it alive, is it ready, what does it measure, what does it offer. */
export function operationsRoutes(deps: OperationsDeps, allRoutes: () => readonly Route[]): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/healthz',
      permission: 'public',
      summary: 'Alive: the process answers.',
      handle: async () => ({ kind: 'json', body: { status: 'alive' } }),
    }),
    defineRoute({
      method: 'GET',
      path: '/readyz',
      permission: 'public',
      summary: 'Ready: requests are taken.',
      handle: async () => {
        const isReady = deps.isReady();
        return {
          kind: 'json',
          status: isReady ? 200 : 503,
          body: { status: isReady ? 'ready' : 'not ready' },
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/metrics',
      permission: 'operations.read',
      summary: 'Metrics in Prometheus text form.',
      handle: async () => ({
        kind: 'bytes',
        bytes: await deps.metrics.expose(),
        contentType: deps.metrics.contentType,
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/openapi.json',
      permission: 'public',
      summary: 'This interface as OpenAPI 3.1.',
      handle: async () => ({ kind: 'json', body: openApi(allRoutes()) }),
    }),
  ];
}
