import type { DatabaseSync } from 'node:sqlite';
import type { ChainHead, ChainRow } from '#core/index.ts';

const PAGE_SIZE = 2_000;
const SELECT = `SELECT chain_id, sequence, previous_hash, event, hash, tenant_id, kind, at_ms, actor_issuer, actor_subject
  FROM audit_event WHERE (chain_id, sequence) > (?, ?) ORDER BY chain_id, sequence LIMIT ${PAGE_SIZE}`;

type Row = Record<string, unknown>;
const text = (row: Row, name: string) => String(row[name]);

function toChainRow(row: Row): ChainRow {
  return {
    chainId: text(row, 'chain_id'),
    sequence: Number(row['sequence']),
    previousHash: text(row, 'previous_hash'),
    event: text(row, 'event'),
    hash: text(row, 'hash'),
    columns: {
      tenantId: text(row, 'tenant_id'),
      kind: text(row, 'kind'),
      atMs: Number(row['at_ms']),
      issuer: text(row, 'actor_issuer'),
      subject: text(row, 'actor_subject'),
    },
  };
}

/** Where an event stands, and when it happened. */
export interface ChainEventPlace {
  readonly kind: string;
  readonly chainId: string;
  readonly sequence: number;
  readonly hash: string;
  readonly atMs: number;
}

/** That somebody read a text that no grant let them read. */
export interface BrokenGlass {
  readonly versionId: string;
  readonly reason: string;
  readonly by: { readonly issuer: string; readonly subject: string };
  readonly sequence: number;
  readonly atMs: number;
}

/** Reads the audit chains back. */
export class ChainReader {
  readonly #database: DatabaseSync;
  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Every event of every chain, in the order of chain and sequence; in pages, so that a reader never stands long. */
  *list(): Generator<ChainRow> {
    const select = this.#database.prepare(SELECT);
    let after: readonly [string, number] = ['', 0];
    for (;;) {
      const page = select.all(...after).map(toChainRow);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = [last.chainId, last.sequence];
    }
  }

  /** The end of a chain; undefined while it is empty. */
  head(chainId: string): ChainHead | undefined {
    const row = this.#database
      .prepare(
        'SELECT sequence, hash, at_ms FROM audit_event WHERE chain_id = ? ORDER BY sequence DESC LIMIT 1',
      )
      .get(chainId);
    if (row === undefined) return undefined;
    return { sequence: Number(row['sequence']), hash: text(row, 'hash'), atMs: Number(row['at_ms']) };
  }

  /** Events of a tenant that name this value in a field, in their order. */
  listAbout(tenantId: string, field: string, value: string): ChainEventPlace[] {
    return this.#database
      .prepare(
        `SELECT kind, chain_id, sequence, hash, at_ms FROM audit_event
         WHERE tenant_id = ? AND event LIKE '%' || ? || '%' AND json_extract(event, '$.fields.' || ?) = ?
         ORDER BY chain_id, sequence`,
      )
      .all(tenantId, value, field, value)
      .map((row) => ({
        kind: text(row, 'kind'),
        chainId: text(row, 'chain_id'),
        sequence: Number(row['sequence']),
        hash: text(row, 'hash'),
        atMs: Number(row['at_ms']),
      }));
  }

  /** Texts that were read without a grant, of these versions: by whom, when and why. */
  listBrokenGlass(tenantId: string, versionIds: readonly string[]): BrokenGlass[] {
    return this.#database
      .prepare(
        `SELECT sequence, at_ms, actor_issuer, actor_subject, json_extract(event, '$.fields.versionId') AS version,
           json_extract(event, '$.fields.reason') AS reason
         FROM audit_event WHERE tenant_id = ? AND kind = 'text.glass_broken'
           AND json_extract(event, '$.fields.versionId') IN (SELECT value FROM json_each(?)) ORDER BY chain_id, sequence`,
      )
      .all(tenantId, JSON.stringify(versionIds))
      .map((row) => ({
        versionId: text(row, 'version'),
        reason: text(row, 'reason'),
        by: { issuer: text(row, 'actor_issuer'), subject: text(row, 'actor_subject') },
        sequence: Number(row['sequence']),
        atMs: Number(row['at_ms']),
      }));
  }

  /** Sequence and time of the event of a kind that names this value in a field; the latest if there are many. */
  findByField(kind: string, field: string, value: string): { sequence: number; atMs: number } | undefined {
    const row = this.#database
      .prepare(
        `SELECT sequence, at_ms FROM audit_event WHERE kind = ? AND json_extract(event, '$.fields.' || ?) = ?
         ORDER BY at_ms DESC LIMIT 1`,
      )
      .get(kind, field, value);
    return row && { sequence: Number(row['sequence']), atMs: Number(row['at_ms']) };
  }
}
