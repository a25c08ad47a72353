import { rmSync } from 'node:fs';
import * as fc from 'fast-check';
import type { Hit, IndexedChunk } from '#contracts/index.ts';
import {
  expectAclSetId,
  mintAccessFilter,
  type AccessFilter,
  type ChunkId,
  type Principal,
} from '#core/index.ts';
import { AccessFilters, type Entry, type Override, type Subject } from '#identity/index.ts';
import { openForReading, queryBuilder } from '#platform/index.ts';
import { ChunkStore, IndexSourceStore, textAnalyzer, type RagSchema } from '#rag/index.ts';
import { embedChunks, embedQuery } from '#rag/retrieval/segments/embed-chunks.ts';
import { DEFAULT_WEIGHTS } from '#rag/retrieval/segments/score-weights.ts';
import { composeParts, type Parts } from '../../src/main/compose.ts';
import { ConfigSchema } from '../../src/main/config-schema.ts';
import * as arbitrary from '../support/access-arbitraries.ts';
import { cedarAllows } from '../support/cedar.ts';
import { Plant } from '../support/plant.ts';
import { searchByDefinition, type OracleAnalyzer } from '../support/retrieval-oracle.ts';
import { startTestServer } from '../support/running-server.ts';
import { Visitor } from '../support/visitor.ts';
import { informative, judged, type Figure, type Proof } from './proof.ts';

const FULL = { worlds: 20, people: 50, queries: 100, http: 5_000 };
const QUICK = { worlds: 2, people: 10, queries: 25, http: 100 };
const COLLECTIONS = 3;
const DOCUMENTS = 8;
const CHUNKS = 4;
const LIMIT = 20;
const WORDS = 'smlouva nájem výpověď lhůta dovolená mzda zkušební doba náhrada cesta účet faktura řád'.split(
  ' ',
);

/** What was said of one chunk, by which an independent engine judges it. */
interface Said {
  readonly grants: readonly Entry[];
  readonly document: Override | undefined;
  readonly chunk: Override | undefined;
}

interface World {
  readonly plant: Plant;
  readonly said: ReadonlyMap<ChunkId, Said>;
  /** A word that stands in one chunk alone. */
  readonly canaries: ReadonlyMap<ChunkId, string>;
}

/** The same random numbers each time, so that a finding can be looked at again. */
function makeRandom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Subjects of the small world as those of planted accounts. */
type Rename = (subject: Subject) => Subject;
const renamed = (entries: readonly Entry[], rename: Rename): Entry[] =>
  entries.map((entry) => ({ ...entry, subject: rename(entry.subject) }));
const renamedOverride = (override: Override | undefined, rename: Rename): Override | undefined =>
  override && { ...override, entries: renamed(override.entries, rename) };

function plantWorld(number: number, rename: Rename, plant = new Plant()): World {
  const random = makeRandom(number + 1);
  const sample = <Value>(of: fc.Arbitrary<Value>, count: number): Value[] =>
    fc.sample(of, { numRuns: count, seed: random(2 ** 31) });
  const overrides = fc.option(arbitrary.override, { nil: undefined, freq: 2 });
  const said = new Map<ChunkId, Said>();
  const canaries = new Map<ChunkId, string>();
  for (const [index, given] of sample(arbitrary.grants, COLLECTIONS).entries()) {
    const grants = renamed(given, rename);
    const collectionId = plant.collection(plant.tenantId, `svet-${number}-${index}`, grants);
    const where = { tenantId: plant.tenantId, collectionId };
    for (const [order, ofDocument] of sample(overrides, DOCUMENTS).entries()) {
      const document = renamedOverride(ofDocument, rename);
      const ofChunks = sample(fc.option(arbitrary.override, { nil: undefined, freq: 1 }), CHUNKS).map((one) =>
        renamedOverride(one, rename),
      );
      const names = ofChunks.map((_, ordinal) => `kanárek${number}x${index}x${order}x${ordinal}`);
      const texts = names.map(
        (canary) => `${Array.from({ length: 12 }, () => WORDS[random(WORDS.length)]).join(' ')} ${canary}. `,
      );
      const chunks = new Map(ofChunks.flatMap((one, ordinal) => (one ? [[ordinal, one] as const] : [])));
      const planted = plant.document(where, `Dokument ${order}`, texts, { document, chunks });
      for (const [ordinal, chunkId] of planted.chunkIds.entries()) {
        said.set(chunkId, { grants, document, chunk: ofChunks[ordinal] });
        canaries.set(chunkId, names[ordinal]!);
      }
    }
  }
  return { plant, said, canaries };
}

/** Which chunks an independent engine shows the person. Equal policies are asked of it once. */
function visibleTo(
  world: World,
  principal: Principal,
  context: { readonly nowMs: number; readonly purpose: string | undefined },
): ReadonlySet<ChunkId> {
  const known = new Map<string, boolean>();
  const tenantId = arbitrary.TENANTS[0]!;
  const visible = new Set<ChunkId>();
  for (const [chunkId, said] of world.said) {
    const key = JSON.stringify(said);
    const allowed =
      known.get(key) ?? cedarAllows({ principal: { ...principal, tenantId }, context, ...said });
    known.set(key, allowed);
    if (allowed) visible.add(chunkId);
  }
  return visible;
}

function remembering(analyzer: OracleAnalyzer): OracleAnalyzer {
  const known = new Map<string, ReturnType<OracleAnalyzer['analyze']>>();
  return {
    analyze(text, language, purpose) {
      const key = `${purpose} ${language} ${text}`;
      const terms = known.get(key) ?? analyzer.analyze(text, language, purpose);
      known.set(key, terms);
      return terms;
    },
  };
}

const everySet = (
  parts: Parts,
  tenantId: Principal['tenantId'],
  chunks: readonly IndexedChunk[],
): AccessFilter =>
  mintAccessFilter({
    tenantId,
    aclSets: new Set(chunks.map(({ aclSet }) => expectAclSetId(aclSet))),
    collections: undefined,
    fingerprint: 'everything',
    decidedAtMs: 0,
  });

interface Counts {
  pairs: number;
  forbidden: number;
  differing: number;
  hits: number;
  alarms: number;
  mutantAlarms: number;
  mutantForbidden: number;
  mutantSeen: number;
  mutants: number;
}

/** Takes the first filter off, then the second too. */
async function mutate(
  counts: Counts,
  given: {
    readonly unfiltered: readonly Hit[];
    readonly access: AccessFilter;
    readonly all: AccessFilter;
    readonly visible: ReadonlySet<ChunkId>;
    readonly store: ChunkStore;
    readonly mutated: ChunkStore;
  },
): Promise<void> {
  const { unfiltered, visible } = given;
  // The index showed everything: the second check must catch all of it.
  const kept = await given.mutated.listEvidence(unfiltered, given.access);
  counts.mutantForbidden += kept.filter(({ chunkId }) => !visible.has(chunkId)).length;
  // With the second check off too, the comparison itself must see what is forbidden.
  const open = await given.store.listEvidence(unfiltered, given.all);
  if (open.length === kept.length) return;
  counts.mutants += 1;
  if (open.some(({ chunkId }) => !visible.has(chunkId))) counts.mutantSeen += 1;
}

/** Compares the product's retrieval with the oracle, for many people and questions of one world. */
async function compareWorld(number: number, size: typeof FULL, counts: Counts): Promise<void> {
  const world = plantWorld(number, (subject) => subject);
  const folder = world.plant.close();
  await using stack = new AsyncDisposableStack();
  const log = { level: 'silent' };
  const parts = await composeParts(ConfigSchema.parse({ log, data: { folder } }), stack);
  await parts.indexReady;
  const reader = stack.adopt(openForReading(parts.installation.databasePath), (one) => one.close());
  const source = new IndexSourceStore(queryBuilder<RagSchema>(reader));
  const rows = (await source.listStates(0)).map(({ row }) => row);
  const chunks = await embedChunks(parts.embedding, await source.listChunks(rows));
  const time = { nowMs: 0 };
  const filters = new AccessFilters(parts.access, { nowMs: () => time.nowMs, monotonicMs: () => 0 });
  const store = new ChunkStore(queryBuilder<RagSchema>(reader), () => (counts.alarms += 1));
  const mutated = new ChunkStore(queryBuilder<RagSchema>(reader), () => (counts.mutantAlarms += 1));
  const analyzer = remembering(textAnalyzer);
  const all = everySet(parts, world.plant.tenantId, chunks);
  const random = makeRandom(number + 1000);
  const askers = fc.sample(fc.tuple(arbitrary.principal, arbitrary.context), {
    numRuns: size.people,
    seed: number + 7,
  });
  for (const [given, context] of askers) {
    const principal = { ...given, tenantId: world.plant.tenantId };
    time.nowMs = context.nowMs;
    const visible = visibleTo(world, principal, context);
    const access = await filters.filterFor(principal, { purpose: context.purpose });
    const shown = chunks.filter(({ chunkId }) => visible.has(chunkId));
    for (let asked = 0; asked < size.queries; asked++) {
      const text = Array.from({ length: 1 + random(4) }, () => WORDS[random(WORDS.length)]).join(' ');
      const nowMs = Date.UTC(2026, 0, 1);
      const query = await embedQuery(parts.embedding, {
        text,
        language: 'cs',
        access,
        validAtMs: nowMs,
        recordedAtMs: nowMs,
        limit: LIMIT,
      });
      const found = await store.listEvidence(await parts.index.search(query), access);
      const expected = searchByDefinition(
        shown,
        { ...query, access: all },
        { analyzer, weights: DEFAULT_WEIGHTS },
      );
      counts.pairs += 1;
      counts.hits += found.length;
      counts.forbidden += found.filter(({ chunkId }) => !visible.has(chunkId)).length;
      const isEqual =
        found.length === expected.length && found.every(({ chunkRow }, at) => chunkRow === expected[at]?.row);
      if (!isEqual) counts.differing += 1;
      if (asked > 0) continue;
      const unfiltered = await parts.index.search({ ...query, access: all });
      await mutate(counts, { unfiltered, access, all, visible, store, mutated });
    }
  }
  await stack.disposeAsync();
  rmSync(folder, { recursive: true });
}

/** Asks over HTTP and looks for words of chunks that the person may not read, anywhere in the reply. */
async function compareOverHttp(total: number): Promise<Figure[]> {
  const plant = new Plant();
  const people = fc.sample(arbitrary.principal, { numRuns: 40, seed: 99 });
  for (const group of ['a', 'b', 'c']) plant.group(plant.tenantId, group);
  const groupIds = new Map(['a', 'b', 'c'].map((name) => [`grp_${name}`, plant.groupId(name)]));
  const planted = people.map((person, index) => ({
    person,
    account: plant.person(plant.tenantId, `clovek-${index}`, {
      roles: [...new Set([...person.roles, 'user' as const])],
      groups: person.groups.map((group) => groupIds.get(group)!),
      attributes: person.attributes,
    }),
  }));
  // Grants to a name of the small world go to the first account of that name.
  const accounts = new Map(planted.toReversed().map(({ person, account }) => [person.subject, account.id]));
  const rename: Rename = (subject) => {
    if (subject.startsWith('group:')) return `group:${groupIds.get(subject.slice('group:'.length))}`;
    if (!subject.startsWith('principal:')) return subject;
    const name = decodeURIComponent(subject.slice('principal:hradlo/'.length));
    return `principal:hradlo/${accounts.get(name) ?? 'nobody'}`;
  };
  const world = plantWorld(500, rename, plant);
  await using running = await startTestServer({}, plant.close());
  const random = makeRandom(3);
  let leaks = 0;
  let cited = 0;
  const askers = planted.map(({ person, account }) => {
    const principal: Principal = {
      ...person,
      subject: account.id,
      groups: person.groups.map((group) => groupIds.get(group)!),
      roles: [...new Set([...person.roles, 'user' as const])],
    };
    const visible = visibleTo(world, principal, { nowMs: Date.now(), purpose: undefined });
    const hidden = [...world.canaries].flatMap(([chunkId, word]) => (visible.has(chunkId) ? [] : [word]));
    return { visitor: new Visitor(running.url, account.key), hidden: new Set(hidden) };
  });
  for (let pair = 0; pair < total; pair++) {
    const { visitor, hidden } = askers[pair % askers.length]!;
    const content = `Jaká je ${WORDS[random(WORDS.length)]} a ${WORDS[random(WORDS.length)]}?`;
    const body = { model: 'hradlo', messages: [{ role: 'user', content }] };
    const { status, text } = await visitor.say('POST', '/v1/chat/completions', { body });
    if (status !== 200) throw new Error(`asked and got ${status}: ${text}`);
    for (const [word] of text.matchAll(/kanárek[0-9x]+/g)) {
      cited += 1;
      if (hidden.has(word)) leaks += 1;
    }
  }
  return [
    judged('pairs over HTTP', total, `${total}`, true),
    judged('replies with a word of a forbidden chunk', leaks, '0', leaks === 0),
    judged('words of readable chunks in the replies (the proof is not blind)', cited, '> 0', cited > 0),
  ];
}

export const proof: Proof = {
  promise: 'nobody gets a chunk that they may not read, and forbidden chunks change no order',
  async run({ isQuick }) {
    const size = isQuick ? QUICK : FULL;
    const counts: Counts = {
      pairs: 0,
      forbidden: 0,
      differing: 0,
      hits: 0,
      alarms: 0,
      mutantAlarms: 0,
      mutantForbidden: 0,
      mutantSeen: 0,
      mutants: 0,
    };
    for (let number = 0; number < size.worlds; number++) await compareWorld(number, size, counts);
    const wanted = size.worlds * size.people * size.queries;
    return {
      figures: [
        judged('pairs of person and query at retrieval', counts.pairs, `${wanted}`, counts.pairs === wanted),
        judged('forbidden chunks found', counts.forbidden, '0', counts.forbidden === 0),
        judged(
          'results that differ from the oracle in ids or order',
          counts.differing,
          '0',
          counts.differing === 0,
        ),
        judged('alarms of the second check', counts.alarms, '0', counts.alarms === 0),
        informative('chunks found', counts.hits),
        judged(
          'first filter off: alarms of the second check, and chunks it let through',
          `${counts.mutantAlarms} and ${counts.mutantForbidden}`,
          '> 0 and 0',
          counts.mutantAlarms > 0 && counts.mutantForbidden === 0,
        ),
        judged(
          'both off: forbidden chunks seen by the comparison',
          `${counts.mutantSeen} of ${counts.mutants}`,
          'all, > 0',
          counts.mutants > 0 && counts.mutantSeen === counts.mutants,
        ),
        ...(await compareOverHttp(size.http)),
      ],
    };
  },
};
