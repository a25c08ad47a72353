import type { Json } from './canonical-json.ts';
import type { TenantId } from './ids.ts';

/**
 * Something that happened, as the record keeps it: ids, digests, times, decisions and keyed commitments, never
 * a text. `kind` is `noun.past`: `answer.recorded`, `grant.changed`.
 */
export interface AuditEvent {
  readonly kind: string;
  readonly tenantId: TenantId;
  /** Who did it; `issuer` is `system` for the product itself. */
  readonly actor: { readonly issuer: string; readonly subject: string };
  readonly atMs: number;
  readonly fields: Readonly<Record<string, Json>>;
}
