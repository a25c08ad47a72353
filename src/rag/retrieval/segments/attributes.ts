import type { AttributeCondition, Attributes, AttributeValue } from '#contracts/index.ts';

/** The plain values of a table, parsed from JSON: what can be filtered by. Anything else is left out. */
export function toAttributes(value: unknown): Attributes {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, Attributes[string]] =>
        isAttributeValue(entry[1]) || (Array.isArray(entry[1]) && entry[1].every(isAttributeValue)),
    ),
  );
}

function isAttributeValue(value: unknown): value is AttributeValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Whether a document's attributes meet a condition; one that lacks the attribute does not. */
export function meets(attributes: Attributes, condition: AttributeCondition): boolean {
  const own = attributes[condition.name];
  if (own === undefined) return false;
  const values = isAttributeValue(own) ? [own] : own;
  return values.some((value) =>
    condition.type === 'one-of' ? condition.values.includes(value) : isBetween(value, condition),
  );
}

function isBetween(
  value: AttributeValue,
  {
    atLeast = value,
    atMost = value,
  }: { readonly atLeast?: AttributeValue; readonly atMost?: AttributeValue },
): boolean {
  const isComparable = typeof atLeast === typeof value && typeof atMost === typeof value;
  return isComparable && atLeast <= value && value <= atMost;
}
