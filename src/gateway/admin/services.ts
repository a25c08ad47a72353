import { z } from 'zod';
import type { Principal, UserId } from '#core/index.ts';
import { NewServiceBody, NewServiceResponse } from '#wire/admin/index.ts';
import { NewKeyBody, NewKeyResponse } from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';
import { expectUserId } from './people.ts';

export interface ServiceRouteDeps {
  createService(principal: Principal, body: NewServiceBody): Promise<UserId>;
  createServiceKey(principal: Principal, userId: UserId, body: NewKeyBody): Promise<NewKeyResponse>;
  resetTotp(principal: Principal, userId: UserId): Promise<void>;
}

const ofPerson = z.object({ userId: z.string() });

/** Accounts of programs, which act by keys alone, and help for who lost the second step of their sign-in. */
export function serviceRoutes(deps: ServiceRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/admin/v1/services',
      permission: 'people.manage',
      summary: 'Make an account for a program: nobody signs in to it, it acts by its keys.',
      body: NewServiceBody,
      response: NewServiceResponse,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        status: 201,
        body: { id: await deps.createService(principal, body) },
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/people/:userId/keys',
      permission: 'people.manage',
      summary: "Make a key for a program's account; its text is in this reply and nowhere else.",
      params: ofPerson,
      body: NewKeyBody,
      response: NewKeyResponse,
      handle: async ({ principal, params, body }) => ({
        kind: 'json',
        status: 201,
        body: await deps.createServiceKey(principal, expectUserId(params.userId), body),
      }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/people/:userId/totp',
      permission: 'people.manage',
      summary: "Take the second step of a person's sign-in away and end their sessions.",
      params: ofPerson,
      async handle({ principal, params }) {
        await deps.resetTotp(principal, expectUserId(params.userId));
        return { kind: 'json', body: { done: true } };
      },
    }),
  ];
}
