import { rmSync } from 'node:fs';
import { mintAccessFilter, type AccessFilter } from '#core/index.ts';
import { composeParts, type Parts } from '../../src/main/compose.ts';
import { ConfigSchema } from '../../src/main/config-schema.ts';
import { Plant } from '../support/plant.ts';
import { startTestServer } from '../support/running-server.ts';
import { Visitor } from '../support/visitor.ts';
import { informative, judged, timing, type Figure, type Proof } from './proof.ts';

const VISIBLE_DOCUMENTS = 400;
const SIZES = {
  full: { hidden: 5_000, asks: 200, timings: 1_000 },
  quick: { hidden: 1_000, asks: 25, timings: 60 },
};
const WORDS = 'smlouva nájem výpověď lhůta dovolená mzda zkušební doba náhrada cesta účet faktura řád'.split(
  ' ',
);
/** Stands in the forbidden document alone. */
const SECRET = 'akvizice';

function sentence(number: number): string {
  return Array.from(
    { length: 14 },
    (_, at) => WORDS[(number * 7 + at * at + at * number) % WORDS.length],
  ).join(' ');
}

/** The same installation twice; one of the two has one more document, of many chunks, that the asker may not read. */
function plantTwin(hiddenChunks: number): { readonly folder: string; readonly key: string } {
  const plant = new Plant();
  const { tenantId } = plant;
  const reader = plant.person(tenantId, 'ctenar');
  const boss = plant.person(tenantId, 'vedouci');
  const open = {
    tenantId,
    collectionId: plant.collection(tenantId, 'predpisy', [allow(reader.id), allow(boss.id)]),
  };
  // The collection itself is in both: only the document differs.
  for (let number = 0; number < VISIBLE_DOCUMENTS; number++) {
    if (number === VISIBLE_DOCUMENTS / 2 && hiddenChunks > 0) {
      const texts = Array.from({ length: hiddenChunks }, (_, at) => `${SECRET} ${sentence(at)}. `);
      const document = { inherits: false, entries: [allow(boss.id)], rules: [] };
      plant.document(open, 'Tajný záměr', texts, { document });
    }
    plant.document(open, `Předpis ${number}`, [`${sentence(number)}. `, `Platí ${sentence(number + 3)}. `]);
  }
  return { folder: plant.close(), key: reader.key };
}

const allow = (id: string) =>
  ({ effect: 'allow', subject: `principal:hradlo/${id}`, condition: undefined }) as const;

/** A reply without what differs by nature: ids and times of the answer, of the request, and what a clock said. */
function comparable(text: string): string {
  return text
    .replaceAll(/(ans|chatcmpl-ans|cnv|req)_[0-9a-z]{26}/g, 'ID')
    .replaceAll(
      /"(created|created_at|createdAt|total_duration|eval_duration|load_duration|prompt_eval_duration)":("[^"]*"|\d+)/g,
      '"$1":0',
    )
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'UUID');
}

/** Probability that a time of the second kind is longer than one of the first; 0.5 tells nothing apart. */
function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  let wins = 0;
  const sorted = first.toSorted((a, b) => a - b);
  for (const time of second) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < time) low = middle + 1;
      else high = middle;
    }
    wins += low;
  }
  return wins / (first.length * second.length);
}

const question = (number: number): string =>
  number % 3 === 0
    ? `Co víš o ${SECRET} a ${WORDS[number % WORDS.length]}?`
    : `Jaká je ${WORDS[number % WORDS.length]} a ${WORDS[(number * 5) % WORDS.length]}?`;

/** How many replies differ between the twins, over questions and over every list that a person can get. */
async function compareReplies(
  twins: readonly ReturnType<typeof plantTwin>[],
  asks: number,
): Promise<Figure[]> {
  const [plain, hiding] = await Promise.all(
    twins.map(({ folder }) => startTestServer({}, folder, { keepsFolder: true })),
  );
  await using first = plain!;
  await using second = hiding!;
  const visitors = [new Visitor(first.url, twins[0]!.key), new Visitor(second.url, twins[1]!.key)];
  const { collections } = await visitors[0]!.expect(200, 'GET', '/hradlo/v1/collections');
  const [{ id } = { id: '' }] = collections as { id: string }[];
  const requests: (readonly [string, string, object | undefined])[] = [
    ['GET', '/hradlo/v1/collections', undefined],
    ['GET', `/hradlo/v1/collections/${id}/documents`, undefined],
    ['GET', '/v1/models', undefined],
    ['GET', '/api/tags', undefined],
    ['GET', '/hradlo/v1/limits', undefined],
  ];
  for (let number = 0; number < asks; number++) {
    const messages = [{ role: 'user', content: question(number) }];
    requests.push(['POST', '/v1/chat/completions', { model: 'hradlo', messages }]);
    requests.push(['POST', '/v1/chat/completions', { model: 'hradlo', messages, stream: true }]);
    requests.push(['POST', '/api/chat', { model: 'hradlo/predpisy', messages, stream: false }]);
  }
  const differing: string[] = [];
  for (const [method, path, body] of requests) {
    const [a, b] = await Promise.all(visitors.map((visitor) => visitor.say(method, path, { body })));
    const isEqual = a!.status === b!.status && comparable(a!.text) === comparable(b!.text);
    if (!isEqual) differing.push(`${method} ${path}`);
  }
  return [
    judged('replies compared byte by byte', requests.length, `${requests.length}`, true),
    judged(
      'replies that differ',
      differing.length === 0 ? 0 : `${differing.length}: ${differing.slice(0, 4).join('; ')}`,
      '0',
      differing.length === 0,
    ),
  ];
}

/** One twin's parts, with the filter of the person and one that shows everything. */
async function openTwin(folder: string, stack: AsyncDisposableStack) {
  const parts = await composeParts(ConfigSchema.parse({ log: { level: 'silent' }, data: { folder } }), stack);
  await parts.indexReady;
  const tenant = (await parts.documents.listTenants())[0]!.id;
  const user = (await parts.people.users.list(tenant)).find(({ name }) => name === 'ctenar')!;
  const access = await parts.accessFilters.filterFor({
    tenantId: tenant,
    issuer: 'hradlo',
    subject: user.id,
    displayName: '',
    groups: [],
    roles: ['user'],
    attributes: {},
    authentication: { kind: 'system' },
  });
  const all = mintAccessFilter({
    tenantId: tenant,
    aclSets: new Set((await parts.access.load(tenant)).sets.map(({ id }) => id)),
    collections: undefined,
    fingerprint: 'all',
    decidedAtMs: 0,
  });
  return { parts, access, all };
}

const LIMIT = 10;
const REPEATS = 5;

function queryOf(number: number, access: AccessFilter, limit: number) {
  const nowMs = Date.UTC(2026, 0, 1);
  return { text: question(number), language: 'cs', access, validAtMs: nowMs, recordedAtMs: nowMs, limit };
}

/** Milliseconds of retrieval as the product does it. */
async function timeOf(parts: Parts, access: AccessFilter, number: number): Promise<number> {
  const startedAt = performance.now();
  await parts.chunks.listEvidence(await parts.index.search(queryOf(number, access, LIMIT)), access);
  return performance.now() - startedAt;
}

/** The control: search everything, drop what is forbidden, and look further until enough is left. */
async function timeOfPostFilter(
  { parts, access, all }: Awaited<ReturnType<typeof openTwin>>,
  number: number,
): Promise<number> {
  const startedAt = performance.now();
  for (let limit = LIMIT; ; limit *= 2) {
    const hits = await parts.index.search(queryOf(number, all, limit));
    const kept = await parts.chunks.listEvidence(hits, access);
    if (kept.length >= LIMIT || hits.length < limit) return performance.now() - startedAt;
  }
}

/** The shortest of a few, as somebody would measure who wants to see through the noise of other work. */
async function shortest(measure: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let repeat = 0; repeat < REPEATS; repeat++) least = Math.min(least, await measure());
  return least;
}

/** Whether time tells the twins apart, at the step where the forbidden chunks lie. */
async function compareTimes(
  folders: readonly string[],
  timings: number,
  isJudged: boolean,
): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const plain = await openTwin(folders[0]!, stack);
  const hiding = await openTwin(folders[1]!, stack);
  const times = { plain: [] as number[], hiding: [] as number[] };
  const control = { plain: [] as number[], hiding: [] as number[] };
  for (let number = -50; number < timings; number++) {
    // Interleaved, and each first in turn, so that drift and warmth fall on both.
    const order = number % 2 === 0 ? (['plain', 'hiding'] as const) : (['hiding', 'plain'] as const);
    for (const name of order) {
      const twin = name === 'plain' ? plain : hiding;
      const taken = await shortest(() => timeOf(twin.parts, twin.access, Math.abs(number)));
      const open = await shortest(() => timeOfPostFilter(twin, Math.abs(number)));
      if (number < 0) continue;
      times[name].push(taken);
      control[name].push(open);
    }
  }
  const auc = areaUnderCurve(times.plain, times.hiding);
  const controlAuc = areaUnderCurve(control.plain, control.hiding);
  const median = (values: number[]): string =>
    values.toSorted((a, b) => a - b)[values.length >> 1]!.toFixed(2);
  const told = timing('time: AUC of the twins', auc.toFixed(3), '0.45 to 0.55', auc >= 0.45 && auc <= 0.55);
  const seen = timing(
    'time: AUC of a control that filters afterwards',
    controlAuc.toFixed(3),
    '> 0.95',
    controlAuc > 0.95,
  );
  const figures = [told, seen].map((one): Figure => (isJudged ? one : { ...one, verdict: 'informative' }));
  return [
    ...figures,
    informative(
      'median milliseconds, without and with the forbidden document',
      `${median(times.plain)}, ${median(times.hiding)}`,
    ),
    informative('the same for the control', `${median(control.plain)}, ${median(control.hiding)}`),
  ];
}

export const proof: Proof = {
  promise: 'who may not read a document cannot tell that it exists, by bytes, counts or time',
  async run({ isQuick }) {
    const size = isQuick ? SIZES.quick : SIZES.full;
    const twins = [plantTwin(0), plantTwin(size.hidden)];
    const folders = twins.map(({ folder }) => folder);
    const replies = await compareReplies(twins, size.asks);
    const times = await compareTimes(folders, size.timings, !isQuick);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    return { figures: [...replies, ...times] };
  },
};
