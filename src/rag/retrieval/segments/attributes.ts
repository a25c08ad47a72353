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
  { atLeast, atMost }: { readonly atLeast?: string | number; readonly atMost?: string | number },
): boolean {
  const isNumeric = typeof (atLeast ?? atMost) === 'number';
  const own = isNumeric ? toNumber(value) : value;
  const [least, most] = [atLeast ?? own, atMost ?? own];
  return typeof least === typeof own && typeof most === typeof own && least <= own && own <= most;
}

/** Sidecars state everything as text: `2024` is a number to who asks for numbers. */
function toNumber(value: AttributeValue): AttributeValue {
  const isNumber = typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value.trim());
  return isNumber ? Number(value) : value;
}
