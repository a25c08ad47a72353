import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatDelta } from '#core/index.ts';
import { anEvidence } from '#test/fakes/evidence.ts';
import { checkAnswer } from './check-answer.ts';
import { cite } from './cite.ts';

const EVIDENCE = [
  anEvidence({
    text: 'Výpovědní doba činí dva měsíce. Zaměstnanec nemusí důvod výpovědi uvádět. Výpověď přijímá Jana Malá.',
    title: 'Personální pravidla',
  }),
  anEvidence({
    chunkRow: 2 as never,
    text: 'Za práci přesčas náleží příplatek 25 % průměrného výdělku.',
    title: 'Mzdy',
  }),
];

/** What a model said, cited and checked as an answer is. */
async function check(...pieces: readonly string[]) {
  async function* stream(): AsyncGenerator<ChatDelta> {
    for (const text of pieces) yield { type: 'text-delta', text };
    const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 };
    yield { type: 'finish', reason: 'stop', usage };
  }
  const faults = { unresolvedMarkers: 0, falseQuotes: 0 };
  const deltas = await Array.fromAsync(cite(stream(), EVIDENCE, faults));
  const parts = deltas.flatMap((delta) => (delta.type === 'text-delta' ? [delta] : []));
  const sources = deltas.flatMap((delta) =>
    delta.type === 'citation' ? [{ citation: delta.citation, language: 'cs' }] : [],
  );
  const text = parts.map((part) => part.text).join('');
  return checkAnswer(parts, sources).map(({ start, end, verdict, lacking, citations }) => {
    return { text: text.slice(start, end), verdict, lacking, citations };
  });
}

const verdictsOf = async (...pieces: readonly string[]) =>
  (await check(...pieces)).map(({ verdict }) => verdict);

test('a sentence that its source carries is supported, wherever the stream is cut and the marker stands', async () => {
  for (const pieces of [
    ['Výpovědní doba je 2 měsíce [1]. Za přesčas je příplatek 25 % výdělku [2].'],
    ['Výpovědní do', 'ba je 2 měsíce. [', '1] Za přesčas je příplatek 25 % výdělku. [2]'],
  ])
    assert.deepEqual(await verdictsOf(...pieces), ['supported', 'supported']);
});

test('the place of a verdict is the sentence in the text that was given', async () => {
  const [first, second] = await check('Výpovědní doba je 2 měsíce [1].\n\nNěco navíc.');
  assert.equal(first?.text, 'Výpovědní doba je 2 měsíce [1].');
  assert.deepEqual([first?.citations, second?.text, second?.verdict], [[1], 'Něco navíc.', 'uncited']);
});

test('another number, name or quotation than the source has is named', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Výpovědní doba činí 3 měsíce [1].', '3'],
    ['Výpověď přijímá Petr Malý, personalistka Novotná [1].', 'Petr'],
    [
      'Pravidla říkají „výpovědní doba činí nejvýše dva měsíce“ [1].',
      'výpovědní doba činí nejvýše dva měsíce',
    ],
  ];
  for (const [said, lacking] of cases) {
    const [sentence] = await check(said);
    assert.equal(sentence?.verdict, 'unsupported', said);
    assert.ok(
      sentence.lacking.some((term) => term.startsWith(lacking) || lacking.startsWith(term)),
      `${said}: ${sentence.lacking.join()}`,
    );
  }
});

test('what the source denies is not supported, in either direction', async () => {
  assert.deepEqual(await verdictsOf('Zaměstnanec musí důvod výpovědi uvádět [1].'), ['unsupported']);
  assert.deepEqual(await verdictsOf('Zaměstnanec nemusí důvod výpovědi uvádět [1].'), ['supported']);
  assert.deepEqual(await verdictsOf('Za práci přesčas nenáleží příplatek 25 % výdělku [2].'), [
    'unsupported',
  ]);
});

test('a sentence that cites another source than the one that carries it is not supported', async () => {
  assert.deepEqual(await verdictsOf('Za práci přesčas náleží příplatek 25 % [1].'), ['unsupported']);
});

test('a sentence without a marker, or with one that names nothing, is uncited', async () => {
  assert.deepEqual(await verdictsOf('Výpovědní doba činí dva měsíce. Příplatek je 25 % [7].'), [
    'uncited',
    'uncited',
  ]);
});

test('quotes are quoted, and words of ours beside them are no claims', () => {
  const parts = [
    { text: 'Možná souvisí:\n\n', isQuote: false },
    { text: 'Výpovědní doba činí dva měsíce.', isQuote: true },
    { text: ' [1]', isQuote: false },
  ];
  assert.deepEqual(checkAnswer(parts, []), [
    { start: 16, end: 47, verdict: 'quoted', citations: [1], lacking: [] },
  ]);
});
