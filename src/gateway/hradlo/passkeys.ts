import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Principal } from '#core/index.ts';
import {
  NewPasskeyBody,
  PasskeyChallengeResponse,
  PasskeyOfferResponse,
  PasskeysResponse,
  PasskeySignInBody,
  SessionResponse,
} from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';
import { beginReply, type Begun } from './session.ts';
import type { CookieSettings } from '../security/cookie.ts';

export interface PasskeyRouteDeps {
  readonly cookie: CookieSettings;
  listPasskeys(principal: Principal): Promise<PasskeysResponse['passkeys']>;
  offerPasskey(principal: Principal, request: IncomingMessage): Promise<z.infer<typeof PasskeyOfferResponse>>;
  addPasskey(principal: Principal, body: NewPasskeyBody, request: IncomingMessage): Promise<void>;
  removePasskey(principal: Principal, credentialId: string): Promise<void>;
  beginSignIn(request: IncomingMessage): z.infer<typeof PasskeyChallengeResponse>;
  signIn(body: PasskeySignInBody, request: IncomingMessage): Promise<Begun>;
}

/** Passkeys: one's own, and signing in with one. */
export function passkeyRoutes(deps: PasskeyRouteDeps): Route[] {
  return [...ownPasskeys(deps), ...signInRoutes(deps)];
}

function ownPasskeys(deps: PasskeyRouteDeps): Route[] {
  const done = { kind: 'json', body: { done: true } } as const;
  return [
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/account/passkeys',
      permission: 'account.own',
      summary: "One's own passkeys.",
      response: PasskeysResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        body: { passkeys: await deps.listPasskeys(principal) },
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/account/passkey-offers',
      permission: 'account.own',
      summary: 'What a browser needs to make a passkey.',
      response: PasskeyOfferResponse,
      handle: async ({ principal, raw }) => ({ kind: 'json', body: await deps.offerPasskey(principal, raw) }),
    }),
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/account/passkeys',
      permission: 'account.own',
      summary: 'Add the passkey that the browser made.',
      body: NewPasskeyBody,
      async handle({ principal, body, raw }) {
        await deps.addPasskey(principal, body, raw);
        return { ...done, status: 201 };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/hradlo/v1/account/passkeys/:credentialId',
      permission: 'account.own',
      summary: "Take one of one's passkeys away.",
      params: z.object({ credentialId: z.string() }),
      async handle({ principal, params }) {
        await deps.removePasskey(principal, params.credentialId);
        return done;
      },
    }),
  ];
}

function signInRoutes(deps: PasskeyRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/passkey-challenges',
      permission: 'public',
      summary: 'A challenge for signing in with a passkey.',
      response: PasskeyChallengeResponse,
      handle: async ({ raw }) => ({ kind: 'json', body: deps.beginSignIn(raw) }),
    }),
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/passkey-session',
      permission: 'public',
      summary: 'Sign in with a passkey.',
      body: PasskeySignInBody,
      response: SessionResponse,
      handle: async ({ body, raw }) => beginReply(await deps.signIn(body, raw), deps.cookie),
    }),
  ];
}
