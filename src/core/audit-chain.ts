import type { AuditEvent } from './audit-event.ts';
import { canonicalJson } from './canonical-json.ts';

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

const quote = (text: string): string => JSON.stringify(text);

/** An event's canonical JSON, as it is stored and hashed. Written out, since it is made for every event. */
export function encodeEvent({ kind, tenantId, actor, atMs, fields }: AuditEvent): string {
  const who = `{"issuer":${quote(actor.issuer)},"subject":${quote(actor.subject)}}`;
  const what = `"fields":${canonicalJson(fields)},"kind":${quote(kind)},"tenantId":${quote(tenantId)}`;
  return `{"actor":${who},"atMs":${canonicalJson(atMs)},${what}}`;
}

/**
 * The text whose SHA-256 is a link's hash, canonical JSON too. The chain's name and the sequence are part of it, so
 * that a link cannot be moved, and each hash rests on all before it.
 */
export function encodeLink({ chainId, sequence, previousHash, event }: ChainLink): string {
  const before = `"previous":${quote(previousHash)},"sequence":${canonicalJson(sequence)}`;
  return `{"chain":${quote(chainId)},"event":${quote(event)},${before}}`;
}
