import type { IncomingMessage } from 'node:http';
import { AppError, type Principal } from '#core/index.ts';
import { FIRST_TENANT } from './compose.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

function principal(subject: string, kind: 'local-socket' | 'loopback'): Principal {
  return {
    tenantId: FIRST_TENANT,
    issuer: 'local',
    subject,
    displayName: subject,
    groups: [],
    roles: ['administrator', 'user'],
    attributes: {},
    authentication: { kind },
  };
}

/**
 * Who calls, while nobody has an account: whoever opened the socket in the data folder, or reached us over
 * loopback. Anyone else is refused. @throws {AppError} auth.required
 */
export async function authenticate(request: IncomingMessage): Promise<Principal> {
  const address = request.socket.remoteAddress;
  if (address === undefined) return principal('administrator', 'local-socket');
  if (LOOPBACK.has(address)) return principal('anybody', 'loopback');
  throw new AppError('auth.required', 'Until somebody has an account, only this machine itself is served.');
}
