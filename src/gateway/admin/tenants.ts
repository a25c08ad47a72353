import { z } from 'zod';
import { AppError, parseId, type Principal, type TenantId, type VersionId } from '#core/index.ts';
import {
  BreakGlassBody,
  NewCollectionBody,
  NewTenantBody,
  NewTenantResponse,
  TenantChangeBody,
  TenantsResponse,
} from '#wire/admin/index.ts';
import { PassageResponse } from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface TenantsRouteDeps {
  createCollection(principal: Principal, body: z.infer<typeof NewCollectionBody>): Promise<string>;
  listTenants(): Promise<z.infer<typeof TenantsResponse>['tenants']>;
  setWeight(principal: Principal, tenantId: TenantId, weight: number): Promise<void>;
  createTenant(
    principal: Principal,
    body: z.infer<typeof NewTenantBody>,
  ): Promise<z.infer<typeof NewTenantResponse>>;
  breakGlass(
    principal: Principal,
    request: {
      readonly tenantId: TenantId | undefined;
      readonly versionId: VersionId;
      readonly reason: string;
    },
  ): Promise<PassageResponse | undefined>;
}

/** Collections and tenants are made here, and texts read without a grant. */
export function tenantsRoutes(deps: TenantsRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/admin/v1/collections',
      permission: 'rights.manage',
      summary: 'Make a collection that its maker alone may read, until they grant it to others.',
      body: NewCollectionBody,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        status: 201,
        body: { id: await deps.createCollection(principal, body) },
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/tenants',
      permission: 'tenants.manage',
      summary: 'Tenants of this installation.',
      response: TenantsResponse,
      handle: async () => ({ kind: 'json', body: { tenants: await deps.listTenants() } }),
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/tenants',
      permission: 'tenants.manage',
      summary: 'Make a tenant, and a link for its first administrator.',
      body: NewTenantBody,
      response: NewTenantResponse,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        status: 201,
        body: await deps.createTenant(principal, body),
      }),
    }),
    weightRoute(deps),
    breakGlassRoute(deps),
  ];
}

function weightRoute(deps: TenantsRouteDeps): Route {
  return defineRoute({
    method: 'PATCH',
    path: '/admin/v1/tenants/:tenantId',
    permission: 'tenants.manage',
    summary: 'Say what share of the installation a tenant has, relative to others.',
    params: z.object({ tenantId: z.string() }),
    body: TenantChangeBody,
    async handle({ principal, params, body }) {
      const tenantId = parseId('tenant', params.tenantId);
      if (tenantId === undefined) throw new AppError('request.not_found', 'There is no such tenant.');
      await deps.setWeight(principal, tenantId, body.weight);
      return { kind: 'json', body: { done: true } };
    },
  });
}

function breakGlassRoute(deps: TenantsRouteDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/admin/v1/break-glass',
    permission: 'texts.break-glass',
    summary: 'Read one text without a grant; the reason is recorded before it is shown.',
    body: BreakGlassBody,
    response: PassageResponse,
    async handle({ principal, body }) {
      const versionId = parseId('version', body.versionId);
      const tenantId = body.tenantId === undefined ? undefined : parseId('tenant', body.tenantId);
      const isWrong = versionId === undefined || (body.tenantId !== undefined && tenantId === undefined);
      const passage = isWrong
        ? undefined
        : await deps.breakGlass(principal, { tenantId, versionId, reason: body.reason });
      if (passage === undefined) throw new AppError('document.not_found', 'There is no such document.');
      return { kind: 'json', body: passage };
    },
  });
}
