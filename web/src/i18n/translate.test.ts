import assert from 'node:assert/strict';
import { test } from 'node:test';
import { texts as administrationCs } from './cs/administration.ts';
import { texts as documentsCs } from './cs/documents-pages.ts';
import { texts as firstCs } from './cs/first.ts';
import type { CzechOf } from './dictionary.ts';
import { texts as administrationEn } from './en/administration.ts';
import { texts as documentsEn } from './en/documents-pages.ts';
import { texts as firstEn } from './en/first.ts';
import { createTranslate } from './translate.ts';

const czechTexts = { ...firstCs, ...documentsCs, ...administrationCs };
const englishTexts = { ...firstEn, ...documentsEn, ...administrationEn };
const FORM = /_(?:one|few|many|other)$/;
const holes = (text: string) =>
  [...new Set([...text.matchAll(/\{\{\w+\}\}/g)].map(([hole]) => hole))].toSorted();

test('both languages hold the same texts, and Czech has all its plurals', () => {
  const complete: CzechOf<typeof czechTexts> = czechTexts;
  const namesOf = (texts: object) =>
    [...new Set(Object.keys(texts).map((key) => key.replace(FORM, '')))].toSorted();
  assert.deepEqual(namesOf(englishTexts), namesOf(complete));
});

test('no text is empty, and a text has the same holes in both languages', () => {
  const czech = new Map<string, string>(Object.entries(czechTexts));
  for (const [key, text] of Object.entries(englishTexts)) {
    assert.notEqual(text.trim(), '', key);
    assert.deepEqual(holes(text), holes(czech.get(key) ?? ''), key);
  }
});

test('a count chooses the plural of the language', () => {
  const czech = createTranslate('cs', czechTexts);
  assert.deepEqual(
    [1, 3, 5, 1.5].map((count) => czech('ask.sources', { count })),
    ['1 zdroj', '3 zdroje', '5 zdrojů', '1,5 zdroje'],
  );
  const english = createTranslate('en', englishTexts);
  assert.deepEqual(
    [1, 1000].map((count) => english('ask.sources', { count })),
    ['1 source', '1,000 sources'],
  );
});

test('what is filled in is not read as a text with holes', () => {
  const t = createTranslate('cs', czechTexts);
  assert.equal(t('palette.askThis', { text: '{{count}} $&' }), 'Zeptat se: {{count}} $&');
});
