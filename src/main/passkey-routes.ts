import type { IncomingMessage } from 'node:http';
import { AppError } from '#core/index.ts';
import type { PasskeyRouteDeps } from '#gateway/index.ts';
import { PASSKEY_ALGORITHMS } from '#identity/index.ts';
import {
  addPasskey,
  beginPasskeySignIn,
  offerPasskey,
  removePasskey,
  signInWithPasskey,
  type PasskeyDeps,
  type PasskeyPage,
} from '#usecases/index.ts';
import type { SessionWiring } from './session-routes.ts';

const iso = (timeMs: number): string => new Date(timeMs).toISOString();

/**
 * The page that a browser has loaded, as it must sign it. The host was checked against the names of this server.
 * @throws {AppError} input.invalid without an origin, as programs send it.
 */
function pageOf({ headers }: IncomingMessage): PasskeyPage {
  const { origin, host } = headers;
  if (origin === undefined || host === undefined)
    throw new AppError('input.invalid', 'A passkey is used from the page.');
  return { origin, relyingPartyId: new URL(`http://${host}`).hostname };
}

/** Wires passkeys. */
export function createPasskeyRouteDeps(deps: PasskeyDeps, wiring: SessionWiring): PasskeyRouteDeps {
  return {
    cookie: wiring.cookie,
    async listPasskeys({ tenantId, subject }) {
      const user = await deps.users.list(tenantId);
      const owner = user.find(({ id }) => id === subject);
      const passkeys = owner === undefined ? [] : await deps.passkeys.listOf(tenantId, owner.id);
      return passkeys.map(({ credentialId, name, createdAtMs, lastUsedAtMs }) => ({
        id: credentialId,
        name,
        createdAt: iso(createdAtMs),
        lastUsedAt: lastUsedAtMs === undefined ? null : iso(lastUsedAtMs),
      }));
    },
    offerPasskey: async (principal, request) => ({
      ...(await offerPasskey(deps, principal)),
      relyingParty: { id: pageOf(request).relyingPartyId, name: 'Hradlo' },
      algorithms: [...PASSKEY_ALGORITHMS],
    }),
    async addPasskey(principal, body, request) {
      await addPasskey(deps, principal, { ...body, page: pageOf(request) });
    },
    removePasskey: (principal, credentialId) => removePasskey(deps, principal, credentialId),
    beginSignIn: (request) => ({
      challenge: beginPasskeySignIn(deps),
      relyingPartyId: pageOf(request).relyingPartyId,
    }),
    signIn: async (body, request) =>
      wiring.begun(
        await signInWithPasskey(deps, {
          ...body,
          page: pageOf(request),
          browser: wiring.browserOf(request),
        }),
      ),
  };
}
