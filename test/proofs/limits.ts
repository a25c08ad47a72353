import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHAPES, tinyGguf } from '../support/tiny-gguf.ts';
import { Plant } from '../support/plant.ts';
import { startTestServer } from '../support/running-server.ts';
import { Visitor, type Heard } from '../support/visitor.ts';
import { informative, judged, type Proof } from './proof.ts';

const AT_ONCE = 50;
const BUDGET_TOKENS = { quick: 900, full: 3_000 };
/** More than are needed to spend the budget, a few at a time. */
const MAX_ROUNDS = 120;
const ROUNDS_PER_START = 4;
const messages = [{ role: 'user', content: 'Jaká je výpovědní lhůta a co platí pro dovolenou?' }];
const prompt = messages[0]!.content;

/** Whatever takes from limits: questions in every dialect and form, what is found for one, and vectors. */
const FORMS: readonly (readonly [string, object])[] = [
  ['/v1/chat/completions', { model: 'hradlo', messages }],
  [
    '/v1/chat/completions',
    { model: 'hradlo', messages, stream: true, stream_options: { include_usage: true } },
  ],
  ['/api/chat', { model: 'hradlo', messages, stream: false }],
  ['/api/chat', { model: 'hradlo', messages, stream: true }],
  ['/api/generate', { model: 'hradlo', prompt, stream: false }],
  ['/api/generate', { model: 'hradlo', prompt, stream: true }],
  ['/hradlo/v1/answers', { model: 'hradlo', messages }],
  ['/hradlo/v1/retrieve', { question: prompt }],
  ['/v1/embeddings', { model: 'vectors', input: [prompt, 'dům'] }],
];

/** Tokens that a reply says it took, in whichever dialect; a search says none and takes those of its question. */
function tokensOf(path: string, { text }: Heard): number {
  if (path === '/hradlo/v1/retrieve') return Math.ceil(prompt.length / 3);
  const sum = (pattern: RegExp): number =>
    Math.max(0, ...[...text.matchAll(pattern)].map(([, digits]) => Number(digits)));
  return (
    sum(/"prompt_tokens":(\d+)/g) +
    sum(/"completion_tokens":(\d+)/g) +
    sum(/"prompt_eval_count":(\d+)/g) +
    sum(/"eval_count":(\d+)/g) +
    sum(/"inputTokens":(\d+)/g) +
    sum(/"outputTokens":(\d+)/g)
  );
}

interface Tally {
  tokens: number;
  largest: number;
  served: number;
  refused: number;
  withRetry: number;
  strange: number;
  readonly servedForms: Set<string>;
  readonly refusedForms: Set<string>;
}

/** Fifty requests at once, over all forms and the keys of two people of one group. */
async function ask(visitors: readonly Visitor[], tally: Tally, round: number): Promise<void> {
  const forms = Array.from({ length: AT_ONCE }, (_, index) => FORMS[(index + round) % FORMS.length]!);
  const heard = await Promise.all(
    forms.map(([path, body], index) => visitors[index % visitors.length]!.say('POST', path, { body })),
  );
  for (const [index, one] of heard.entries()) {
    const [path, body] = forms[index]!;
    const form = `${path} ${'stream' in body && body.stream === true}`;
    if (one.status === 200) {
      tally.servedForms.add(form);
      const tokens = tokensOf(path, one);
      tally.served += 1;
      tally.tokens += tokens;
      tally.largest = Math.max(tally.largest, tokens);
    } else if (one.status === 429) {
      tally.refused += 1;
      tally.refusedForms.add(form);
      const retry = Number(one.headers['retry-after']);
      if (Number.isInteger(retry) && retry >= 1 && /The limit of \d+ tokens/.test(one.text))
        tally.withRetry += 1;
    } else tally.strange += 1;
  }
}

export const proof: Proof = {
  promise: 'a budget of tokens holds in every dialect, for parallel streams and over a restart',
  async run({ isQuick }) {
    const budget = isQuick ? BUDGET_TOKENS.quick : BUDGET_TOKENS.full;
    const plant = new Plant();
    const { tenantId } = plant;
    const administrator = plant.person(tenantId, 'spravce', { roles: ['administrator'] });
    const group = plant.group(tenantId, 'oddeleni');
    const people = [1, 2].map((number) => plant.person(tenantId, `clovek-${number}`, { groups: [group] }));
    const collectionId = plant.collection(tenantId, 'predpisy', [
      { effect: 'allow', subject: 'everyone', condition: undefined },
    ]);
    plant.document({ tenantId, collectionId }, 'Výpovědní lhůta', ['Výpovědní lhůta je dva měsíce. ']);
    plant.document({ tenantId, collectionId }, 'Dovolená', ['Pro dovolenou platí pět týdnů za rok. ']);
    const folder = plant.close();
    const encoder = join(folder, 'vectors.gguf');
    writeFileSync(encoder, tinyGguf(SHAPES.encoder));
    const config = { engine: { models: [{ name: 'vectors', path: encoder, purpose: 'embedding' }] } };
    const tally: Tally = {
      tokens: 0,
      largest: 0,
      served: 0,
      refused: 0,
      withRetry: 0,
      strange: 0,
      servedForms: new Set(),
      refusedForms: new Set(),
    };
    let rounded = 0;
    // A year, so that nothing is refilled while the proof runs.
    const rule = {
      subject: `group:${group}`,
      metric: 'tokens',
      amount: budget,
      windowSeconds: 31_536_000,
    };
    let isSpent = false;
    let restarts = -1;
    while (!isSpent && rounded < MAX_ROUNDS) {
      await using running = await startTestServer(config, folder, { keepsFolder: true });
      restarts += 1;
      if (rounded === 0)
        await new Visitor(running.url, administrator.key).expect(200, 'PUT', '/admin/v1/limits', rule);
      const visitors = people.map(({ key }) => new Visitor(running.url, key));
      for (let inside = 0; inside < ROUNDS_PER_START && !isSpent; inside++, rounded++) {
        const before = tally.served;
        await ask(visitors, tally, rounded);
        isSpent = tally.served === before;
      }
    }
    rmSync(folder, { recursive: true, force: true });
    const overshoot = Math.max(0, tally.tokens - budget);
    const forms = 'forms that were served, and refused, at some time';
    const formsSeen = `${tally.servedForms.size}, ${tally.refusedForms.size}`;
    const isEveryForm = tally.servedForms.size === FORMS.length && tally.refusedForms.size === FORMS.length;
    return {
      figures: [
        informative('requests, 50 at once, over nine forms', rounded * AT_ONCE),
        informative('served, and tokens that they took', `${tally.served}, ${tally.tokens}`),
        judged(
          'tokens beyond the budget of a group',
          overshoot,
          `≤ ${tally.largest} (one request)`,
          overshoot <= tally.largest,
        ),
        judged(
          `budget that was not given, over ${restarts} restarts of which each may lose a tenth`,
          `${Math.max(0, budget - tally.tokens)} of ${budget}`,
          '≤ half, and a restart between',
          tally.tokens >= budget / 2 && restarts > 0,
        ),
        judged(
          'refusals with the numbers and Retry-After',
          `${tally.withRetry} of ${tally.refused}`,
          'all, > 0',
          tally.refused > 0 && tally.withRetry === tally.refused,
        ),
        // The small budget of the quick form may be spent before a slow form had its turn.
        isQuick
          ? informative(forms, formsSeen)
          : judged(forms, formsSeen, `${FORMS.length} each`, isEveryForm),
        judged('replies that were neither', tally.strange, '0', tally.strange === 0),
      ],
    };
  },
};
