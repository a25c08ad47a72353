import { z } from 'zod';
import { AppError, parseId, type ApiKeyId, type Principal } from '#core/index.ts';
import { KeysResponse, NewKeyBody, NewKeyResponse } from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface KeysDeps {
  listKeys(principal: Principal, whose: 'own' | 'all'): Promise<KeysResponse['keys']>;
  createKey(principal: Principal, body: NewKeyBody): Promise<NewKeyResponse>;
  /** @throws AppError request.not_found */
  revokeKey(principal: Principal, id: ApiKeyId): Promise<void>;
}

const params = z.object({ keyId: z.string() });

function expectKeyId(text: string): ApiKeyId {
  const id = parseId('key', text);
  if (id === undefined) throw new AppError('request.not_found', 'There is no such key.');
  return id;
}

/** API keys: one's own, and for those who manage people everybody's. */
export function keyRoutes(deps: KeysDeps): Route[] {
  return [...ownKeys(deps), ...everybodysKeys(deps)];
}

function ownKeys(deps: KeysDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/keys',
      permission: 'account.own',
      summary: "One's own API keys; secrets are not among them.",
      response: KeysResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        body: { keys: await deps.listKeys(principal, 'own') },
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/keys',
      permission: 'account.own',
      summary: 'Make an API key. Its text is in this reply and nowhere else.',
      body: NewKeyBody,
      response: NewKeyResponse,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        status: 201,
        body: await deps.createKey(principal, body),
      }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/hradlo/v1/keys/:keyId',
      permission: 'account.own',
      summary: 'Revoke an API key at once, also for answers under way.',
      params,
      async handle({ principal, params: { keyId } }) {
        await deps.revokeKey(principal, expectKeyId(keyId));
        return { kind: 'json', body: { done: true } };
      },
    }),
  ];
}

function everybodysKeys(deps: KeysDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/keys',
      permission: 'people.manage',
      summary: 'Every API key of the tenant.',
      response: KeysResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        body: { keys: await deps.listKeys(principal, 'all') },
      }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/keys/:keyId',
      permission: 'people.manage',
      summary: "Revoke anybody's API key.",
      params,
      async handle({ principal, params: { keyId } }) {
        await deps.revokeKey(principal, expectKeyId(keyId));
        return { kind: 'json', body: { done: true } };
      },
    }),
  ];
}
