import { hostname } from 'node:os';
import type { GatewayDeps, PasskeyRouteDeps, SessionDeps } from '#gateway/index.ts';
import { ANONYMOUS, authenticationDeps, Authenticator } from './authenticate.ts';
import { FIRST_TENANT, type Parts } from './compose.ts';
import { limitHeaders } from './limits-routes.ts';
import { createLiveRequests } from './live-requests.ts';
import { createPasskeyRouteDeps } from './passkey-routes.ts';
import { createSessionDeps, createSessionWiring } from './session-routes.ts';
import { openTls } from './tls.ts';

/** What stands between a request and the routes. */
export interface Entrance {
  readonly gateway: Pick<
    GatewayDeps,
    'tls' | 'isSecure' | 'origins' | 'authenticate' | 'anonymous' | 'watch' | 'limitHeaders'
  >;
  /** What the routes of signing in are handed. */
  readonly routes: { readonly session: SessionDeps; readonly passkeys: PasskeyRouteDeps };
  /** The path that makes the first administrator; undefined once there is one. */
  setUpPath(): Promise<string | undefined>;
}

/**
 * Builds the entrance. The link of the first start is good until somebody has used it.
 * @throws {ConfigError} when a certificate cannot be read.
 */
export function openEntrance(parts: Parts, stack: AsyncDisposableStack): Entrance {
  const { http } = parts.config;
  const tls = openTls(parts);
  const settings = {
    isSecure: tls !== undefined || http.behindProxy,
    isBehindProxy: http.behindProxy,
  };
  const onFault = (error: unknown) => parts.logger.error({ error }, 'identity.write_failed');
  const authenticator = new Authenticator(authenticationDeps(parts.people, onFault), settings);
  // The same over restarts: whoever was sent the link before still comes in, once.
  const setUpToken = parts.people.keyedHash.hash('set-up', FIRST_TENANT);
  const setUpTokenHash = parts.people.keyedHash.hash('bootstrap', setUpToken);
  const live = stack.use(createLiveRequests(parts));
  const wiring = createSessionWiring(parts, authenticator, settings);
  return {
    gateway: {
      tls,
      isSecure: settings.isSecure,
      origins: { hosts: [...http.hosts, hostname().toLowerCase()] },
      authenticate: (request) => authenticator.authenticate(request),
      anonymous: ANONYMOUS,
      watch: (principal, abort) => live.watch(principal, abort),
      limitHeaders: (principal) => limitHeaders(parts, principal),
    },
    routes: {
      session: createSessionDeps(parts, authenticator, { ...wiring, setUpTokenHash }),
      passkeys: createPasskeyRouteDeps(parts.people, wiring),
    },
    setUpPath: async () => ((await authenticator.isOpen()) ? `/#/set-up/${setUpToken}` : undefined),
  };
}
