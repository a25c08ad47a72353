import { CLEARANCES, toValues } from './condition.ts';

/** What attribute rules compare, as the server has it: values by name. */
export type Attributes = Readonly<Record<string, readonly string[]>>;

/** An attribute while it is being typed. */
export interface AttributeRow {
  readonly id: number;
  readonly name: string;
  /** Separated by commas. */
  readonly values: string;
}

/** The attribute whose values are levels: rules ask for "at least". */
export const CLEARANCE = 'clearance';
/** How an attribute is named; the server takes no other. */
export const NAME_PATTERN = '[a-z][a-z0-9_\\-]{0,49}';

let lastId = 0;

/** An attribute that is not filled in yet. */
export function newRow(name = '', values: readonly string[] = []): AttributeRow {
  lastId += 1;
  return { id: lastId, name, values: values.join(', ') };
}

/** The attributes of a person as rows, by name. */
export function toRows(attributes: Attributes): AttributeRow[] {
  const names = Object.keys(attributes).toSorted();
  return names.map((name) => newRow(name, attributes[name]));
}

/** Rows as attributes: those of one name are one, and one without values is none. */
export function toAttributes(rows: readonly AttributeRow[]): Attributes {
  const all = new Map<string, Set<string>>();
  for (const { name, values } of rows) {
    const known = all.get(name.trim()) ?? new Set();
    for (const value of toValues(values)) known.add(value);
    if (name.trim() !== '' && known.size > 0) all.set(name.trim(), known);
  }
  return Object.fromEntries([...all].map(([name, values]) => [name, [...values]]));
}

/** Whether a row can be saved; levels of clearance are known ones. */
export function isRight({ name, values }: AttributeRow): boolean {
  if (name.trim() !== CLEARANCE) return true;
  return toValues(values).every((value) => CLEARANCES.some((level) => level === value));
}

/** Names that others have, to choose from. */
export function namesOf(people: readonly { readonly attributes: Attributes }[]): string[] {
  const names = people.flatMap(({ attributes }) => Object.keys(attributes));
  return [...new Set(['department', 'region', CLEARANCE, ...names])].toSorted();
}
