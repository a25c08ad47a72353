import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { findWords, foldDiacritics, normalizeWord, segmentSentences, WordTable } from '../index.ts';

const sentencesOf = (text: string): string[] =>
  segmentSentences(text).map(({ start, end }) => text.slice(start, end));

test('abbreviations, dates, ordinals and sections do not end a sentence', () => {
  for (const text of [
    'Lhůta podle § 52 písm. c) zákona č. 262/2006 Sb. činí např. dva měsíce.',
    'Smlouva platí od 1. 3. 2024 do 31. prosince 2025.',
    'Společnost Alfa, s.r.o. Praha, zastoupená Ing. Janem Novákem, tj. jednatelem.',
    'The fee is 2.5 percent, e.g. Visa cards of Acme Inc. Prague.',
    'Nárok má i prof. Karel IV. podle čl. 5 odst. 2.',
    'Výška náhrady je napr. 12 000 eur podľa ods. 3.',
  ]) {
    assert.deepEqual(sentencesOf(text), [text]);
  }
});

test('sentences, questions and closing abbreviations end where the next begins', () => {
  assert.deepEqual(sentencesOf('Platí zákon č. 89/2012 Sb. Strany souhlasí! Opravdu? Ano.'), [
    'Platí zákon č. 89/2012 Sb.',
    'Strany souhlasí!',
    'Opravdu?',
    'Ano.',
  ]);
  assert.deepEqual(sentencesOf('Dovolená činí 25 dnů. Nájem je 12 000 Kč. „Konec.“ Dále ne.'), [
    'Dovolená činí 25 dnů.',
    'Nájem je 12 000 Kč.',
    '„Konec.“',
    'Dále ne.',
  ]);
});

test('a letter that labels something ends a sentence, an initial does not', () => {
  assert.equal(sentencesOf('Sejdeme se za halou B. Poplach je dvakrát ročně.').length, 2);
  assert.equal(sentencesOf('Za firmu jedná J. Novák.').length, 1);
});

test('headings, list items and table rows are sentences, wrapped lines are not', () => {
  assert.deepEqual(sentencesOf('1. Úvod\na) první věc;\nb) druhá věc\n| a | b |\n| 1 | 2 |\n\nZávěr'), [
    '1. Úvod',
    'a) první věc;',
    'b) druhá věc',
    '| a | b |',
    '| 1 | 2 |',
    'Závěr',
  ]);
  const wrapped =
    'Zaměstnanec je povinen oznámit svou nepřítomnost vedoucímu nejpozději\ndo osmi hodin ráno.';
  assert.deepEqual(sentencesOf(wrapped), [wrapped]);
});

const prose = fc
  .array(
    fc.constantFrom(
      'Věta',
      'č. ',
      '§ 5',
      '. ',
      '? ',
      '\n',
      '\n\n',
      ' ',
      '1. 3. 2024',
      'příp. ',
      'Ž',
      'ž',
      'a) ',
      '“',
      '👩‍⚖️',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

test('sentences are ordered, trimmed, and hold every visible character', () => {
  fc.assert(
    fc.property(fc.oneof(prose, fc.string({ unit: 'grapheme' })), (text) => {
      let at = 0;
      for (const { start, end } of segmentSentences(text)) {
        assert.ok(start >= at && end > start && end <= text.length);
        assert.equal(text.slice(at, start).trim(), '');
        assert.equal(text.slice(start, end).trim(), text.slice(start, end));
        at = end;
      }
      assert.equal(text.slice(at).trim(), '');
    }),
  );
});

test('words lie where they say, in composed lower case, however the text is composed', () => {
  fc.assert(
    fc.property(fc.oneof(prose, fc.string({ unit: 'grapheme' })), (text) => {
      for (const word of findWords(text)) {
        assert.equal(text.slice(word.start, word.end).normalize('NFC').toLowerCase(), word.text);
      }
    }),
  );
  const texts = (text: string): string[] => findWords(text).map((word) => word.text);
  assert.deepEqual(texts('Příliš žluťoučký'.normalize('NFD')), texts('PŘÍLIŠ žluťoučký'));
});

test('folding strips marks and nothing else', () => {
  assert.equal(foldDiacritics('Příliš žluťoučký kůň, ľŕô'), 'Prilis zlutoucky kun, lro');
  assert.equal(foldDiacritics('plain § 52'), 'plain § 52');
});

const characters = fc.constantFrom(...Array.from('aZžŘéĺ0Ω9²ªßİŁ̌ſ .,–„“€…\n‍́한👩'));
const mixed = fc.oneof(fc.string({ unit: characters, maxLength: 60 }), prose);
const wordsByPattern = (text: string) =>
  Array.from(text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu), ({ 0: word, index }) => ({
    text: normalizeWord(word),
    start: index,
    end: index + word.length,
  }));

test('words are runs of letters and digits, whatever alphabet they are in', () => {
  fc.assert(fc.property(mixed, (text) => assert.deepEqual(findWords(text), wordsByPattern(text))));
});

test('a table of words finds each word where it stands, also after it had to begin anew', () => {
  const table = new WordTable((word) => ({ word }));
  const scanned = (text: string) => {
    const found: { text: string; start: number; end: number }[] = [];
    table.scan(text, ({ word }, start, end) => found.push({ text: word, start, end }));
    return found;
  };
  fc.assert(fc.property(mixed, (text) => assert.deepEqual(scanned(text), wordsByPattern(text))));
  for (let number = 0; number < 66_000; number++) scanned(`slovo${number} Slovo${number % 7}`);
  assert.deepEqual(scanned(`Slovo65999 ${'a'.repeat(90)}`), wordsByPattern(`Slovo65999 ${'a'.repeat(90)}`));
});
