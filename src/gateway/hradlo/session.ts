import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { AppError, parseId, type Principal, type SessionId } from '#core/index.ts';
import {
  AcceptInvitationBody,
  ChangePassphraseBody,
  ConfirmTotpBody,
  RemoveTotpBody,
  SessionResponse,
  SessionsResponse,
  SetUpBody,
  SignInBody,
  TotpOfferResponse,
} from '#wire/hradlo/index.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';
import { writeSessionCookie, type CookieSettings } from '../security/cookie.ts';

/** A session that began: what goes into the cookie, and what the page is told. */
export interface Begun {
  readonly token: string;
  readonly lifetimeSeconds: number;
  readonly session: SessionResponse;
}

export interface SessionDeps {
  readonly cookie: CookieSettings;
  /** Who one is; never refuses. */
  describe(request: IncomingMessage): Promise<{ session: SessionResponse; setCookie: string | undefined }>;
  signIn(body: SignInBody, request: IncomingMessage): Promise<Begun>;
  setUp(body: SetUpBody, request: IncomingMessage): Promise<Begun>;
  acceptInvitation(body: AcceptInvitationBody, request: IncomingMessage): Promise<Begun>;
  listSessions(principal: Principal): Promise<SessionsResponse['sessions']>;
  /** Ends one of one's own sessions. @throws AppError request.not_found */
  endSession(principal: Principal, id: SessionId): Promise<void>;
  changePassphrase(principal: Principal, body: z.infer<typeof ChangePassphraseBody>): Promise<void>;
  offerTotp(principal: Principal): Promise<z.infer<typeof TotpOfferResponse>>;
  confirmTotp(principal: Principal, body: z.infer<typeof ConfirmTotpBody>): Promise<void>;
  removeTotp(principal: Principal, passphrase: string): Promise<void>;
}

const DONE: Reply = { kind: 'json', body: { done: true } };

/** The reply that begins a session in the browser. */
export function beginReply({ token, lifetimeSeconds, session }: Begun, cookie: CookieSettings): Reply {
  return {
    kind: 'json',
    body: session,
    headers: {
      'set-cookie': writeSessionCookie(token, lifetimeSeconds, cookie),
      'cache-control': 'no-store',
    },
  };
}

/** Signing in and out, and one's own account. */
export function sessionRoutes(deps: SessionDeps): Route[] {
  return [describeRoute(deps), ...beginRoutes(deps), ...ownSessions(deps), ...ownAccount(deps)];
}

function describeRoute(deps: SessionDeps): Route {
  return defineRoute({
    method: 'GET',
    path: '/hradlo/v1/session',
    permission: 'public',
    summary: 'Who one is here, and what one may do.',
    response: SessionResponse,
    async handle({ raw }) {
      const { session, setCookie } = await deps.describe(raw);
      const cookie = setCookie === undefined ? undefined : { 'set-cookie': setCookie };
      return { kind: 'json', body: session, headers: { 'cache-control': 'no-store', ...cookie } };
    },
  });
}

function beginRoutes(deps: SessionDeps): Route[] {
  const begin = (begun: Begun): Reply => beginReply(begun, deps.cookie);
  return [
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/session',
      permission: 'public',
      summary: 'Sign in with a passphrase.',
      body: SignInBody,
      response: SessionResponse,
      handle: async ({ body, raw }) => begin(await deps.signIn(body, raw)),
    }),
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/set-up',
      permission: 'public',
      summary: 'Make the first administrator, with the link of the first start.',
      body: SetUpBody,
      response: SessionResponse,
      handle: async ({ body, raw }) => begin(await deps.setUp(body, raw)),
    }),
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/invitation',
      permission: 'public',
      summary: 'Accept an invitation.',
      body: AcceptInvitationBody,
      response: SessionResponse,
      handle: async ({ body, raw }) => begin(await deps.acceptInvitation(body, raw)),
    }),
  ];
}

function ownSessions(deps: SessionDeps): Route[] {
  return [
    defineRoute({
      method: 'DELETE',
      path: '/hradlo/v1/session',
      permission: 'account.own',
      summary: 'Sign out.',
      async handle({ principal }) {
        if (principal.authentication.kind === 'session')
          await deps.endSession(principal, principal.authentication.sessionId);
        return { ...DONE, headers: { 'set-cookie': writeSessionCookie('', 0, deps.cookie) } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/sessions',
      permission: 'account.own',
      summary: "One's own sessions.",
      response: SessionsResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        body: { sessions: await deps.listSessions(principal) },
      }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/hradlo/v1/sessions/:sessionId',
      permission: 'account.own',
      summary: "End one of one's own sessions.",
      params: z.object({ sessionId: z.string() }),
      async handle({ principal, params }) {
        const id = parseId('session', params.sessionId);
        if (id === undefined) throw new AppError('request.not_found', 'There is no such session.');
        await deps.endSession(principal, id);
        return DONE;
      },
    }),
  ];
}

function ownAccount(deps: SessionDeps): Route[] {
  return [
    defineRoute({
      method: 'PUT',
      path: '/hradlo/v1/account/passphrase',
      permission: 'account.own',
      summary: "Change one's passphrase; every other session ends.",
      body: ChangePassphraseBody,
      async handle({ principal, body }) {
        await deps.changePassphrase(principal, body);
        return DONE;
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/account/totp',
      permission: 'account.own',
      summary: 'A secret for an authenticator program, which counts once confirmed.',
      response: TotpOfferResponse,
      handle: async ({ principal }) => ({ kind: 'json', body: await deps.offerTotp(principal) }),
    }),
    defineRoute({
      method: 'PUT',
      path: '/hradlo/v1/account/totp',
      permission: 'account.own',
      summary: 'Confirm the authenticator program with one of its codes.',
      body: ConfirmTotpBody,
      async handle({ principal, body }) {
        await deps.confirmTotp(principal, body);
        return DONE;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/hradlo/v1/account/totp',
      permission: 'account.own',
      summary: 'Sign in without an authenticator program again.',
      body: RemoveTotpBody,
      async handle({ principal, body }) {
        await deps.removeTotp(principal, body.passphrase);
        return DONE;
      },
    }),
  ];
}
