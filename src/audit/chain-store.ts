import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { AuditPosition } from '#contracts/index.ts';
import { CHAIN_START, encodeEvent, encodeLink, type AuditEvent } from '#core/index.ts';

/** `sha256:` and the hexadecimal digest of a text's UTF-8 bytes. */
export function hashText(text: string): string {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}

const INSERT = `INSERT INTO audit_event
  (chain_id, sequence, tenant_id, kind, at_ms, actor_issuer, actor_subject, event, previous_hash, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

function readHead(database: DatabaseSync, chainId: string): { sequence: number; hash: string } {
  const row = database
    .prepare('SELECT sequence, hash FROM audit_event WHERE chain_id = ? ORDER BY sequence DESC LIMIT 1')
    .get(chainId);
  return { sequence: Number(row?.['sequence'] ?? 0), hash: String(row?.['hash'] ?? CHAIN_START) };
}

/**
 * Appends events to the chain of this writer inside its running transaction. The head is read anew each time:
 * a unit that was rolled back must not leave a gap.
 */
export function createChainEvents(chainId: string) {
  return (database: DatabaseSync, events: readonly AuditEvent[]): readonly AuditPosition[] => {
    if (events.length === 0) return [];
    let head = readHead(database, chainId);
    const insert = database.prepare(INSERT);
    return events.map((event) => {
      const sequence = head.sequence + 1;
      const encoded = encodeEvent(event);
      const hash = hashText(encodeLink({ chainId, sequence, previousHash: head.hash, event: encoded }));
      const { tenantId, kind, atMs, actor } = event;
      insert.run(
        chainId,
        sequence,
        tenantId,
        kind,
        atMs,
        actor.issuer,
        actor.subject,
        encoded,
        head.hash,
        hash,
      );
      head = { sequence, hash };
      return { chainId, sequence, hash };
    });
  };
}
