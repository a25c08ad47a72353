import type { Attributes, AttributeValue } from '#contracts/index.ts';

/** The plain values of a table, parsed from JSON: what can be filtered by. Anything else is left out. */
export function toAttributes(value: unknown): Attributes {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, AttributeValue] => isAttributeValue(entry[1])),
  );
}

function isAttributeValue(value: unknown): value is AttributeValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
