import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TenantId } from '#core/index.ts';
import { Plant, type PlantedDocument, type PlantedPerson } from '../support/plant.ts';
import { startTestServer } from '../support/running-server.ts';
import { SHAPES, tinyGguf } from '../support/tiny-gguf.ts';
import { Visitor } from '../support/visitor.ts';
import { informative, judged, type Proof } from './proof.ts';

const NAMES = ['alfa', 'beta', 'gama'] as const;
const FULL = { documents: 200, queries: 2_000 };
const QUICK = { documents: 40, queries: 240 };
const TOPICS = ['smlouva', 'nájem', 'dovolená', 'mzda', 'výpověď', 'faktura', 'cesta', 'školení'];

interface Tenant {
  readonly tenantId: TenantId;
  readonly name: (typeof NAMES)[number];
  readonly administrator: PlantedPerson;
  readonly documents: readonly PlantedDocument[];
  readonly ids: Readonly<Record<string, string>>;
}

/** Every tenant has the same collections and titles; only its canaries and ids differ. */
function plantTenant(plant: Plant, name: Tenant['name'], count: number): Tenant {
  const tenantId: TenantId = plant.tenant(name);
  const group = plant.group(tenantId, `skupina-${name}`);
  const administrator = plant.person(tenantId, `spravce-${name}`, {
    roles: ['administrator', 'user'],
    groups: [group],
  });
  const collectionId = plant.collection(tenantId, 'predpisy', [
    { effect: 'allow', subject: 'everyone', condition: undefined },
  ]);
  const documents = Array.from({ length: count }, (_, number) => {
    const topic = TOPICS[number % TOPICS.length]!;
    const text = `Pro téma ${topic} platí pravidlo číslo ${number}. Heslo je kanár${name}${number}. `;
    return plant.document({ tenantId, collectionId }, `Předpis ${number}: ${topic} kanár${name}${number}`, [
      text,
    ]);
  });
  const [first] = documents;
  return {
    tenantId,
    name,
    administrator,
    documents,
    ids: {
      collectionId,
      documentId: first!.id,
      versionId: first!.versionId,
      chunkId: first!.chunkIds[0]!,
      userId: administrator.id,
      groupId: group,
      model: 'hradlo',
      path: 'hradlo/predpisy',
    },
  };
}

type Asked = readonly [method: string, path: string, body: object | string | undefined];

const fill = (path: string, ids: Tenant['ids']): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'none');

/** Questions in every dialect and form, and searches, about what only the other tenant has. */
function asksOf(own: Tenant, foreign: Tenant, round: number): readonly Asked[] {
  const topic = TOPICS[round % TOPICS.length]!;
  const text = `Jaké heslo platí pro téma ${topic} kanár${foreign.name}${round}?`;
  const messages = [{ role: 'user', content: text }];
  return [
    ['POST', '/v1/chat/completions', { model: 'hradlo', messages }],
    ['POST', '/v1/chat/completions', { model: 'hradlo', messages, stream: true }],
    ['POST', '/v1/chat/completions', { model: 'hradlo/predpisy', messages }],
    ['POST', '/api/chat', { model: 'hradlo', messages, stream: false }],
    ['POST', '/api/chat', { model: 'hradlo/predpisy', messages, stream: true }],
    ['POST', '/api/generate', { model: 'hradlo', prompt: text, stream: false }],
    ['POST', '/api/generate', { model: 'hradlo', prompt: text, stream: true }],
    ['POST', '/hradlo/v1/answers', { model: 'hradlo', messages }],
    ['POST', '/hradlo/v1/retrieve', { question: text, limit: 50 }],
    ['POST', '/v1/embeddings', { model: 'vectors', input: text }],
    ['POST', '/api/show', { model: 'hradlo/predpisy' }],
    // Foreign ids, to read by and to write by.
    [
      'POST',
      '/hradlo/v1/retrieve',
      { question: text, scope: { collections: [foreign.ids['collectionId']] } },
    ],
    ['POST', `/hradlo/v1/collections/${foreign.ids['collectionId']}/documents?path=x.md`, 'text'],
    [
      'POST',
      `/hradlo/v1/collections/${own.ids['collectionId']}/documents?path=vlastni-${round}.md`,
      `# ${topic}`,
    ],
    [
      'POST',
      '/admin/v1/break-glass',
      { versionId: foreign.ids['versionId'], reason: 'Zkouška oddělení dat.' },
    ],
    [
      'POST',
      `/admin/v1/collections/${own.ids['collectionId']}/grants`,
      { subject: `group:${foreign.ids['groupId']}` },
    ],
    ['PATCH', `/admin/v1/people/${foreign.ids['userId']}`, { displayName: 'x' }],
    ['PUT', `/admin/v1/documents/${foreign.ids['documentId']}/access`, { inherits: true }],
    [
      'POST',
      '/admin/v1/access-review/marks',
      {
        marks: [
          { userId: foreign.ids['userId'], collectionId: foreign.ids['collectionId'], verdict: 'keep' },
        ],
      },
    ],
  ];
}

/** The requests of one tenant's person: an ask, and one address of the interface with its own ids and foreign ones. */
function requestsOf(paths: readonly string[], own: Tenant, foreign: Tenant, round: number): readonly Asked[] {
  const asks = asksOf(own, foreign, round);
  const path = paths[round % paths.length]!;
  const version = foreign.documents[round % foreign.documents.length]!.versionId;
  return [
    asks[round % asks.length]!,
    ['GET', fill(path, own.ids), undefined],
    ['GET', fill(path, foreign.ids), undefined],
    ['GET', `/hradlo/v1/versions/${version}/passage`, undefined],
  ];
}

interface Tally {
  requests: number;
  ownCanaries: number;
  foreignMarks: number;
  readonly leaks: string[];
  readonly addresses: Set<string>;
  /** Everything that each tenant sent so far: its own audit may say that back. */
  readonly sent: Map<string, string>;
}

/** Whatever stands for a tenant: its words, its names, and every id. */
const marksOf = ({ name, ids, tenantId, documents }: Tenant): readonly string[] => [
  `kanár${name}`,
  `spravce-${name}`,
  `skupina-${name}`,
  tenantId,
  ...Object.values(ids).filter((id) => id.includes('_')),
  ...documents.flatMap(({ id, versionId, chunkIds }) => [id, versionId, ...chunkIds]),
];

/** One round of one tenant's person; counts whatever of another tenant is in a reply. */
async function askAsTenant(
  url: string,
  round: {
    readonly own: Tenant;
    readonly foreign: Tenant;
    readonly paths: readonly string[];
    readonly round: number;
    readonly foreignMarks: readonly string[];
  },
  tally: Tally,
): Promise<void> {
  const { own, foreign } = round;
  const visitor = new Visitor(url, own.administrator.key);
  for (const [method, path, body] of requestsOf(round.paths, own, foreign, round.round)) {
    const { status, text, headers } = await (typeof body === 'string'
      ? visitor.upload(path, body)
      : visitor.say(method, path, { body }));
    tally.requests += 1;
    tally.addresses.add(`${method} ${path.split('?')[0]}`);
    // What it said itself may be said back, its question and the ids it asked by; nothing else may be in it.
    const now = `${path} ${typeof body === 'object' ? JSON.stringify(body) : ''}`;
    const before = tally.sent.get(own.name) ?? '';
    tally.sent.set(own.name, before + now);
    const said = /^\/admin\/v1\/audit\/(events|export)/.test(path) ? before : now;
    const heard = `${JSON.stringify(headers)} ${text}`.replaceAll(`kanár${foreign.name}${round.round}`, '');
    if (status === 200 && heard.includes(`kanár${own.name}`)) tally.ownCanaries += 1;
    const marks = round.foreignMarks.filter((mark) => heard.includes(mark) && !said.includes(mark));
    tally.foreignMarks += marks.length;
    if (marks.length > 0) tally.leaks.push(`${own.name} at ${method} ${path}`);
  }
}

export const proof: Proof = {
  promise: 'no tenant gets a byte of another, on any address, with caches warm or cold',
  async run({ isQuick }) {
    const size = isQuick ? QUICK : FULL;
    const plant = new Plant();
    const tenants = NAMES.map((name) => plantTenant(plant, name, size.documents));
    const folder = plant.close();
    const encoder = join(folder, 'vectors.gguf');
    writeFileSync(encoder, tinyGguf(SHAPES.encoder));
    const config = { engine: { models: [{ name: 'vectors', path: encoder, purpose: 'embedding' }] } };
    const tally: Tally = {
      requests: 0,
      ownCanaries: 0,
      foreignMarks: 0,
      leaks: [],
      addresses: new Set(),
      sent: new Map(),
    };
    // Cold and warm: the second start finds the segments on disk, and questions come again in each.
    for (let start = 0; start < 2; start++) {
      await using running = await startTestServer(config, folder, { keepsFolder: true });
      const openApi = await new Visitor(running.url).expect(200, 'GET', '/openapi.json');
      const paths = Object.entries(openApi['paths'] as Record<string, object>)
        .filter(([path, operations]) => 'get' in operations && !path.endsWith('/progress'))
        .map(([path]) => path);
      for (let round = 0; round < size.queries / 2 / 4; round++) {
        const own = tenants[round % NAMES.length]!;
        const foreign = tenants[(round + 1 + (round % 2)) % NAMES.length]!;
        const foreignMarks = tenants.filter((one) => one !== own).flatMap(marksOf);
        await askAsTenant(running.url, { own, foreign, paths, round, foreignMarks }, tally);
      }
    }
    const { requests, ownCanaries, foreignMarks, leaks, addresses } = tally;
    rmSync(folder, { recursive: true, force: true });
    return {
      figures: [
        judged('requests', requests, `${size.queries}`, requests >= size.queries),
        judged(
          'marks of another tenant in a reply',
          leaks.length === 0 ? 0 : `${foreignMarks}: ${leaks.slice(0, 5).join('; ')}`,
          '0',
          foreignMarks === 0,
        ),
        judged(
          'replies with marks of one’s own (the proof is not blind)',
          ownCanaries,
          '> 0',
          ownCanaries > 0,
        ),
        informative('different addresses asked', addresses.size),
      ],
    };
  },
};
