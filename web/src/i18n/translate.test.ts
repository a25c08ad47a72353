import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminCs } from './admin-cs.ts';
import { adminEn } from './admin-en.ts';
import { cs } from './cs.ts';
import type { CzechOf } from './dictionary.ts';
import { en } from './en.ts';
import { createTranslate } from './translate.ts';

const FORM = /_(?:one|few|many|other)$/;
const holes = (text: string) =>
  [...new Set([...text.matchAll(/\{\{\w+\}\}/g)].map(([hole]) => hole))].toSorted();

test('both languages hold the same texts, and Czech has all its plurals', () => {
  const complete: CzechOf<typeof cs> = cs;
  const completeAdmin: CzechOf<typeof adminCs> = adminCs;
  const namesOf = (texts: object) =>
    [...new Set(Object.keys(texts).map((key) => key.replace(FORM, '')))].toSorted();
  assert.deepEqual(namesOf(en), namesOf(complete));
  assert.deepEqual(namesOf(adminEn), namesOf(completeAdmin));
});

test('no text is empty, and a text has the same holes in both languages', () => {
  const czech = new Map<string, string>(Object.entries({ ...cs, ...adminCs }));
  for (const [key, text] of Object.entries({ ...en, ...adminEn })) {
    assert.notEqual(text.trim(), '', key);
    assert.deepEqual(holes(text), holes(czech.get(key) ?? ''), key);
  }
});

test('a count chooses the plural of the language', () => {
  const czech = createTranslate('cs', cs);
  assert.deepEqual(
    [1, 3, 5, 1.5].map((count) => czech('ask.sources', { count })),
    ['1 zdroj', '3 zdroje', '5 zdrojů', '1,5 zdroje'],
  );
  const english = createTranslate('en', en);
  assert.deepEqual(
    [1, 1000].map((count) => english('ask.sources', { count })),
    ['1 source', '1,000 sources'],
  );
});

test('what is filled in is not read as a text with holes', () => {
  const t = createTranslate('cs', cs);
  assert.equal(t('palette.askThis', { text: '{{count}} $&' }), 'Zeptat se: {{count}} $&');
});
