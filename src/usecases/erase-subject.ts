import type { Clock, Statement } from '#contracts/index.ts';
import type { ContentVault } from '#conversation/index.ts';
import { parseId, type AuditEvent, type Principal, type TenantId, type UserId } from '#core/index.ts';

/** Whose texts are erased: a person or service by (issuer, subject). */
export interface Erasure {
  readonly principal: Principal;
  readonly issuer: string;
  readonly subject: string;
  /** Why, as a reference: the number of a request, not a text about the person. */
  readonly reference: string;
}

export interface EraseDeps {
  readonly vault: ContentVault;
  readonly clock: Clock;
  /** What takes the person out of their account; empty for those who have none. */
  forgetAccount(tenantId: TenantId, userId: UserId, nowMs: number): readonly Statement[];
  /** Clears what was deleted out of the database's log. */
  purge(): Promise<void>;
}

/** Issuer of the accounts that live here. */
const OWN_ISSUER = 'hradlo';

/**
 * Erases a person: their questions and answers for good, and who they were from their account. The record of
 * what happened stays, by ids and keyed commitments, and says that it was done. Returns how many keys went.
 */
export async function eraseSubject(deps: EraseDeps, erasure: Erasure): Promise<{ keys: number }> {
  const { principal, issuer, subject, reference } = erasure;
  const { tenantId } = principal;
  const nowMs = deps.clock.nowMs();
  const userId = issuer === OWN_ISSUER ? parseId('user', subject) : undefined;
  const event = (keyId: string | undefined): AuditEvent => ({
    kind: 'subject.erased',
    tenantId,
    actor: { issuer: principal.issuer, subject: principal.subject },
    atMs: nowMs,
    fields: { issuer, subject, reference, keyId: keyId ?? null },
  });
  const statements = userId === undefined ? [] : deps.forgetAccount(tenantId, userId, nowMs);
  const keys = await deps.vault.erase(
    { tenantId, issuer, subject },
    {
      statements,
      audit: (keyId) => [event(keyId)],
    },
  );
  await deps.purge();
  return { keys };
}
