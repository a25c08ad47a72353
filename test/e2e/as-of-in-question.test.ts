import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { setUpAdministrator, startTestServer } from '../support/running-server.ts';

interface Question {
  readonly question: string;
  readonly language: string;
  readonly kind: string;
  readonly asOf?: string;
}
interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
  readonly hradlo: { readonly as_of: { readonly valid_at: string; readonly named_by: string } | null };
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** The question with its day in its own words. */
function inWords({ question, language, asOf = '' }: Question): string {
  const [year, month, day] = asOf.split('-').map(Number) as [number, number, number];
  const bare = question.replace(/\?$/, '');
  if (language === 'en') return `${bare} as of ${day} ${MONTHS[month - 1]} ${year}?`;
  return `${bare} podle stavu k ${day}. ${month}. ${year}?`;
}

await test('the time in a question counts as one beside it', async (t) => {
  await using running = await startTestServer({ samples: { load: true } });
  const administrator = await setUpAdministrator(running);
  const questions = readFileSync(new URL('../../samples/questions.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Question)
    .filter(({ kind }) => kind === 'as-of');
  const ask = async (
    content: string,
    asOf?: string,
    earlier: readonly string[] = [],
  ): Promise<Completion> => {
    const messages = [...earlier, content].map((text) => ({ role: 'user', content: text }));
    const scope = asOf === undefined ? {} : { hradlo: { as_of: asOf } };
    const body = { model: 'hradlo', messages, ...scope };
    return (await administrator.expect(200, 'POST', '/v1/chat/completions', body)) as unknown as Completion;
  };
  const textOf = ({ choices }: Completion): string => choices[0]!.message.content;
  const first = questions[0]!;
  for (let tries = 0; tries < 600; tries++) {
    if (textOf(await ask(first.question, first.asOf)).includes('[1]')) break;
    await setTimeout(100);
  }

  await t.test(
    'every question of the samples that has a day is answered from it, said in words too',
    async () => {
      assert.ok(questions.length >= 10);
      for (const one of questions) {
        const beside = await ask(one.question, one.asOf);
        const within = await ask(inWords(one));
        assert.equal(textOf(within), textOf(beside), one.question);
        assert.deepEqual(within.hradlo.as_of, { ...beside.hradlo.as_of, named_by: 'question' });
      }
    },
  );

  await t.test('the day of the request goes first, and without any there is none', async () => {
    const day = '2026-01-10';
    const both = await ask(inWords(first), day);
    assert.deepEqual(both.hradlo.as_of, { valid_at: `${day}T23:59:59.999Z`, named_by: 'request' });
    assert.equal(textOf(both), textOf(await ask(first.question, day)));
    assert.equal((await ask(first.question)).hradlo.as_of, null);
  });

  await t.test('a follow-up keeps the day, or names another', async () => {
    const kept = await ask('a u vedoucích?', undefined, [inWords(first)]);
    assert.equal(kept.hradlo.as_of?.valid_at.slice(0, 10), first.asOf);
    const other = await ask('a k 1. 5. 2026?', undefined, [inWords(first)]);
    assert.equal(other.hradlo.as_of?.valid_at.slice(0, 10), '2026-05-01');
  });

  await t.test('the trace says which day was searched, and who named it', async () => {
    const filters = async (question: string) => {
      const body = { question, trace: true };
      const found = await administrator.expect(200, 'POST', '/hradlo/v1/retrieve', body);
      return (found['trace'] as { filters: { validAt: string; validAtNamedBy: string | null } }).filters;
    };
    const named = await filters(inWords(first));
    assert.deepEqual([named.validAt.slice(0, 10), named.validAtNamedBy], [first.asOf, 'question']);
    assert.equal((await filters('Kdo nastoupil 1. 3. 2024?')).validAtNamedBy, null);
  });
});
