import type { Generated } from 'kysely';

/** Columns of the tables that this module owns, as the query builder sees them. */
export interface UsageSchema {
  limit_rule: {
    id: Generated<number>;
    tenant_id: string;
    subject: string;
    metric: string;
    amount: number;
    window_ms: number;
    created_at_ms: number;
  };
  limit_bucket: { tenant_id: string; rule_id: number; holder: string; floor: number; at_ms: number };
  tenant_weight: { tenant_id: string; weight: number };
  model_price: {
    tenant_id: string;
    model: string;
    input_micro: number;
    output_micro: number;
    updated_at_ms: number;
  };
}
