import type { AuditEvent } from './audit-event.ts';
import { canonicalJson, type Json } from './canonical-json.ts';

/** What stands before the first event of a chain. */
export const CHAIN_START = `sha256:${'0'.repeat(64)}`;

/** An event at its place: what is hashed. */
export interface ChainLink {
  readonly chainId: string;
  readonly sequence: number;
  readonly previousHash: string;
  /** The event as `encodeEvent` wrote it. */
  readonly event: string;
}

/** An event's canonical JSON, as it is stored and hashed. */
export function encodeEvent(event: AuditEvent): string {
  const plain: Json = {
    kind: event.kind,
    tenantId: event.tenantId,
    actor: { issuer: event.actor.issuer, subject: event.actor.subject },
    atMs: event.atMs,
    fields: event.fields,
  };
  return canonicalJson(plain);
}

/**
 * The text whose SHA-256 is a link's hash. The chain's name and the sequence are part of it, so that a link
 * cannot be moved, and each hash rests on all before it.
 */
export function encodeLink(link: ChainLink): string {
  return canonicalJson({
    chain: link.chainId,
    sequence: link.sequence,
    previous: link.previousHash,
    event: link.event,
  });
}
