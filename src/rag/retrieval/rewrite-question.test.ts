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
