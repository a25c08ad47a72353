import { AppError, type TenantId } from '#core/index.ts';
import { foldUserName, verifyTotp, type UserCredentials } from '#identity/index.ts';
import { byAccount, type Browser, type PeopleDeps } from './people-deps.ts';
import { startSession, type StartedSession } from './start-session.ts';

export interface SignInRequest {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly passphrase: string;
  /** The code of an authenticator program, for accounts that have one. */
  readonly code: string | undefined;
  readonly browser: Browser;
}

/**
 * Signs a person in. The answer to a wrong name and to a wrong passphrase is the same, and takes the same time.
 * @throws {AppError} auth.required; with `step: code` when passphrase was right and a code is missing or wrong;
 * limit.exceeded after too many failures from this address.
 */
export async function signIn(deps: PeopleDeps, request: SignInRequest): Promise<StartedSession> {
  const { tenantId, name, browser } = request;
  const account = `${tenantId}/${foldUserName(name)}`;
  deps.throttle.check(account, browser.address);
  const known = await deps.users.findCredentials(tenantId, name);
  const isRight = await deps.passphrases.verify(request.passphrase, known?.passphraseHash);
  if (known === undefined || !isRight || known.isDeactivated) {
    await refuse(deps, request, {
      known,
      account,
      reason: known?.isDeactivated ? 'deactivated' : 'passphrase',
    });
    throw new AppError('auth.required', 'The name or the passphrase is not right.');
  }
  const step = await checkCode(deps, request, { known, account });
  deps.throttle.succeed(account, browser.address);
  const { started, statements, audit } = startSession(deps, known, browser, 'passphrase');
  const used = step === undefined ? [] : [deps.users.update(tenantId, known.userId, { totpLastStep: step })];
  await deps.writer.write({ statements: [...statements, ...used], audit: [audit] });
  return started;
}

interface Attempt {
  readonly known: UserCredentials | undefined;
  readonly account: string;
  readonly reason: string;
}

async function refuse(deps: PeopleDeps, request: SignInRequest, attempt: Attempt): Promise<void> {
  const { known, account, reason } = attempt;
  deps.throttle.fail(account, request.browser.address);
  if (known === undefined) return;
  const event = byAccount(known, 'session.refused', { reason }, deps.clock.nowMs());
  await deps.writer.write({ statements: [], audit: [event] });
}

/** The step of a right code; undefined when the account asks for none. */
async function checkCode(
  deps: PeopleDeps,
  request: SignInRequest,
  { known, account }: { readonly known: UserCredentials; readonly account: string },
): Promise<number | undefined> {
  if (known.totpSecret === undefined) return undefined;
  const needsCode = new AppError('auth.required', 'Enter the code of your authenticator program.', {
    details: { step: 'code' },
  });
  if (request.code === undefined) throw needsCode;
  const secret = deps.sealer.open(known.totpSecret, known.userId);
  const clock = { nowMs: deps.clock.nowMs(), lastStep: known.totpLastStep };
  const step = verifyTotp(secret, request.code, clock);
  if (step !== undefined) return step;
  await refuse(deps, request, { known, account, reason: 'code' });
  throw needsCode;
}
