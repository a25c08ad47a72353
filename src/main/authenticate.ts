import type { IncomingMessage } from 'node:http';
import type { Statement } from '#contracts/index.ts';
import { AppError, isAppError, type AuditEvent, type Principal } from '#core/index.ts';
import {
  addressOf,
  isSafeMethod,
  readCredentials,
  writeSessionCookie,
  type Caller,
  type CookieSettings,
} from '#gateway/index.ts';
import {
  authenticateKey,
  authenticateSession,
  csrfToken,
  SESSION_LIFETIME_MS,
  type AuthenticationDeps,
} from '#identity/index.ts';
import { newToken, type PeopleDeps } from '#usecases/index.ts';
import { FIRST_TENANT } from './compose.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const KEY_MARK = 'hrk_';

export interface AuthenticateSettings extends CookieSettings {
  readonly isBehindProxy: boolean;
}

/** Nobody in particular: the caller of a route that asks nothing. */
export const ANONYMOUS: Principal = {
  tenantId: FIRST_TENANT,
  issuer: 'local',
  subject: 'anonymous',
  displayName: '',
  groups: [],
  roles: [],
  attributes: {},
  authentication: { kind: 'anonymous' },
};

function local(subject: string, kind: 'local-socket' | 'loopback'): Principal {
  return {
    ...ANONYMOUS,
    subject,
    displayName: subject,
    roles: ['platform-administrator', 'administrator', 'user'],
    authentication: { kind },
  };
}

/** What authentication itself needs of the parts. */
export function authenticationDeps(
  people: PeopleDeps,
  onFault: (error: unknown) => void,
): AuthenticationDeps {
  return {
    ...people,
    newToken: () => newToken(people),
    write: (unit) => people.writer.write(unit),
    writeLater(statements: readonly Statement[], audit: readonly AuditEvent[]) {
      people.writer.write({ statements, audit }).catch(onFault);
    },
  };
}

/** Finds out who calls. */
export class Authenticator {
  readonly #deps: AuthenticationDeps;
  readonly #settings: AuthenticateSettings;
  #hasAdministrator = false;

  constructor(deps: AuthenticationDeps, settings: AuthenticateSettings) {
    this.#deps = deps;
    this.#settings = settings;
  }

  /** Whether nobody can administer yet, so that this machine itself is let in without signing in. */
  async isOpen(): Promise<boolean> {
    // Once there was an administrator there always is one: the last one cannot be taken away.
    this.#hasAdministrator ||= await this.#deps.users.hasAdministrator();
    return !this.#hasAdministrator;
  }

  /**
   * Who calls: whoever opened the socket in the data folder, the holder of a key, a signed-in browser, or while
   * nobody has an account whoever reached us over loopback.
   * @throws {AppError} auth.required; origin.refused for a change without the session's own token.
   */
  async authenticate(request: IncomingMessage): Promise<Caller> {
    const address = addressOf(request, this.#settings.isBehindProxy);
    if (request.socket.remoteAddress === undefined)
      return { principal: local('administrator', 'local-socket'), setCookie: undefined };
    const credentials = readCredentials(request, this.#settings);
    const isOpen = await this.isOpen();
    // Clients that insist on a key send any word; while nobody has an account it says nothing.
    if (credentials.kind === 'key' && (!isOpen || credentials.text.startsWith(KEY_MARK)))
      return {
        principal: await authenticateKey(this.#deps, credentials.text, address),
        setCookie: undefined,
      };
    if (credentials.kind === 'session' && !isOpen)
      return this.#bySession(request, credentials.token, credentials.csrfToken);
    // Behind a proxy everybody may look local: there the link of the first start is the only way in.
    if (isOpen && !this.#settings.isBehindProxy && LOOPBACK.has(address))
      return { principal: local('anybody', 'loopback'), setCookie: undefined };
    throw new AppError(
      'auth.required',
      isOpen
        ? 'Until somebody has an account, only this machine itself is served. Open the link of the first start.'
        : 'Sign in, or send a valid API key.',
    );
  }

  async #bySession(request: IncomingMessage, token: string, csrf: string | undefined): Promise<Caller> {
    const { principal, sessionId, freshToken } = await authenticateSession(this.#deps, token);
    const expected = csrfToken(this.#deps.keyedHash, principal.tenantId, sessionId);
    if (!isSafeMethod(request.method) && csrf !== expected)
      throw new AppError(
        'origin.refused',
        'The request lacks the token of your session. Load the page again.',
      );
    return {
      principal,
      setCookie: freshToken && writeSessionCookie(freshToken, SESSION_LIFETIME_MS / 1000, this.#settings),
    };
  }

  /** Who calls, or nobody where that is not known: for routes that say who one is. */
  async identify(request: IncomingMessage): Promise<Caller | undefined> {
    try {
      return await this.authenticate(request);
    } catch (error) {
      if (isAppError(error, 'auth.required')) return undefined;
      throw error;
    }
  }

  /** The token that changes must carry in this session; undefined where none is asked. */
  csrfTokenOf({ tenantId, authentication }: Principal): string | undefined {
    return authentication.kind === 'session'
      ? csrfToken(this.#deps.keyedHash, tenantId, authentication.sessionId)
      : undefined;
  }
}
