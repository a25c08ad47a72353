import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage } from '#core/index.ts';
import { rewriteQuestion } from './rewrite-question.ts';

const asked = (...questions: readonly string[]): ChatMessage[] =>
  questions.flatMap((content): ChatMessage[] => [
    { role: 'user', content },
    { role: 'assistant', content: 'Odpověď.' },
  ]);

test('a follow-up asks for what the question before asked for, and for its own words', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['Jaká je výpovědní doba?', 'a co u brigádníků?', /^Jaká je výpovědní doba brigádníků\?$/],
    ['What is the notice period?', 'what about contractors?', /notice period contractors\?$/],
    ['Kolik dnů dovolené mám?', 'A pro mladistvé?', /dovolené.*mladistvé/],
  ];
  for (const [first, second, expected] of cases) {
    const { text, followUp } = rewriteQuestion(asked(first, second));
    assert.match(text, expected);
    assert.equal(followUp, second);
  }
});

test('a follow-up of a follow-up goes back to the whole question', () => {
  const { text } = rewriteQuestion(asked('Jaká je výpovědní doba?', 'a co u brigádníků?', 'a u jednatele?'));
  assert.match(text, /výpovědní doba jednatele/);
  assert.doesNotMatch(text, /brigádníků/);
});

test('a question that stands alone is left as it is', () => {
  for (const question of [
    'V jakém roce byla společnost založena a kdo ji vede?',
    'Do kdy musím odevzdat vyúčtování služební cesty?',
    'What is the overtime surcharge?',
    'Co je BOZP?',
  ]) {
    const { text, followUp } = rewriteQuestion(asked('Jaká je výpovědní doba?', question));
    assert.equal(text, question);
    assert.equal(followUp, undefined);
  }
});

test('the first question is never a follow-up, and an empty conversation is an empty question', () => {
  assert.equal(rewriteQuestion(asked('a co dovolená?')).followUp, undefined);
  assert.equal(rewriteQuestion([]).text, '');
});

test('the language of a follow-up is that of the question it completes', () => {
  assert.equal(rewriteQuestion(asked('What is the notice period?', 'and for temps?')).language, 'en');
});

test('many shapes of a follow-up are told from questions that stand alone', () => {
  const followUps = [
    'a co u brigádníků?',
    'Díky. A co u vedoucích?',
    'dobře, a u vedoucích?',
    'Platí to taky pro vedoucí?',
    'stejně i u DPP?',
    'a jak dlouho u vedoucích?',
    'kdo ji schvaluje?',
    'Jak se podává?',
    'A kdy začíná?',
    'proč?',
    'Musí být písemná?',
    'u nezletilých?',
    'What if I am a contractor?',
    'does that apply to contractors?',
    'same for temps?',
    'thanks, and for managers?',
    'Why?',
    'And when does it start?',
  ];
  for (const question of followUps)
    assert.equal(
      typeof rewriteQuestion(asked('Jaká je výpovědní doba?', question)).followUp,
      'string',
      question,
    );
  for (const question of [
    'Jaká je cena montáže?',
    'a jaká je záloha?',
    'A jaké je stravné na Slovensku?',
    'Kolik stojí schodiště?',
    'Kdo je jednatel?',
    'How long is the probation?',
    'Kdy chodí výplata?',
    'Je povinné školení?',
  ])
    assert.equal(rewriteQuestion(asked('Jaká je výpovědní doba?', question)).followUp, undefined, question);
});

test('a new name or number takes the place of the one before', () => {
  const { text } = rewriteQuestion(asked('Jaké je stravné v Rakousku?', 'a v Německu?'));
  assert.match(text, /stravné Německu/);
  assert.doesNotMatch(text, /Rakousku/);
});

test('a follow-up with question words of its own asks for that kind of answer', () => {
  const { text } = rewriteQuestion(asked('Jaká je výpovědní doba?', 'a od kdy běží?'));
  assert.match(text, /^od kdy výpovědní doba běží\?$/);
});

test('the time an answer is wanted from is no part of what is looked for, and follow-ups keep it or change it', () => {
  const first = 'Jaká je výpovědní doba podle stavu k 1. 3. 2024?';
  const yearOf = (...questions: readonly string[]): number | undefined => {
    const { asOf } = rewriteQuestion(asked(...questions));
    return asOf && new Date(asOf.toMs).getUTCFullYear();
  };
  assert.equal(rewriteQuestion(asked(first)).text, 'Jaká je výpovědní doba?');
  assert.equal(yearOf(first), 2024);
  assert.match(
    rewriteQuestion(asked(first, 'a co u brigádníků?')).text,
    /^Jaká je výpovědní doba brigádníků\?$/,
  );
  assert.equal(yearOf(first, 'a co u brigádníků?'), 2024);
  assert.equal(yearOf(first, 'a v roce 2025?'), 2025);
  assert.equal(rewriteQuestion(asked(first, 'a v roce 2025?')).text, 'Jaká je výpovědní doba?');
  assert.equal(yearOf(first, 'Kolik je stravné?'), undefined);
  const plain = asked('Jaká je výpovědní doba?', 'A jak to bylo v roce 2023?');
  assert.equal(rewriteQuestion(plain).text, 'Jaká je výpovědní doba?');
  assert.equal(rewriteQuestion(plain).asOf?.toMs, Date.UTC(2024, 0, 1) - 1);
  // Without a time before, a year is what is asked about.
  assert.equal(yearOf('Jaký byl obrat v roce 2022?', 'a v roce 2023?'), undefined);
});
