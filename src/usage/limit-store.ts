import type { Kysely, Selectable } from 'kysely';
import type { Statement } from '#contracts/index.ts';
import { expectId, type TenantId } from '#core/index.ts';
import { frequentQuery, toStatement } from '#platform/index.ts';
import type { BucketLevel } from './bucket.ts';
import { INSTALLATION, LIMIT_METRICS, type LimitMetric, type LimitRule } from './limit-rule.ts';
import type { UsageSchema } from './usage-schema.ts';

/** What a thousand tokens cost, in millionths of the currency unit. */
export interface ModelPrice {
  readonly model: string;
  readonly inputMicro: number;
  readonly outputMicro: number;
}

function toMetric(text: string): LimitMetric {
  const metric = LIMIT_METRICS.find((known) => known === text);
  if (metric === undefined) throw new TypeError('not a metric of limits');
  return metric;
}

function toRule(row: Selectable<UsageSchema['limit_rule']>): LimitRule {
  return {
    id: row.id,
    tenantId: expectId('tenant', row.tenant_id),
    subject: row.subject,
    metric: toMetric(row.metric),
    amount: row.amount,
    windowMs: row.window_ms,
  };
}

/** What a tenant weighs that nobody gave a weight. */
export const ORDINARY_WEIGHT = 1;

/** Limits, the floors of their buckets, prices, and what tenants weigh. */
export class LimitStore {
  readonly #db: Kysely<UsageSchema>;
  readonly #holding;
  readonly #weights;
  readonly #price;
  constructor(db: Kysely<UsageSchema>) {
    this.#db = db;
    const rules = () => db.selectFrom('limit_rule').selectAll().orderBy('id');
    this.#holding = frequentQuery(db, (tenantId: TenantId, subject: string) =>
      rules().where(({ eb, or }) => or([eb('tenant_id', '=', tenantId), eb('subject', '=', subject)])),
    );
    this.#weights = frequentQuery(db, () => db.selectFrom('tenant_weight').selectAll());
    this.#price = frequentQuery(db, (tenantId: TenantId, model: string) =>
      db.selectFrom('model_price').selectAll().where('tenant_id', '=', tenantId).where('model', '=', model),
    );
  }

  /** Limits that a tenant set for itself, or with `installation` those that hold for all together. */
  async listRules(tenantId: TenantId): Promise<readonly LimitRule[]> {
    const query = this.#db.selectFrom('limit_rule').selectAll().where('tenant_id', '=', tenantId);
    return (await query.orderBy('id').execute()).map(toRule);
  }

  /** Every limit that somebody of the tenant may draw from: its own, and those of the installation. */
  async listHolding(tenantId: TenantId): Promise<readonly LimitRule[]> {
    return (await this.#holding(tenantId, INSTALLATION)).map(toRule);
  }

  /** Sets a limit, in place of one for the same subject, metric and window. */
  putRule(rule: Omit<LimitRule, 'id'>, nowMs: number): Statement {
    const values = {
      tenant_id: rule.tenantId,
      subject: rule.subject,
      metric: rule.metric,
      amount: rule.amount,
      window_ms: rule.windowMs,
      created_at_ms: nowMs,
    };
    const query = this.#db
      .insertInto('limit_rule')
      .values(values)
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'subject', 'metric', 'window_ms'])
          .doUpdateSet({ amount: rule.amount }),
      )
      .returning('id');
    return toStatement(query.compile());
  }

  removeRule(tenantId: TenantId, id: number): Statement[] {
    const buckets = this.#db
      .deleteFrom('limit_bucket')
      .where('rule_id', '=', id)
      .where('tenant_id', '=', tenantId);
    const rule = this.#db.deleteFrom('limit_rule').where('id', '=', id).where('tenant_id', '=', tenantId);
    return [toStatement(buckets.compile()), toStatement(rule.compile())];
  }

  /** Weights of tenants that have another than the ordinary one. */
  async listWeights(): Promise<ReadonlyMap<TenantId, number>> {
    const rows = await this.#weights();
    return new Map(rows.map((row) => [expectId('tenant', row.tenant_id), row.weight]));
  }

  putWeight(tenantId: TenantId, weight: number): Statement {
    const query = this.#db
      .insertInto('tenant_weight')
      .values({ tenant_id: tenantId, weight })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ weight }));
    return toStatement(query.compile());
  }

  /** What is known to be left in a bucket; undefined for one that nobody drew from. */
  async findFloor(ruleId: number, holder: string): Promise<BucketLevel | undefined> {
    const row = await this.#db
      .selectFrom('limit_bucket')
      .select(['floor', 'at_ms'])
      .where('rule_id', '=', ruleId)
      .where('holder', '=', holder)
      .executeTakeFirst();
    return row && { level: row.floor, atMs: row.at_ms };
  }

  /** Who drew from a limit so far. */
  async listHolders(tenantId: TenantId, ruleId: number): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('limit_bucket')
      .select('holder')
      .where('tenant_id', '=', tenantId)
      .where('rule_id', '=', ruleId)
      .orderBy('holder')
      .execute();
    return rows.map(({ holder }) => holder);
  }

  putFloor(rule: LimitRule, holder: string, { level, atMs }: BucketLevel): Statement {
    const floor = Math.floor(level);
    const query = this.#db
      .insertInto('limit_bucket')
      .values({ tenant_id: rule.tenantId, rule_id: rule.id, holder, floor, at_ms: atMs })
      .onConflict((conflict) => conflict.columns(['rule_id', 'holder']).doUpdateSet({ floor, at_ms: atMs }));
    return toStatement(query.compile());
  }

  async findPrice(tenantId: TenantId, model: string): Promise<ModelPrice | undefined> {
    const [row] = await this.#price(tenantId, model);
    return row && { model, inputMicro: row.input_micro, outputMicro: row.output_micro };
  }

  async listPrices(tenantId: TenantId): Promise<readonly ModelPrice[]> {
    const rows = await this.#db
      .selectFrom('model_price')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .orderBy('model')
      .execute();
    return rows.map((row) => ({
      model: row.model,
      inputMicro: row.input_micro,
      outputMicro: row.output_micro,
    }));
  }

  /** A price of nothing is no price. */
  putPrice(tenantId: TenantId, price: ModelPrice, nowMs: number): Statement {
    if (price.inputMicro === 0 && price.outputMicro === 0) return this.#removePrice(tenantId, price.model);
    const values = { input_micro: price.inputMicro, output_micro: price.outputMicro, updated_at_ms: nowMs };
    const query = this.#db
      .insertInto('model_price')
      .values({ tenant_id: tenantId, model: price.model, ...values })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'model']).doUpdateSet(values));
    return toStatement(query.compile());
  }

  #removePrice(tenantId: TenantId, model: string): Statement {
    const query = this.#db
      .deleteFrom('model_price')
      .where('tenant_id', '=', tenantId)
      .where('model', '=', model);
    return toStatement(query.compile());
  }
}
