import type { Kysely } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { toStatement } from '#platform/index.ts';
import type { SignInFailures } from '../credentials/sign-in-throttle.ts';
import type { IdentitySchema } from '../identity-schema.ts';

/** Failed sign-ins by keyed hash of whom and where from. */
export class SignInFailureStore {
  readonly #db: Kysely<IdentitySchema>;
  constructor(db: Kysely<IdentitySchema>) {
    this.#db = db;
  }

  /** Those since a time, oldest first. */
  async list(sinceMs: number): Promise<readonly SignInFailures[]> {
    const rows = await this.#db
      .selectFrom('sign_in_failure')
      .selectAll()
      .where('last_ms', '>=', sinceMs)
      .orderBy('last_ms')
      .execute();
    return rows.map((row) => ({
      keyHash: row.key_hash,
      count: row.count,
      untilMs: row.until_ms,
      lastMs: row.last_ms,
    }));
  }

  put({ keyHash, count, untilMs, lastMs }: SignInFailures): Statement {
    const values = { count, until_ms: untilMs, last_ms: lastMs };
    const query = this.#db
      .insertInto('sign_in_failure')
      .values({ key_hash: keyHash, ...values })
      .onConflict((conflict) => conflict.column('key_hash').doUpdateSet(values));
    return toStatement(query.compile());
  }

  remove(keyHash: string): Statement {
    return toStatement(this.#db.deleteFrom('sign_in_failure').where('key_hash', '=', keyHash).compile());
  }

  /** Forgets those before a time. */
  removeBefore(beforeMs: number): Statement {
    return toStatement(this.#db.deleteFrom('sign_in_failure').where('last_ms', '<', beforeMs).compile());
  }
}
