import type { Translate } from '../../i18n/index.ts';

/** An attribute rule as the editor has it; what it does not know it shows and leaves as it is. */
export interface Condition {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export const CLEARANCES = ['public', 'internal', 'confidential', 'restricted'] as const;
export type Clearance = (typeof CLEARANCES)[number];

const toTexts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const dateOf = (value: unknown): string =>
  typeof value === 'number' ? new Date(value).toISOString().slice(0, 10) : '…';

/** What a rule asks, in words. */
export function sayCondition(condition: Condition, t: Translate): string {
  switch (condition.kind) {
    case 'anyOf':
    case 'noneOf': {
      const values = toTexts(condition['values']).join(', ');
      return t(`condition.${condition.kind}`, { attribute: String(condition['attribute']), values });
    }
    case 'clearance': {
      const level = CLEARANCES.find((known) => known === condition['atLeast']);
      return t('condition.clearance', { level: level === undefined ? '' : t(`class.${level}`) });
    }
    case 'purpose': {
      return t('condition.purpose', { values: toTexts(condition['values']).join(', ') });
    }
    case 'during': {
      return t('condition.during', { from: dateOf(condition['fromMs']), to: dateOf(condition['toMs']) });
    }
    default: {
      return t('condition.other', { rule: JSON.stringify(condition) });
    }
  }
}

/** Comma-separated values as a list. */
export function toValues(text: string): string[] {
  return text
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean);
}
