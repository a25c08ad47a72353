import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseSynonyms, SYNONYM_LIMITS } from './parse-synonyms.ts';
import { createSynonyms, MAX_WORDINGS } from './word-question.ts';

const LIST = `# Slovník
ŘP = řidičský průkaz
home office, práce z domova   # oboje
auto => osobní automobil, služební vůz

HPP = hlavní pracovní poměr = plný úvazek
`;
const list = createSynonyms(parseSynonyms(LIST));
const textsOf = (question: string, language: 'cs' | 'en' = 'cs'): readonly string[] =>
  list.reword(question, language).map(({ text }) => text);

test('a phrase is found in every inflection, and replaced where it stands', () => {
  assert.deepEqual(textsOf('Kdo platí výměnu ŘP?'), ['Kdo platí výměnu řidičský průkaz?']);
  assert.deepEqual(textsOf('Kolik stojí vydání řidičského průkazu?'), ['Kolik stojí vydání ŘP?']);
  assert.deepEqual(textsOf('kolik stoji vydani ridicskeho prukazu'), ['kolik stoji vydani ŘP']);
  assert.deepEqual(textsOf('Kolik dní home officu mám?'), ['Kolik dní práce z domova mám?']);
  assert.deepEqual(textsOf('How many days of home office do I have?', 'en'), [
    'How many days of práce z domova do I have?',
  ]);
  assert.deepEqual(textsOf('Jaká je výpovědní doba?'), []);
});

test('an arrow counts one way', () => {
  assert.equal(textsOf('Kdy mohu použít auto?').length, 2);
  assert.deepEqual(textsOf('Kdy mohu použít služební vůz?'), []);
});

test('several synonyms give wordings with few replacements first, and not more than are looked for', () => {
  const wordings = list.reword('Má zaměstnanec na HPP na home office nárok na auto?', 'cs');
  assert.equal(wordings.length, MAX_WORDINGS);
  const counts = wordings.map(({ replaced }) => replaced.length);
  assert.deepEqual(
    counts,
    counts.toSorted((a, b) => a - b),
  );
  assert.deepEqual(wordings[0]?.replaced.length, 1);
});

test('a list that is none says which line, and why', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['ŘP = řidičský průkaz\nsama', /Line 2 .* two phrases/],
    ['a =, b', /Line 1 .* empty/],
    ['x => y => z', /Line 1 .* arrow/],
    ['x, y => z', /Line 1 .* before its arrow/],
    [`x = ${'y'.repeat(SYNONYM_LIMITS.characters + 1)}`, /Line 1 .* characters/],
    ['1, 2, 3, 4, 5, 6, 7, 8, 9', /Line 1 .* phrases/],
    ['ŘP = a', /Line 1 .* looked for: "a"/],
    ['ŘP = !!!', /Line 1 .* looked for: "!!!"/],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => parseSynonyms(text), { code: 'input.invalid', message }, text);
  }
  assert.throws(() => parseSynonyms('x = y\n'.repeat(SYNONYM_LIMITS.groups + 1)), {
    code: 'input.too_large',
  });
  assert.throws(() => parseSynonyms('#'.repeat(SYNONYM_LIMITS.bytes + 1)), { code: 'input.too_large' });
  assert.deepEqual(parseSynonyms('\n# nic\n\n'), []);
});

test('whatever is put in is read or refused, and rewords within its bounds', () => {
  const word = fc.constantFrom(
    'ŘP',
    'řidičský průkaz',
    'auto',
    'vůz',
    'home office',
    'a',
    '§ 5',
    '1. 3. 2024',
    '=',
    '=>',
    ',',
    '#',
  );
  const line = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), line, (lines, question) => {
      let groups: ReturnType<typeof parseSynonyms>;
      try {
        groups = parseSynonyms(lines.join('\n'));
      } catch (error) {
        assert.match(String(error), /Line \d+ of the synonyms/);
        return;
      }
      const wordings = createSynonyms(groups).reword(question, 'cs');
      assert.ok(wordings.length <= MAX_WORDINGS);
      for (const { text, replaced } of wordings) {
        assert.ok(replaced.length > 0);
        for (const { asked, by } of replaced) {
          assert.ok(question.includes(asked));
          assert.ok(text.includes(by));
        }
      }
    }),
  );
});
