import { hash as digest } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AuditPosition } from '#contracts/index.ts';
import { CHAIN_START, encodeEvent, encodeLink, type AuditEvent } from '#core/index.ts';

/** `sha256:` and the hexadecimal digest of a text's UTF-8 bytes. */
export function hashText(text: string): string {
  return `sha256:${digest('sha256', text, 'hex')}`;
}

const INSERT = `INSERT INTO audit_event
  (chain_id, sequence, tenant_id, kind, at_ms, actor_issuer, actor_subject, event, previous_hash, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const SELECT_HEAD =
  'SELECT sequence, hash FROM audit_event WHERE chain_id = ? ORDER BY sequence DESC LIMIT 1';

/**
 * Appends events to the chain of this writer inside its running transaction. The head is read anew each time:
 * a unit that was rolled back must not leave a gap.
 */
export function createChainEvents(chainId: string) {
  let prepared: { database: DatabaseSync; selectHead: StatementSync; insert: StatementSync } | undefined;
  return (database: DatabaseSync, events: readonly AuditEvent[]): readonly AuditPosition[] => {
    if (events.length === 0) return [];
    if (prepared?.database !== database) {
      prepared = { database, selectHead: database.prepare(SELECT_HEAD), insert: database.prepare(INSERT) };
    }
    const { selectHead, insert } = prepared;
    const row = selectHead.get(chainId);
    let head = { sequence: Number(row?.['sequence'] ?? 0), hash: String(row?.['hash'] ?? CHAIN_START) };
    return events.map((event) => {
      const { tenantId, kind, atMs, actor } = event;
      const { issuer, subject } = actor;
      const sequence = head.sequence + 1;
      const encoded = encodeEvent(event);
      const hash = hashText(encodeLink({ chainId, sequence, previousHash: head.hash, event: encoded }));
      insert.run(chainId, sequence, tenantId, kind, atMs, issuer, subject, encoded, head.hash, hash);
      head = { sequence, hash };
      return { chainId, sequence, hash };
    });
  };
}
