import { rmSync } from 'node:fs';
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mintAccessFilter, type AccessFilter } from '#core/index.ts';
import { composeParts } from '../../src/main/compose.ts';
import { ConfigSchema } from '../../src/main/config-schema.ts';
import { startTestServer } from '../support/running-server.ts';
import { joinStarts, measurePairs, median, tellApart, type PairedTimes } from '../support/telling-apart.ts';
import { comparableReply, plantTwin, SECRET, twinQuestion, type Twin } from '../support/twins.ts';
import { Visitor, type Heard } from '../support/visitor.ts';
import { informative, judged, timing, type Figure, type Proof } from './proof.ts';

const SIZES = {
  full: { hidden: 5_000, asks: 200, starts: 40, questions: 13, rounds: 2, repeats: 5, warmUp: 300 },
  quick: { hidden: 500, asks: 8, starts: 1, questions: 4, rounds: 4, repeats: 2, warmUp: 10 },
};
type Size = typeof SIZES.full;
type Asked = readonly [method: string, path: string, body: object | undefined];

/** Every list, and every address that takes an id with those of the forbidden document, from the served OpenAPI. */
async function listReads(visitor: Visitor, twin: Twin): Promise<Asked[]> {
  const { paths } = await visitor.expect(200, 'GET', '/openapi.json');
  const ids: Readonly<Record<string, string>> = {
    collectionId: twin.collectionId,
    documentId: twin.hidden.id,
    versionId: twin.hidden.versionId,
    chunkId: twin.hidden.chunkIds[0]!,
    model: 'hradlo',
    name: 'hradlo',
  };
  return Object.entries(paths as Record<string, object>)
    .filter(([path, operations]) => 'get' in operations && path !== '/metrics')
    .map(([path]): Asked => {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'none');
      return ['GET', `${filled}${path.endsWith('/boxes') ? '?start=0&end=5' : ''}`, undefined];
    });
}

/** One question in every dialect, and what is found for it. */
function asksOf(number: number): Asked[] {
  const content = twinQuestion(number);
  const messages = [{ role: 'user', content }];
  return [
    ['POST', '/v1/chat/completions', { model: 'hradlo', messages }],
    ['POST', '/v1/chat/completions', { model: 'hradlo', messages, stream: true }],
    ['POST', '/api/chat', { model: 'hradlo/predpisy', messages, stream: false }],
    ['POST', '/api/generate', { model: 'hradlo', prompt: content, stream: false }],
    ['POST', '/hradlo/v1/answers', { model: 'hradlo', messages }],
    ['POST', '/hradlo/v1/retrieve', { question: content, limit: 50 }],
    ['POST', '/hradlo/v1/retrieve', { question: content, scope: { filters: { kind: ['directive'] } } }],
  ];
}

/** Status, headers and body without what differs by nature. */
function comparable({ status, headers, text }: Heard): string {
  const { date: _date, 'x-request-id': _id, ...rest } = headers;
  // The length of a body with numbers of durations in it varies with them.
  const { 'content-length': _length, ...told } = rest;
  return `${status} ${JSON.stringify(told)} ${comparableReply(text)}`;
}

/** How many replies differ between the twins, also after somebody who may read it asked about it. */
async function compareReplies(twins: readonly [Twin, Twin], asks: number): Promise<Figure[]> {
  const [plain, hiding] = await Promise.all(
    twins.map(({ folder }) => startTestServer({}, folder, { keepsFolder: true })),
  );
  await using first = plain!;
  await using second = hiding!;
  const visitors = [new Visitor(first.url, twins[0].key), new Visitor(second.url, twins[1].key)] as const;
  const bosses = [
    new Visitor(first.url, twins[0].bossKey),
    new Visitor(second.url, twins[1].bossKey),
  ] as const;
  const requests = await listReads(visitors[0], twins[1]);
  for (let number = 0; number < asks; number++) requests.push(...asksOf(number));
  const differing: string[] = [];
  let bossDiffers = 0;
  for (const [method, path, body] of requests) {
    if (JSON.stringify(body)?.includes(SECRET)) {
      // Whatever it warms up for who may read it must not show to who may not.
      const [a, b] = await Promise.all(bosses.map((boss) => boss.say(method, path, { body })));
      if (comparable(a!) !== comparable(b!)) bossDiffers += 1;
    }
    const [a, b] = await Promise.all(visitors.map((visitor) => visitor.say(method, path, { body })));
    if (comparable(a!) !== comparable(b!)) differing.push(`${method} ${path}`);
  }
  return [
    judged(
      'replies compared: status, headers and every byte',
      requests.length,
      '> 0',
      requests.length > asks,
    ),
    judged(
      'replies that differ',
      differing.length === 0 ? 0 : `${differing.length}: ${[...new Set(differing)].slice(0, 4).join('; ')}`,
      '0',
      differing.length === 0,
    ),
    judged('and for who may read it (the proof is not blind)', bossDiffers, '> 0', bossDiffers > 0),
  ];
}

/** One twin's parts, with the filter of the reader and one that shows everything. */
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
type Opened = Awaited<ReturnType<typeof openTwin>>;

const LIMIT = 10;

function queryOf(number: number, access: AccessFilter, limit: number) {
  const nowMs = Date.UTC(2026, 0, 1);
  return { text: twinQuestion(number), language: 'cs', access, validAtMs: nowMs, recordedAtMs: nowMs, limit };
}

/** Retrieval as the product does it: filtered, then scored. */
async function search({ parts, access }: Opened, number: number) {
  return parts.chunks.listEvidence(await parts.index.search(queryOf(number, access, LIMIT)), access);
}

/** The control: search everything, drop what is forbidden, and look further until enough is left. */
async function searchThenFilter({ parts, access, all }: Opened, number: number) {
  for (let limit = LIMIT; ; limit *= 2) {
    const hits = await parts.index.search(queryOf(number, all, limit));
    const kept = await parts.chunks.listReadable(hits, access);
    if (kept.length >= LIMIT || hits.length < limit) return kept.slice(0, LIMIT);
  }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** How well time tells the twins apart with the product, and with the control by the very same instrument. */
function judgeTimes(where: string, product: PairedTimes, control: PairedTimes, isJudged: boolean): Figure[] {
  const apart = tellApart(product);
  const controlApart = tellApart(control);
  const figures = [
    timing(`${where}: AUC of the twins`, apart.toFixed(3), '0.45 to 0.55', apart >= 0.45 && apart <= 0.55),
    timing(
      `${where}: AUC of a control that filters afterwards`,
      controlApart.toFixed(3),
      '> 0.95',
      controlApart > 0.95,
    ),
  ];
  const middles = ({ first, second }: PairedTimes): string =>
    [first, second].map((times) => median(times.flat()).toFixed(2)).join(', ');
  return [
    ...figures.map((one): Figure => (isJudged ? one : { ...one, verdict: 'informative' })),
    informative(
      `${where}: samples of each, median ms without and with the document, the control's`,
      `${product.first.flat().length}; ${middles(product)}; ${middles(control)}`,
    ),
  ];
}

/**
 * Two starts of one program on the same data differ in speed by some hundredths, and stay so until they stop: that
 * would be taken for a difference of the data. So both are started many times, each first in turn.
 */
async function overStarts(
  twins: readonly [Twin, Twin],
  starts: number,
  measure: (given: readonly [Twin, Twin], isSwapped: boolean) => Promise<readonly PairedTimes[]>,
): Promise<PairedTimes[]> {
  const all: (readonly PairedTimes[])[] = [];
  for (let start = 0; start < starts; start++) all.push(await measure(twins, start % 2 === 1));
  return (all[0] ?? []).map((_, kind) => joinStarts(all.map((kinds) => kinds[kind]!)));
}

/** Opens both, the second first when `isSwapped`. */
async function openBoth<Opening>(
  twins: readonly [Twin, Twin],
  isSwapped: boolean,
  open: (twin: Twin) => Promise<Opening>,
): Promise<readonly [Opening, Opening]> {
  if (!isSwapped) return [await open(twins[0]), await open(twins[1])];
  const second = await open(twins[1]);
  return [await open(twins[0]), second];
}

/** At the step where the forbidden chunks lie, without the noise of anything else. */
async function compareSteps(twins: readonly [Twin, Twin], size: Size, isJudged: boolean): Promise<Figure[]> {
  const [product, control] = await overStarts(twins, size.starts, async (given, isSwapped) => {
    await using stack = new AsyncDisposableStack();
    const opened = await openBoth(given, isSwapped, ({ folder }) => openTwin(folder, stack));
    return [
      await measurePairs(size, (which, at) => timeOf(() => search(opened[which], at))),
      await measurePairs(size, (which, at) => timeOf(() => searchThenFilter(opened[which], at))),
    ];
  });
  return judgeTimes('retrieval step', product!, control!, isJudged);
}

/** The control behind HTTP, so that it is measured as the product is. */
async function serveControl(twin: Opened): Promise<Server> {
  const server = createServer((request, response) => {
    const number = Number(new URL(request.url ?? '', 'http://localhost').searchParams.get('question'));
    void searchThenFilter(twin, number).then((kept) => response.end(JSON.stringify(kept)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** As somebody outside measures it, over connections that are kept open. */
async function compareOverHttp(
  twins: readonly [Twin, Twin],
  size: Size,
  isJudged: boolean,
): Promise<Figure[]> {
  using agents = new DisposableStack();
  const agent = agents.adopt(new Agent({ keepAlive: true }), (one) => one.destroy());
  const [product] = await overStarts(twins, size.starts, async (given, isSwapped) => {
    await using stack = new AsyncDisposableStack();
    const visitors = await openBoth(given, isSwapped, async ({ folder, key }) => {
      const { url } = stack.use(await startTestServer({}, folder, { keepsFolder: true }));
      return new Visitor(url, key, agent);
    });
    const ask = (which: 0 | 1, at: number) => {
      const body = { question: twinQuestion(at), limit: LIMIT };
      return timeOf(() => visitors[which].say('POST', '/hradlo/v1/retrieve', { body }));
    };
    return [await measurePairs(size, ask)];
  });
  const [control] = await overStarts(twins, size.starts, async (given, isSwapped) => {
    await using stack = new AsyncDisposableStack();
    const visitors = await openBoth(given, isSwapped, async ({ folder }) => {
      const server = await serveControl(await openTwin(folder, stack));
      stack.defer(() => void server.close());
      return new Visitor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, undefined, agent);
    });
    return [
      await measurePairs(size, (which, at) => timeOf(() => visitors[which].say('GET', `/?question=${at}`))),
    ];
  });
  return judgeTimes('over HTTP', product!, control!, isJudged);
}

export const proof: Proof = {
  promise: 'who may not read a document cannot tell that it exists, by bytes, counts or time',
  async run({ isQuick }) {
    const size = isQuick ? SIZES.quick : SIZES.full;
    const twins = [plantTwin(0), plantTwin(size.hidden)] as const;
    try {
      return {
        figures: [
          ...(await compareReplies(twins, size.asks)),
          ...(await compareSteps(twins, size, !isQuick)),
          // Four more starts of each twin: too long for a quick look.
          ...(isQuick ? [] : await compareOverHttp(twins, size, true)),
        ],
      };
    } finally {
      for (const { folder } of twins) rmSync(folder, { recursive: true, force: true });
    }
  },
};
