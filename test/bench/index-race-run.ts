// The race itself, in a process of its own: builds both indexes over one corpus, then asks both the same questions in
// turns on one core. Started by the proof `index-race` with the folder of the other's packages; prints one line of JSON.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IndexedChunk, RetrievalIndex } from '#contracts/index.ts';
import { startLocalIndex } from '../support/local-index.ts';
import { makeCorpus, VISIBLE, type SyntheticCorpus } from '../support/synthetic-corpus.ts';
import { plainAnalyzer, toIndexedChunk, toQuery } from '../support/synthetic-index.ts';

// The other's types are not installed with the project.
// oxlint-disable typescript/no-explicit-any, typescript/no-unsafe-type-assertion
const [packages = '', countText = '100000'] = process.argv.slice(2);
const load = createRequire(join(packages, 'race.js'));
const lancedb = load('@lancedb/lancedb');
const arrow = load('apache-arrow');

const DIMENSIONS = 384;
const BATCH = 5_000;
const ROUNDS = 2;
const TOP = 10;
const LIMIT = 50;
const TASKSET = '/usr/bin/taskset';
const log = (text: string): void => console.error(`  ${text} at ${process.uptime().toFixed(0)} s`);

async function buildOther(corpus: SyntheticCorpus, folder: string): Promise<any> {
  const { Field, Int32, Utf8, FixedSizeList, Float32 } = arrow;
  const list = new FixedSizeList(DIMENSIONS, new Field('item', new Float32(), true));
  const schema = new arrow.Schema([
    new Field('id', new Int32(), false),
    new Field('acl', new Int32(), false),
    new Field('text', new Utf8(), false),
    new Field('vec', list, false),
  ]);
  const table = await (await lancedb.connect(folder)).createEmptyTable('chunks', schema);
  const rows: { id: number[]; acl: number[]; text: string[] } = { id: [], acl: [], text: [] };
  let vectors = new Float32Array(BATCH * DIMENSIONS);
  const flush = async (): Promise<void> => {
    const length = rows.id.length;
    const integers = (values: number[]) =>
      arrow.makeData({ type: new Int32(), data: Int32Array.from(values), length });
    const items = arrow.makeData({
      type: new Float32(),
      data: vectors.slice(0, length * DIMENSIONS),
      length: length * DIMENSIONS,
    });
    const children = [
      integers(rows.id),
      integers(rows.acl),
      arrow.vectorFromArray(rows.text, new Utf8()).data[0],
      arrow.makeData({ type: list, length, child: items }),
    ];
    const data = arrow.makeData({ type: new arrow.Struct(schema.fields), length, children });
    await table.add(new arrow.Table(schema, [new arrow.RecordBatch(schema, data)]));
    for (const column of Object.values(rows)) column.length = 0;
    vectors = new Float32Array(BATCH * DIMENSIONS);
  };
  for (const { row, aclSet, text, vector } of corpus.chunks()) {
    vectors.set(vector, rows.id.length * DIMENSIONS);
    rows.id.push(row);
    rows.acl.push(aclSet);
    rows.text.push(text);
    if (rows.id.length === BATCH) await flush();
  }
  if (rows.id.length > 0) await flush();
  const { Index } = lancedb;
  await table.createIndex('acl', { config: Index.bitmap() });
  const words = {
    withPosition: false,
    stem: false,
    removeStopWords: false,
    asciiFolding: false,
    language: 'English',
  };
  await table.createIndex('text', { config: Index.fts(words) });
  log('other: rows and words');
  await table.createIndex('vec', { config: Index.hnswSq({ distanceType: 'cosine' }), replace: true });
  log('other: vectors');
  return table;
}

async function buildOwn(corpus: SyntheticCorpus, folder: string): Promise<RetrievalIndex> {
  const kind = { analyzerVersion: plainAnalyzer.version, embeddingDigest: undefined, dimensions: DIMENSIONS };
  const { index } = await startLocalIndex({ analyzer: plainAnalyzer, kind, folder });
  let batch: IndexedChunk[] = [];
  for (const chunk of corpus.chunks()) {
    batch.push(toIndexedChunk(chunk));
    if (batch.length < BATCH && chunk.row < corpus.chunkCount) continue;
    await index.apply([{ type: 'add', chunks: batch }]);
    batch = [];
  }
  while (await index.maintain(1000));
  // What is still small goes to disk too, as it does when the server stops.
  await index.snapshot('race');
  log('own');
  return index;
}

/** The best rows of one question and share so far, with their cosines. */
class Nearest {
  readonly top: [row: number, cosine: number][] = [];

  offer(row: number, cosine: number): void {
    if (this.top.length === TOP && cosine <= this.top.at(-1)![1]) return;
    this.top.push([row, cosine]);
    this.top.sort((a, b) => b[1] - a[1]);
    if (this.top.length > TOP) this.top.pop();
  }
}

function cosineOf(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < DIMENSIONS; at++) sum += a[at]! * b[at]!;
  return sum;
}

/** Ten nearest visible rows per question and share, by the floats. */
function exactNeighbours(corpus: SyntheticCorpus): Map<string, number[][]> {
  const shares = Object.entries(VISIBLE).map(([share, aclSets]) => ({
    share,
    allowed: new Set<number>(aclSets),
    nearest: corpus.queries.map(() => new Nearest()),
  }));
  for (const { row, aclSet, vector } of corpus.chunks()) {
    const seeing = shares.filter(({ allowed }) => allowed.has(aclSet));
    for (const [index, query] of corpus.queries.entries()) {
      const cosine = cosineOf(vector, query.vector);
      for (const { nearest } of seeing) nearest[index]!.offer(row, cosine);
    }
  }
  return new Map(
    shares.map(({ share, nearest }) => [share, nearest.map(({ top }) => top.map(([row]) => row))]),
  );
}

function fuse(lists: readonly (readonly number[])[]): number[] {
  const scores = new Map<number, number>();
  for (const list of lists) {
    for (const [index, row] of list.entries()) scores.set(row, (scores.get(row) ?? 0) + 1 / (61 + index));
  }
  return [...scores]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, TOP)
    .map(([row]) => row);
}

/** The other's two searches under a filter; it gives an empty table without columns when nothing matches. */
function otherSearches(table: any, where: string | undefined) {
  const rowsOf = async (query: any): Promise<number[]> => {
    const limited = query.limit(LIMIT);
    const found = await (where === undefined ? limited : limited.where(where)).toArrow();
    return Array.from((found.getChild('id') ?? []) as Iterable<number>);
  };
  return {
    nearest: (vector: Float32Array) =>
      rowsOf(
        table.query().nearestTo(vector).distanceType('cosine').column('vec').select(['id', '_distance']),
      ),
    words: (text: string) =>
      rowsOf(
        table
          .query()
          .fullTextSearch(text, { columns: ['text'] })
          .select(['id', '_score']),
      ),
  };
}

interface Lane {
  readonly own: RetrievalIndex;
  readonly other: ReturnType<typeof otherSearches>;
  readonly aclSets: readonly number[];
  readonly exact: readonly (readonly number[])[];
}

/** Found among the exact neighbours, in both, as shares; this also warms both up. */
async function recall({ own, other, aclSets, exact }: Lane, corpus: SyntheticCorpus) {
  let [ownFound, otherFound, all] = [0, 0, 0];
  for (const [index, query] of corpus.queries.entries()) {
    const wanted = new Set(exact[index]);
    const hits = await own.search({ ...toQuery(query, aclSets, TOP), text: '' });
    ownFound += hits.filter(({ row }) => wanted.has(row)).length;
    otherFound += (await other.nearest(query.vector)).slice(0, TOP).filter((row) => wanted.has(row)).length;
    all += wanted.size;
    await own.search(toQuery(query, aclSets, TOP));
    await other.words(query.text);
  }
  return { ownRecall: ownFound / all, otherRecall: otherFound / all };
}

async function race({ own, other, aclSets }: Lane, corpus: SyntheticCorpus) {
  const times: { own: number[]; other: number[] } = { own: [], other: [] };
  for (const query of Array.from({ length: ROUNDS }, () => corpus.queries).flat()) {
    const ownAt = performance.now();
    await own.search(toQuery(query, aclSets, TOP));
    const otherAt = performance.now();
    fuse(await Promise.all([other.nearest(query.vector), other.words(query.text)]));
    times.own.push(otherAt - ownAt);
    times.other.push(performance.now() - otherAt);
  }
  return times;
}

const corpus = makeCorpus(Number(countText), DIMENSIONS);
const folder = mkdtempSync(join(tmpdir(), 'hradlo-race-'));
try {
  const own = await buildOwn(corpus, join(folder, 'own'));
  const table = await buildOther(corpus, join(folder, 'other'));
  const exact = exactNeighbours(corpus);
  log('exact neighbours');
  execFileSync(TASKSET, ['-a', '-cp', '0', String(process.pid)], { stdio: 'ignore' });
  const results: Record<string, unknown> = {};
  for (const [share, aclSets] of Object.entries(VISIBLE)) {
    const other = otherSearches(table, share === '100 %' ? undefined : `acl IN (${aclSets.join(',')})`);
    const lane = { own, other, aclSets, exact: exact.get(share)! };
    const recalls = await recall(lane, corpus);
    results[share] = { ...(await race(lane, corpus)), ...recalls };
    log(share);
  }
  console.log(JSON.stringify(results));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
