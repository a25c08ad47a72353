import { AppError, type TenantId } from '#core/index.ts';
import { checkPassphrase } from '#identity/index.ts';
import { byAccount, type Browser, type PeopleDeps } from './people-deps.ts';
import { startSession, type StartedSession } from './start-session.ts';

export interface SetUpRequest {
  readonly tenantId: TenantId;
  /** The secret of the link that was printed at the first start. */
  readonly token: string;
  readonly name: string;
  readonly displayName: string;
  readonly passphrase: string;
  readonly browser: Browser;
}

/**
 * Makes the first administrator. The link works once: the transaction itself refuses a second one.
 * @throws {AppError} auth.required for a wrong link, conflict.state when there is an administrator,
 * input.invalid for a weak passphrase.
 */
export async function setUp(
  deps: PeopleDeps & { readonly setUpTokenHash: string },
  request: SetUpRequest,
): Promise<StartedSession> {
  const { tenantId, name, displayName, passphrase } = request;
  if (!deps.keyedHash.matches('bootstrap', request.token, deps.setUpTokenHash))
    throw new AppError('auth.required', 'This is not the link that was printed at the first start.');
  checkPassphrase(passphrase, name);
  const userId = deps.newId('user');
  const nowMs = deps.clock.nowMs();
  const account = { tenantId, userId };
  const { started, statements, audit } = startSession(deps, account, request.browser, 'setup');
  const user = {
    id: userId,
    tenantId,
    kind: 'person' as const,
    name,
    displayName,
    passphraseHash: await deps.passphrases.hash(passphrase),
    attributes: {},
    roles: ['platform-administrator', 'administrator'] as const,
    groups: [],
    createdAtMs: nowMs,
  };
  await deps.writer.write({
    guards: [deps.users.guardNoAdministrator()],
    statements: [...deps.users.create(user), ...statements],
    audit: [byAccount(account, 'installation.set_up', { userId }, nowMs), audit],
  });
  return started;
}
