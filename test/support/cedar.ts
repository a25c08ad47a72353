import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { DATA_CLASSES } from '#core/index.ts';
import type { Condition, Entry, Override, Subject } from '#identity/index.ts';
import { TENANTS, type AccessCase } from './access-arbitraries.ts';

// The same question in the language of another engine, written from the rules in words and not from our code:
// what is allowed, denied and required becomes permit, forbid and forbid-unless.
const text = (value: string): string => JSON.stringify(value);
const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

function expression(condition: Condition): string {
  if (condition.kind === 'all') return `(${condition.of.map(expression).join(' && ') || 'true'})`;
  if (condition.kind === 'any') return `(${condition.of.map(expression).join(' || ') || 'false'})`;
  if (condition.kind === 'purpose')
    return `(context has "purpose" && ${list(condition.values)}.contains(context.purpose))`;
  if (condition.kind === 'clearance') {
    const enough = DATA_CLASSES.slice(DATA_CLASSES.indexOf(condition.atLeast));
    return `(principal has "clearance" && principal["clearance"].containsAny(${list(enough)}))`;
  }
  if (condition.kind === 'during') {
    const from = condition.fromMs === null ? 'true' : `context.now >= ${condition.fromMs}`;
    return `(${from} && ${condition.toMs === null ? 'true' : `context.now < ${condition.toMs}`})`;
  }
  const values = `principal[${text(condition.attribute)}]`;
  const isAmong = `${values}.containsAny(${list(condition.values)})`;
  const test = condition.kind === 'anyOf' ? isAmong : `!${values}.isEmpty() && !${isAmong}`;
  return `(principal has ${text(condition.attribute)} && ${test})`;
}

function scopeOf(subject: Subject): string {
  const at = subject.indexOf(':');
  const name = text(subject.slice(at + 1));
  if (subject === 'everyone') return 'principal';
  if (subject.startsWith('principal:')) return `principal == User::${name}`;
  return `principal in ${subject.startsWith('group:') ? 'Group' : 'Role'}::${name}`;
}

const statement = ({ effect, subject, condition }: Entry): string =>
  `${effect === 'allow' ? 'permit' : 'forbid'}(${scopeOf(subject)}, action, resource)${condition === undefined ? '' : ` when { ${expression(condition)} }`};`;

/** The case as a set of Cedar policies: an allowance further up holds only while every layer below inherits. */
export function toCedar({ grants, document, chunk }: AccessCase): string {
  const layers: readonly Override[] = [
    { inherits: true, entries: grants, rules: [] },
    ...(document === undefined ? [] : [document]),
    ...(chunk === undefined ? [] : [chunk]),
  ];
  const lines = ['forbid(principal, action, resource) unless { principal.tenant == resource.tenant };'];
  for (const [index, layer] of layers.entries()) {
    const isCut = layers.slice(index + 1).some(({ inherits }) => !inherits);
    lines.push(...layer.entries.filter(({ effect }) => effect === 'deny' || !isCut).map(statement));
    lines.push(
      ...layer.rules.map((rule) => `forbid(principal, action, resource) unless { ${expression(rule)} };`),
    );
  }
  return lines.join('\n');
}

/** What Cedar says. @throws {Error} when it cannot judge: a question it did not answer counts for nothing. */
export function cedarAllows(given: AccessCase): boolean {
  const { principal, context } = given;
  const user = { type: 'User', id: `hradlo/${encodeURIComponent(principal.subject)}` };
  const resource = { type: 'Chunk', id: 'chunk' };
  const parents = [
    ...principal.groups.map((id) => ({ type: 'Group', id })),
    ...principal.roles.map((id) => ({ type: 'Role', id })),
  ];
  const attributes = Object.entries(principal.attributes).map(([key, values]) => [key, [...values]] as const);
  const answer = isAuthorized({
    principal: user,
    action: { type: 'Action', id: 'read' },
    resource,
    context: { now: context.nowMs, ...(context.purpose === undefined ? {} : { purpose: context.purpose }) },
    policies: { staticPolicies: toCedar(given) },
    entities: [
      { uid: user, attrs: { tenant: principal.tenantId, ...Object.fromEntries(attributes) }, parents },
      { uid: resource, attrs: { tenant: TENANTS[0]! }, parents: [] },
      ...parents.map((uid) => ({ uid, attrs: {}, parents: [] })),
    ],
  });
  if (answer.type === 'failure') throw new Error(`Cedar refused: ${JSON.stringify(answer.errors)}`);
  if (answer.response.diagnostics.errors.length > 0)
    throw new Error(`Cedar stumbled: ${JSON.stringify(answer.response.diagnostics.errors)}`);
  return answer.response.decision === 'allow';
}
