import type { GatewayDeps, SessionDeps } from '#gateway/index.ts';
import { newToken } from '#usecases/index.ts';
import { ANONYMOUS, authenticationDeps, Authenticator, type AuthenticateSettings } from './authenticate.ts';
import type { Parts } from './compose.ts';
import { createLiveRequests } from './live-requests.ts';
import { createSessionDeps } from './session-routes.ts';

/** What stands between a request and the routes. */
export interface Entrance {
  readonly gateway: Pick<GatewayDeps, 'isSecure' | 'authenticate' | 'anonymous' | 'watch'>;
  readonly session: SessionDeps;
  /** The path that makes the first administrator; undefined once there is one. */
  setUpPath(): Promise<string | undefined>;
}

/** Builds the entrance. The secret of the first start's link lives as long as this process. */
export function openEntrance(
  parts: Parts,
  settings: AuthenticateSettings,
  stack: AsyncDisposableStack,
): Entrance {
  const onFault = (error: unknown) => parts.logger.error({ error }, 'identity.write_failed');
  const authenticator = new Authenticator(authenticationDeps(parts.people, onFault), settings);
  const setUpToken = newToken(parts.people);
  const setUpTokenHash = parts.people.keyedHash.hash('bootstrap', setUpToken);
  const live = stack.use(createLiveRequests(parts));
  return {
    gateway: {
      isSecure: settings.isSecure,
      authenticate: (request) => authenticator.authenticate(request),
      anonymous: ANONYMOUS,
      watch: (principal, abort) => live.watch(principal, abort),
    },
    session: createSessionDeps(parts, authenticator, { ...settings, setUpTokenHash }),
    setUpPath: async () => ((await authenticator.isOpen()) ? `/#/set-up/${setUpToken}` : undefined),
  };
}
