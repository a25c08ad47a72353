import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectDigest, type Digest, type TenantId } from '#core/index.ts';
import { toStatement } from '#platform/index.ts';
import type { RagSchema } from '../rag-schema.ts';

/** That a tenant chose a list; without a digest that it chose none. */
export interface SynonymChoice {
  readonly number: number;
  readonly digest: Digest | undefined;
  readonly text: string;
  readonly chosenAtMs: number;
  readonly chosenBy: string;
}

/** Lists of synonyms, by tenant. One that an answer was looked for with stays. */
export class SynonymStore {
  readonly #db: Kysely<RagSchema>;
  constructor(db: Kysely<RagSchema>) {
    this.#db = db;
  }

  /** What a tenant had chosen at a time; undefined before its first choice. */
  async chosenAt(tenantId: TenantId, atMs: number): Promise<SynonymChoice | undefined> {
    const row = await this.#db
      .selectFrom('synonym_choice as choice')
      .leftJoin('synonym_list as list', (join) =>
        join.onRef('list.tenant_id', '=', 'choice.tenant_id').onRef('list.digest', '=', 'choice.digest'),
      )
      .select(['choice.number', 'choice.digest', 'choice.chosen_at_ms', 'choice.chosen_by', 'list.text'])
      .where('choice.tenant_id', '=', tenantId)
      .where('choice.chosen_at_ms', '<=', atMs)
      .orderBy('choice.number', 'desc')
      .limit(1)
      .executeTakeFirst();
    return (
      row && {
        number: row.number,
        digest: row.digest === null ? undefined : expectDigest(row.digest),
        text: row.text ?? '',
        chosenAtMs: row.chosen_at_ms,
        chosenBy: row.chosen_by,
      }
    );
  }

  /** The text of a list that a tenant has or had. */
  async findText(tenantId: TenantId, digest: Digest): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('synonym_list')
      .select('text')
      .where('tenant_id', '=', tenantId)
      .where('digest', '=', digest)
      .executeTakeFirst();
    return row?.text;
  }

  /** Keeps a list and chooses it. Two choices with one number cannot both be written. */
  choose(tenantId: TenantId, choice: SynonymChoice): Statement[] {
    const { number, digest, text, chosenAtMs, chosenBy } = choice;
    const kept = this.#db
      .insertInto('synonym_list')
      .values({ tenant_id: tenantId, digest: digest ?? '', text })
      .onConflict((conflict) => conflict.doNothing());
    const chosen = this.#db.insertInto('synonym_choice').values({
      tenant_id: tenantId,
      number,
      digest: digest ?? null,
      chosen_at_ms: chosenAtMs,
      chosen_by: chosenBy,
    });
    return [...(digest === undefined ? [] : [toStatement(kept.compile())]), toStatement(chosen.compile())];
  }
}
