import { canonicalJson, DATA_CLASSES, type DataClass, type Principal } from '#core/index.ts';

/**
 * What must hold beside a grant. There is no plain negation: `noneOf` asks that the attribute is known and
 * holds none of the values, so that a person of whom nothing is known passes no condition.
 */
export type Condition =
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  /** One of the principal's values of the attribute is in the list. */
  | { readonly kind: 'anyOf'; readonly attribute: string; readonly values: readonly string[] }
  | { readonly kind: 'noneOf'; readonly attribute: string; readonly values: readonly string[] }
  /** The principal's highest clearance is at or above the level; unknown clearances count for nothing. */
  | { readonly kind: 'clearance'; readonly atLeast: DataClass }
  /** The stated purpose of the request is one of these. */
  | { readonly kind: 'purpose'; readonly values: readonly string[] }
  /** Half-open range of wall time in milliseconds; null is open. */
  | { readonly kind: 'during'; readonly fromMs: number | null; readonly toMs: number | null };

/** What a decision depends on beside principal and policy. */
export interface DecisionContext {
  readonly nowMs: number;
  /** Why the caller wants to read, as they stated it; undefined when they did not. */
  readonly purpose: string | undefined;
}

/** Whether the condition holds. */
export function holds(condition: Condition, principal: Principal, context: DecisionContext): boolean {
  if (condition.kind === 'all') return condition.of.every((part) => holds(part, principal, context));
  if (condition.kind === 'any') return condition.of.some((part) => holds(part, principal, context));
  if (condition.kind === 'clearance')
    return clearanceOf(principal) >= DATA_CLASSES.indexOf(condition.atLeast);
  if (condition.kind === 'purpose')
    return context.purpose !== undefined && condition.values.includes(context.purpose);
  if (condition.kind === 'during') return isDuring(condition, context.nowMs);
  const known = valuesOf(principal, condition.attribute);
  const isAmong = known.some((value) => condition.values.includes(value));
  return condition.kind === 'anyOf' ? isAmong : known.length > 0 && !isAmong;
}

function valuesOf(principal: Principal, attribute: string): readonly string[] {
  // An own property only: `constructor` is not an attribute of anybody.
  return Object.hasOwn(principal.attributes, attribute) ? (principal.attributes[attribute] ?? []) : [];
}

/** Index of the highest known clearance in `DATA_CLASSES`; -1 for none. */
function clearanceOf(principal: Principal): number {
  return Math.max(
    -1,
    ...valuesOf(principal, 'clearance').map((value) => DATA_CLASSES.findIndex((level) => level === value)),
  );
}

function isDuring(window: { readonly fromMs: number | null; readonly toMs: number | null }, nowMs: number) {
  return (window.fromMs === null || nowMs >= window.fromMs) && (window.toMs === null || nowMs < window.toMs);
}

/**
 * The same condition in one spelling: lists sorted and without doubles, nested `all` in `all` and `any` in `any`
 * flattened, lists of one unwrapped. An empty `all` always holds, an empty `any` never does.
 */
export function canonicalCondition(condition: Condition): Condition {
  if (condition.kind === 'all' || condition.kind === 'any') return canonicalList(condition);
  if (condition.kind === 'clearance' || condition.kind === 'during') return { ...condition };
  return { ...condition, values: sorted(condition.values) };
}

function canonicalList(condition: Extract<Condition, { readonly of: unknown }>): Condition {
  const parts = condition.of
    .map(canonicalCondition)
    .flatMap((part) => (part.kind === condition.kind ? part.of : [part]));
  const unique = new Map(parts.map((part) => [conditionText(part), part]));
  const of = [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: condition.kind, of };
}

const sorted = (values: readonly string[]): readonly string[] =>
  [...new Set(values)].toSorted((a, b) => (a < b ? -1 : 1));

/** The bytes of a condition, for comparing and hashing. */
export function conditionText(condition: Condition): string {
  return canonicalJson(toJson(condition));
}

type ConditionJson = Parameters<typeof canonicalJson>[0];
function toJson(condition: Condition): ConditionJson {
  if (condition.kind === 'all' || condition.kind === 'any')
    return { kind: condition.kind, of: condition.of.map(toJson) };
  return { ...condition };
}

/** The first time after `nowMs` at which some window opens or closes; Infinity when none does. */
export function nextChangeMs(condition: Condition, nowMs: number): number {
  if (condition.kind === 'all' || condition.kind === 'any')
    return Math.min(Infinity, ...condition.of.map((part) => nextChangeMs(part, nowMs)));
  if (condition.kind !== 'during') return Infinity;
  const edges = [condition.fromMs, condition.toMs].filter((edge) => edge !== null && edge > nowMs);
  return Math.min(Infinity, ...edges.map(Number));
}
