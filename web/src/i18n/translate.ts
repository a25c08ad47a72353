import type { TextKey } from './dictionary.ts';

export type TextParams = Readonly<Record<string, string | number>>;
/** A text in one language; `count` chooses the plural and is written as the language writes numbers. */
export type Translate = (key: TextKey, params?: TextParams) => string;

/**
 * Texts by key with `{{name}}` filled in. A counted text is kept as `<key>_<form>`, where the form is the one
 * that CLDR's plural rules give for the language: one, few, many, other in Czech; one, other in English.
 */
export function createTranslate(language: string, texts: Readonly<Record<string, string>>): Translate {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (key, params = {}) => {
    const { count } = params;
    const form = typeof count === 'number' ? texts[`${key}_${plurals.select(count)}`] : undefined;
    const text = form ?? texts[key] ?? key;
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_match, name: string) => {
      const value = params[name];
      return typeof value === 'number' ? numbers.format(value) : (value ?? '');
    });
  };
}
