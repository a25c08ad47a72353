import { rmSync } from 'node:fs';
import type { TenantId } from '#core/index.ts';
import { Plant, type PlantedDocument, type PlantedPerson } from '../support/plant.ts';
import { startTestServer } from '../support/running-server.ts';
import { Visitor } from '../support/visitor.ts';
import { informative, judged, type Proof } from './proof.ts';

const NAMES = ['alfa', 'beta', 'gama'] as const;
const FULL = { documents: 200, queries: 2_000 };
const QUICK = { documents: 40, queries: 240 };
const TOPICS = ['smlouva', 'nájem', 'dovolená', 'mzda', 'výpověď', 'faktura', 'cesta', 'školení'];

interface Tenant {
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

/** The requests that one tenant's person makes: every GET of the interface, and questions in every dialect. */
function requestsOf(paths: readonly string[], own: Tenant, foreign: Tenant, round: number) {
  const topic = TOPICS[round % TOPICS.length]!;
  const messages = [
    { role: 'user', content: `Jaké heslo platí pro téma ${topic} kanár${foreign.name}${round}?` },
  ];
  const fill = (path: string, ids: Tenant['ids']): string =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'none');
  const asks: readonly (readonly [string, string, object | undefined])[] = [
    ['POST', '/v1/chat/completions', { model: 'hradlo', messages }],
    ['POST', '/v1/chat/completions', { model: 'hradlo', messages, stream: true }],
    ['POST', '/v1/chat/completions', { model: 'hradlo/predpisy', messages }],
    ['POST', '/api/chat', { model: 'hradlo', messages, stream: false }],
    ['POST', '/api/generate', { model: 'hradlo', prompt: messages[0]!.content, stream: false }],
    ['POST', '/hradlo/v1/answers', { question: messages[0]!.content }],
  ];
  const path = paths[round % paths.length]!;
  return [
    asks[round % asks.length]!,
    ['GET', fill(path, own.ids), undefined],
    ['GET', fill(path, foreign.ids), undefined],
    [
      'GET',
      `/hradlo/v1/versions/${foreign.documents[round % foreign.documents.length]!.versionId}/passage`,
      undefined,
    ],
  ] as const;
}

interface Tally {
  requests: number;
  ownCanaries: number;
  foreignMarks: number;
  readonly leaks: string[];
  readonly addresses: Set<string>;
}

const marksOf = (name: string): string[] => [`kanár${name}`, `spravce-${name}`, `skupina-${name}`];

/** One round of one tenant's person; counts whatever of another tenant is in a reply. */
async function askAsTenant(
  url: string,
  round: {
    readonly own: Tenant;
    readonly foreign: Tenant;
    readonly paths: readonly string[];
    readonly round: number;
  },
  tally: Tally,
): Promise<void> {
  const { own, foreign } = round;
  const visitor = new Visitor(url, own.administrator.key);
  const others = NAMES.filter((name) => name !== own.name);
  for (const [method, path, body] of requestsOf(round.paths, own, foreign, round.round)) {
    const { status, text } = await visitor.say(method, path, { body });
    tally.requests += 1;
    tally.addresses.add(`${method} ${path}`);
    // Its own question may be said back; what follows must not be in it.
    const heard = text.replaceAll(`kanár${foreign.name}${round.round}`, '');
    if (status === 200 && heard.includes(`kanár${own.name}`)) tally.ownCanaries += 1;
    const marks = others.flatMap(marksOf).filter((mark) => heard.includes(mark));
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
    const tally: Tally = { requests: 0, ownCanaries: 0, foreignMarks: 0, leaks: [], addresses: new Set() };
    // Cold and warm: the second start finds the segments on disk, and questions come again in each.
    for (let start = 0; start < 2; start++) {
      await using running = await startTestServer({}, folder, { keepsFolder: true });
      const openApi = await new Visitor(running.url).expect(200, 'GET', '/openapi.json');
      const paths = Object.entries(openApi['paths'] as Record<string, object>)
        .filter(([, operations]) => 'get' in operations)
        .map(([path]) => path);
      for (let round = 0; round < size.queries / 2 / 4; round++) {
        const own = tenants[round % NAMES.length]!;
        const foreign = tenants[(round + 1 + (round % 2)) % NAMES.length]!;
        await askAsTenant(running.url, { own, foreign, paths, round }, tally);
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
