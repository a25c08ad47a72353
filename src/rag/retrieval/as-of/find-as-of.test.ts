import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { momentOf, readAsOf, readBareTime } from './find-as-of.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 5, 15);
const dayOf = (question: string): string | undefined => {
  const read = readAsOf(question);
  return read && new Date(momentOf(read.period, NOW_MS)).toISOString().slice(0, 10);
};

test('a question may name the time its answer is wanted from, in Czech', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['Jaká je výpovědní doba podle stavu k 1. 3. 2024?', '2024-03-01', 'Jaká je výpovědní doba?'],
    ['Podle stavu ke dni 1.3.2024, jaká je výpovědní doba?', '2024-03-01', 'jaká je výpovědní doba?'],
    ['podle stavu k 1. březnu 2024 kolik je stravné', '2024-03-01', 'kolik je stravné'],
    ['Jak to bylo v roce 2023 s dovolenou?', '2023-12-31', 'Jak to bylo s dovolenou?'],
    ['Jak to bylo s dovolenou v březnu 2024?', '2024-03-31', 'Jak to bylo s dovolenou?'],
    ['Jaká sazba platila k 31. 12. 2023?', '2023-12-31', 'Jaká sazba platila?'],
    ['Jaká výpovědní doba platila v roce 2023?', '2023-12-31', 'Jaká výpovědní doba platila?'],
    ['Co platilo v roce 2023?', '2023-12-31', 'Co platilo?'],
    [
      'Kolik dnů dovolené bylo podle pravidel platných v roce 2024?',
      '2024-12-31',
      'Kolik dnů dovolené bylo?',
    ],
    ['Kolik je stravné (ve znění účinném k 2024-07-01)?', '2024-07-01', 'Kolik je stravné?'],
    ['Které smlouvy jsou platné ke konci roku 2023?', '2023-12-31', 'Které smlouvy jsou platné?'],
    ['jaka je sazba podle stavu k 1.3.2024', '2024-03-01', 'jaka je sazba'],
    ['Aká je sadzba podľa stavu k 1. 3. 2024?', '2024-03-01', 'Aká je sadzba?'],
  ];
  for (const [question, day, text] of cases) {
    assert.equal(dayOf(question), day, question);
    assert.equal(readAsOf(question)?.text, text);
  }
});

test('a question may name the time its answer is wanted from, in English', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['What is the notice period as of March 2024?', '2024-03-31', 'What is the notice period?'],
    ['As of 1 March 2024, what is the notice period?', '2024-03-01', 'what is the notice period?'],
    ['Which price list is valid on 1 January 2025?', '2025-01-01', 'Which price list is valid?'],
    ['Which rate was in force on January 1st, 2025?', '2025-01-01', 'Which rate was in force?'],
    ['How was it in 2023?', '2023-12-31', 'How was it?'],
    ['How many days were granted under the rules of 2023?', '2023-12-31', 'How many days were granted?'],
    ['What is the limit, as at the end of 2023?', '2023-12-31', 'What is the limit?'],
    ['What was the limit as it stood on 2024-07-01?', '2024-07-01', 'What was the limit?'],
    ['What rules applies as of the 1st of July 2024', '2024-07-01', 'What rules applies'],
  ];
  for (const [question, day, text] of cases) {
    assert.equal(dayOf(question), day, question);
    assert.equal(readAsOf(question)?.text, text);
  }
});

test('a time that is what the question is about stays', () => {
  for (const question of [
    'Kdo nastoupil 1. 3. 2024?',
    'Co se stalo v roce 2023?',
    'Jaká byla tržba v roce 2023?',
    'Kolik platila firma za nájem v roce 2023?',
    'Kolik jsme platili v roce 2023 za nájem?',
    'Jaké ceny firma platila v roce 2023?',
    'Jakou cenu platila firma v roce 2023?',
    'Jaký byl stav účtu k 31. 12. 2023?',
    'Jaká byla účetní hodnota k 31. 12. 2023?',
    'Do kdy je splatná faktura vystavená k 1. 3. 2024?',
    'Od kdy platí ceník z roku 2024?',
    'Která smlouva byla uzavřena dne 1. 3. 2024?',
    'Platí smlouva od 1. 1. 2024 do 31. 12. 2024?',
    'Jak se liší sazby podle stavu k 1. 3. 2023 a podle stavu k 1. 3. 2024?',
    'Jak to bylo v roce 2023 a 2024?',
    'Jak to bylo v roce 2023/2024?',
    'Jak to bylo v roce 2023 až 2025?',
    'Jaká je sazba podle stavu k 31. 2. 2024?',
    'Jaká je sazba podle stavu k 1. 13. 2024?',
    'Kolik je dovolené podle § 2024?',
    'Who joined the company as of 1 March 2024?',
    'Who was appointed in 2023?',
    'What happened in March 2024?',
    'What was the revenue in 2023?',
    'Which contracts were signed on 1 January 2025?',
    'Which rules become effective as of 1 January 2025?',
    'Who applied in 2023?',
    'How much did we pay in 2023?',
    'Is the invoice due on 1 March 2024?',
    'How was it from 2023 to 2024?',
    'What is order 2024 valid for?',
  ])
    assert.equal(readAsOf(question), undefined, question);
});

const day = fc.date({
  min: new Date(Date.UTC(1950, 0, 1)),
  max: new Date(Date.UTC(2090, 11, 31)),
  noInvalidDate: true,
});
const CZECH = 'ledna února března dubna května června července srpna září října listopadu prosince'.split(
  ' ',
);
const ENGLISH = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** One day in every way it is written. */
function spellings(date: Date): readonly { readonly czech: boolean; readonly text: string }[] {
  const [year, month, number] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  return [
    { czech: true, text: `${number}. ${month + 1}. ${year}` },
    { czech: true, text: `${number}.${month + 1}.${year}` },
    { czech: true, text: `${number}. ${CZECH[month]} ${year}` },
    { czech: true, text: date.toISOString().slice(0, 10) },
    { czech: false, text: date.toISOString().slice(0, 10) },
    { czech: false, text: `${number} ${ENGLISH[month]} ${year}` },
    { czech: false, text: `${ENGLISH[month]} ${number}, ${year}` },
  ];
}

test('every day is read alike in every spelling of both languages, and is cut out whole', () => {
  fc.assert(
    fc.property(day, (date) => {
      const end = Math.floor(date.getTime() / DAY_MS) * DAY_MS + DAY_MS - 1;
      for (const { czech, text } of spellings(date)) {
        const lead = czech ? 'Jaká je lhůta podle stavu k' : 'What is the limit as of';
        const read = readAsOf(`${lead} ${text}?`);
        assert.equal(read?.period.toMs, end, text);
        assert.equal(read.text, czech ? 'Jaká je lhůta?' : 'What is the limit?');
        // The same day as what is asked about stays.
        const about = czech ? `Kdo nastoupil ${text}?` : `Who joined on ${text}?`;
        assert.equal(readAsOf(about), undefined, about);
      }
    }),
  );
});

test('whatever people write is read without a fault, and what is cut was there', () => {
  const pieces = fc.constantFrom(
    ...'podle stavu k ke dni v roce as of on valid 1. 3. 2024 2023 března March platné jak to bylo ( ) , ? – ž̌ İ'.split(
      ' ',
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((words) => words.join(' ')),
      ),
      (question) => {
        const read = readAsOf(question);
        readBareTime(question);
        if (read === undefined) return;
        assert.ok(read.period.fromMs < read.period.toMs);
        assert.ok(read.text.length < question.normalize('NFC').length);
      },
    ),
  );
});

test('a period stands for its end, or for now while it lasts', () => {
  const year = { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2027, 0, 1) - 1 };
  assert.equal(momentOf(year, NOW_MS), NOW_MS);
  assert.equal(momentOf(year, Date.UTC(2028, 0, 1)), year.toMs);
  assert.equal(momentOf(year, Date.UTC(2025, 0, 1)), year.toMs);
});
