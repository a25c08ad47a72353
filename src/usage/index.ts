// Usage: limits on requests, tokens, concurrency and cost, and what is left of them.
// Owns: tables limit_rule, limit_bucket, model_price.
// Never: floating-point money; a limit that a restart forgets.
// Bound by: ADR 11 (fail closed, record before answer).
export { INSTALLATION, isLimitSubject, type LimitMetric, type LimitRule } from './limit-rule.ts';
export { LimitStore, ORDINARY_WEIGHT, type ModelPrice } from './limit-store.ts';
export { Limits, type LimitReservation, type LimitState, type Spending } from './limits.ts';
export type { UsageSchema } from './usage-schema.ts';
