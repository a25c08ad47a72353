import type { IncomingMessage } from 'node:http';
import {
  AppError,
  expectId,
  hasPermission,
  PERMISSIONS,
  type Principal,
  type TenantId,
} from '#core/index.ts';
import { addressOf, type Begun, type CookieSettings, type SessionDeps } from '#gateway/index.ts';
import { SESSION_LIFETIME_MS, toPrincipal } from '#identity/index.ts';
import type { DocumentStore } from '#rag/index.ts';
import {
  acceptInvitation,
  changePassphrase,
  confirmTotp,
  endSession,
  offerTotp,
  removeTotp,
  setUp,
  signIn,
  type Browser,
  type PeopleDeps,
  type StartedSession,
} from '#usecases/index.ts';
import type { Authenticator, AuthenticateSettings } from './authenticate.ts';
import { FIRST_TENANT, type Parts } from './compose.ts';

const iso = (timeMs: number): string => new Date(timeMs).toISOString();

function toSessionResponse(principal: Principal | undefined, csrfToken: string | undefined) {
  if (principal === undefined) return { state: 'signed-out' as const, person: null, csrfToken: null };
  const isOpen = principal.authentication.kind === 'loopback';
  return {
    state: isOpen ? ('open' as const) : ('signed-in' as const),
    person: {
      id: principal.subject,
      displayName: principal.displayName,
      roles: [...principal.roles],
      permissions: PERMISSIONS.filter((permission) => hasPermission(principal, permission)),
    },
    csrfToken: csrfToken ?? null,
  };
}

/** Sessions of a person as the page lists them; `current` marks the one that asks. */
export async function listSessions(people: PeopleDeps, principal: Principal, userId: string) {
  const nowMs = people.clock.nowMs();
  const { authentication } = principal;
  const sessions = await people.sessions.listOf(principal.tenantId, expectId('user', userId), nowMs);
  return sessions.map((session) => ({
    id: session.id,
    isCurrent: authentication.kind === 'session' && authentication.sessionId === session.id,
    address: session.address,
    agent: session.agent,
    createdAt: iso(session.createdAtMs),
    lastSeenAt: iso(session.lastSeenAtMs),
    expiresAt: iso(session.expiresAtMs),
  }));
}

/** @throws {AppError} auth.forbidden where there is no account behind the principal. */
function ownUserId({ issuer, subject }: Principal) {
  if (issuer !== 'hradlo') throw new AppError('auth.forbidden', 'Sign in for that.');
  return expectId('user', subject);
}

async function tenantNamed(documents: DocumentStore, name: string | undefined): Promise<TenantId> {
  if (name === undefined) return FIRST_TENANT;
  const tenant = (await documents.listTenants()).find((known) => known.name === name);
  // A tenant that does not exist has no accounts: the same answer as for a wrong name.
  return tenant?.id ?? expectId('tenant', `ten_${'z'.repeat(26)}`);
}

/** What concerns the account of whoever is signed in. */
function accountDeps(people: PeopleDeps) {
  return {
    listSessions: async (principal) => listSessions(people, principal, ownUserId(principal)),
    endSession: async (principal, id) =>
      endSession(people, principal, { tenantId: principal.tenantId, userId: ownUserId(principal), id }),
    changePassphrase: (principal, body) => changePassphrase(people, principal, body),
    offerTotp: (principal) => offerTotp(people, principal),
    confirmTotp: (principal, body) => confirmTotp(people, principal, body),
    removeTotp: (principal, passphrase) => removeTotp(people, principal, passphrase),
  } satisfies Partial<SessionDeps>;
}

/** What every way of signing in needs. */
export interface SessionWiring {
  readonly cookie: CookieSettings;
  browserOf(request: IncomingMessage): Browser;
  /** What the page is told of a session that was just made. */
  begun(started: StartedSession): Promise<Begun>;
}

/** Wires what every way of signing in needs. */
export function createSessionWiring(
  { people }: Parts,
  authenticator: Authenticator,
  settings: AuthenticateSettings,
): SessionWiring {
  return {
    cookie: settings,
    browserOf: (request) => ({
      address: addressOf(request, settings.isBehindProxy),
      agent: request.headers['user-agent'] ?? '',
    }),
    async begun(started) {
      const user = await people.users.find(started.tenantId, started.userId);
      const session = { kind: 'session', sessionId: started.sessionId } as const;
      const principal = user && toPrincipal(user, session);
      const csrf = principal && authenticator.csrfTokenOf(principal);
      return {
        token: started.token,
        lifetimeSeconds: SESSION_LIFETIME_MS / 1000,
        session: toSessionResponse(principal, csrf),
      };
    },
  };
}

/** Wires signing in and out and one's own account. */
export function createSessionDeps(
  { people, documents }: Parts,
  authenticator: Authenticator,
  { cookie, browserOf, begun, setUpTokenHash }: SessionWiring & { readonly setUpTokenHash: string },
): SessionDeps {
  return {
    cookie,
    async describe(request) {
      const caller = await authenticator.identify(request);
      const csrf = caller && authenticator.csrfTokenOf(caller.principal);
      return { session: toSessionResponse(caller?.principal, csrf), setCookie: caller?.setCookie };
    },
    signIn: async ({ tenant, ...body }, request) =>
      begun(
        await signIn(people, {
          ...body,
          code: body.code,
          tenantId: await tenantNamed(documents, tenant),
          browser: browserOf(request),
        }),
      ),
    setUp: async (body, request) =>
      begun(
        await setUp(
          { ...people, setUpTokenHash },
          { ...body, tenantId: FIRST_TENANT, browser: browserOf(request) },
        ),
      ),
    acceptInvitation: async (body, request) =>
      begun(await acceptInvitation(people, { ...body, browser: browserOf(request) })),
    ...accountDeps(people),
  };
}
