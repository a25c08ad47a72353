import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { analyze } from './analyze.ts';
import { findExactForms } from './exact-forms.ts';
import { detectLanguage } from './language.ts';
import { skeletonGrams, skeletonOf } from './skeleton.ts';
import { stemCzech } from './stem-czech.ts';
import { stemEnglish } from './stem-english.ts';
import { stemSlovak } from './stem-slovak.ts';
import { textAnalyzer } from './analyzer.ts';

const stems = (text: string, language = 'cs'): string[] => [
  ...textAnalyzer.analyze(text, language, 'query').stems,
];
const oneStem = (stem: (word: string) => string, words: string): void => {
  assert.equal(new Set(words.split(' ').map(stem)).size, 1, words);
};

test('the cases of a Czech word meet in one stem', () => {
  for (const words of [
    'smlouva smlouvy smlouve smlouvami smlouvach smluv',
    'zamestnanec zamestnance zamestnancem zamestnancu zamestnanci',
    'den dny dnu dnech',
    'program programu programem programy',
    'system systemu systemech',
    'najem najmu najmem',
    'sluzba sluzby sluzeb sluzbou',
    'praha praze prahou',
    'biolog biolozi biologum',
    'plat platu platy platum',
    'nejlepsich lepsi',
  ]) {
    oneStem(stemCzech, words);
  }
  assert.notEqual(stemCzech('smlouva'), stemCzech('smlouvani'));
});

test('the cases of a Slovak word meet in one stem', () => {
  for (const words of [
    'zmluva zmluvy zmluvach zmluvami zmluvou',
    'prispevok prispevku prispevky',
    'den dni dnoch',
  ])
    oneStem(stemSlovak, words);
});

test('English stems are those of the Snowball description', () => {
  const pairs = {
    contracts: 'contract',
    running: 'run',
    relational: 'relat',
    happily: 'happili',
    agreed: 'agre',
  };
  for (const [word, stem] of Object.entries(pairs)) assert.equal(stemEnglish(word), stem);
});

test('what is typed without diacritics has the terms of what is written with them', () => {
  assert.deepEqual(stems('Jaká je výpovědní doba zaměstnanců?'), stems('jaka je vypovedni doba zamestnancu'));
});

test('dates, amounts, sections, codes, numbers of phones have one spelling', () => {
  const same = (...texts: string[]): void => {
    const [first, ...others] = texts.map((text) => stems(text).toSorted());
    for (const other of others) assert.deepEqual(other, first);
  };
  same('1. 3. 2024', '1.3.2024', '2024-03-01', '1. března 2024', 'March 1, 2024', '1st March 2024');
  same('12 000 Kč', '12000 Kč', '12,000 CZK', '12\u00a0000,00 Kč');
  same('§ 52 písm. c)', '§52 písmeno c', 'paragraf 52 pism. c)');
  same('čl. 5 odst. 2', 'článek 5 odstavec 2');
  same('+420 777 123 456', '777 123 456', '777123456');
  same('s.r.o.', 's. r. o.');
  assert.deepEqual(stems('č. 262/2006').toSorted(), ['2006', '262', '262/2006', 'c']);
  assert.ok(stems('SML-0012/2024').includes('sml00122024'));
  assert.ok(stems('jan.novak@firma.cz').includes('jan.novak@firma.cz'));
  assert.ok(analyze('jan.novak@firma.cz', 'cs').some((term) => term.stem === 'novak'));
});

test('a document keeps the parts of a date, a query asks for the day as a whole and for the year', () => {
  assert.deepEqual(stems('1. března 2024').toSorted(), ['2024', '2024-03-01']);
  assert.ok(textAnalyzer.analyze('1. března 2024', 'cs', 'document').stems.includes('brezn'));
});

test('an acronym written in capitals is not a stop word', () => {
  assert.ok(stems('Kdo vede IT oddělení?').includes('it'));
  assert.ok(!stems('What is it?', 'en').includes('it'));
});

test('the language of a question is seen from its function words and letters', () => {
  assert.equal(detectLanguage('Jaká je výpovědní doba?', 'en'), 'cs');
  assert.equal(detectLanguage('kolik dni dovolene mam', 'en'), 'cs');
  assert.equal(detectLanguage('What is the notice period?', 'cs'), 'en');
  assert.equal(detectLanguage('Aká je výpovedná lehota a koľko dní?', 'cs'), 'sk');
  assert.equal(detectLanguage('ISO 27001', 'cs'), 'cs');
});

test('a Czech and an English spelling of one name share a skeleton or most of its grams', () => {
  assert.equal(skeletonOf('filozofie').slice(0, 6), skeletonOf('philosophy').slice(0, 6));
  const turecko = new Set(skeletonGrams('turecko'));
  assert.ok(skeletonGrams('turkey').some((gram) => turecko.has(gram)));
});

test('terms lie where they say, whatever the text', () => {
  const piece = fc.constantFrom(
    '§ 52',
    ' písm. c) ',
    '1. 3. 2024',
    ' 12 000,50 Kč',
    'a@b.cz',
    'SML-1/2',
    ' Ž',
    'ž̌',
    '\n',
    's.r.o.',
    '٣',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(text, fc.constantFrom('cs', 'en', 'sk', 'de'), (source, language) => {
      let previous = 0;
      for (const { start, end, stem } of analyze(source, language)) {
        assert.ok(start >= previous && end > start && end <= source.length);
        assert.ok(stem.length > 0);
        previous = start;
      }
      let after = 0;
      for (const form of findExactForms(source)) {
        assert.ok(form.start >= after && form.end <= source.length);
        after = form.end;
      }
    }),
  );
});
