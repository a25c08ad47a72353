import { z } from 'zod';
import type { Principal } from '#core/index.ts';
import {
  LimitBody,
  LimitsResponse,
  LimitUseResponse,
  OwnLimitsResponse,
  PriceBody,
  PricesResponse,
} from '#wire/admin/index.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';

export interface LimitsRouteDeps {
  listLimits(principal: Principal): Promise<LimitsResponse['limits']>;
  listOwn(principal: Principal): Promise<OwnLimitsResponse['limits']>;
  /** @throws AppError request.not_found */
  limitUse(principal: Principal, id: number): Promise<LimitUseResponse['holders']>;
  listPrices(principal: Principal): Promise<PricesResponse['prices']>;
  setLimit(principal: Principal, body: z.infer<typeof LimitBody>): Promise<number>;
  removeLimit(principal: Principal, id: number): Promise<void>;
  setPrice(principal: Principal, body: z.infer<typeof PriceBody>): Promise<void>;
}

const ofLimit = z.object({ limitId: z.coerce.number().int().positive() });
const DONE: Reply = { kind: 'json', body: { done: true } };

/** Limits and prices, and what is left of one's own. */
export function limitsRoutes(deps: LimitsRouteDeps): Route[] {
  return [...readRoutes(deps), ...changeRoutes(deps)];
}

function readRoutes(deps: LimitsRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/limits',
      permission: 'account.own',
      summary: 'The limits that concern the caller, and what is left of them.',
      response: OwnLimitsResponse,
      handle: async ({ principal }) => ({ kind: 'json', body: { limits: await deps.listOwn(principal) } }),
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/limits',
      permission: 'usage.read',
      summary: 'Limits of the tenant.',
      response: LimitsResponse,
      handle: async ({ principal }) => ({ kind: 'json', body: { limits: await deps.listLimits(principal) } }),
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/limits/:limitId/use',
      permission: 'usage.read',
      summary: 'Who drew from a limit, and what is left to them.',
      params: ofLimit,
      response: LimitUseResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: { holders: await deps.limitUse(principal, params.limitId) },
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/prices',
      permission: 'usage.read',
      summary: 'What models cost.',
      response: PricesResponse,
      handle: async ({ principal }) => ({ kind: 'json', body: { prices: await deps.listPrices(principal) } }),
    }),
  ];
}

function changeRoutes(deps: LimitsRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'PUT',
      path: '/admin/v1/limits',
      permission: 'limits.manage',
      summary: 'Set a limit; what was spent counts on.',
      body: LimitBody,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        body: { id: await deps.setLimit(principal, body) },
      }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/limits/:limitId',
      permission: 'limits.manage',
      summary: 'Take a limit away.',
      params: ofLimit,
      async handle({ principal, params }) {
        await deps.removeLimit(principal, params.limitId);
        return DONE;
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/admin/v1/prices',
      permission: 'limits.manage',
      summary: 'Say what a model costs; nothing takes its price away.',
      body: PriceBody,
      async handle({ principal, body }) {
        await deps.setPrice(principal, body);
        return DONE;
      },
    }),
  ];
}
