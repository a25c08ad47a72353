import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { startTestServer } from '../support/server.ts';
import { Visitor } from '../support/visitor.ts';
import { informative, judged, type Proof } from './proof.ts';

const FULL = { files: 1000, kills: 50 };
const QUICK = { files: 40, kills: 2 };
const MAX_REPEATED_RATIO = 0.02;
const PATIENCE_MS = 15 * 60_000;

/** Texts of several sections, each with words of its own: equal ones would be stored once. */
function makeFolder(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'hradlo-resume-'));
  for (let n = 0; n < count; n++) {
    const name = join(folder, `${n % 10}`, `dokument-${n}.md`);
    mkdirSync(join(name, '..'), { recursive: true });
    const sections = Array.from({ length: 12 }, (_, section) => {
      const sentence = `Dokument ${n} v oddílu ${section} říká hodnotu ${n * 31 + section}. `;
      return `## Oddíl ${section}\n\n${sentence.repeat(8)}`;
    });
    writeFileSync(name, `# Dokument ${n}\n\n${sections.join('\n\n')}\n`);
  }
  return folder;
}

function query<Row>(dataFolder: string, sql: string): Row[] {
  const database = new DatabaseSync(join(dataFolder, 'hradlo.db'), { readOnly: true });
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}
const count = (dataFolder: string, sql: string): number => query<{ n: number }>(dataFolder, sql)[0]?.n ?? 0;
const indexed = (dataFolder: string) =>
  count(dataFolder, "SELECT count(*) AS n FROM source_entry WHERE state = 'indexed'");

const options = (dataFolder: string) => ({
  dataFolder,
  environment: { HRADLO_SAMPLES__LOAD: 'false', HRADLO_LOG__LEVEL: 'debug' },
});

/** Jobs that the server found broken off when it started. */
function resumedIn(output: string): number {
  const lines = output.split('\n').filter((line) => line.includes('"event":"jobs.resumed"'));
  return lines.reduce((sum, line) => sum + Number(/"jobs":(\d+)/.exec(line)?.[1] ?? 0), 0);
}

/** Files that a reader took up in one life of the server, and how long it read those that it finished. */
interface Work {
  begun: number;
  readonly readMs: number[];
}

/** A file that a reader takes up a second time is work done again: what was read is kept, whatever comes after it. */
function addWork(work: Work, output: string): void {
  for (const line of output.split('\n')) {
    if (line.includes('"event":"document.reading"')) work.begun += 1;
    const found = /"outcome":"read".*"durationMs":(\d+).*"event":"document.read"/.exec(line);
    if (found !== null) work.readMs.push(Number(found[1]));
  }
}

async function waitFor(isTrue: () => boolean): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    if (isTrue()) return true;
    await setTimeout(5);
  }
  return false;
}

async function ingest(
  folder: string,
  dataFolder: string,
  { files, kills }: typeof FULL,
): Promise<{ resumed: number; killsDone: number; work: Work }> {
  let resumed = 0;
  const work: Work = { begun: 0, readMs: [] };
  let killsDone = 0;
  for (let life = 0; ; life++) {
    const server = await startTestServer(options(dataFolder));
    try {
      if (life === 0) {
        const body = { collection: 'pokus', folder };
        await new Visitor(server.url).expect(202, 'POST', '/hradlo/v1/sources', body);
      }
      // A kill after each equal part of the work, at whatever point the server is then.
      const goal = killsDone < kills ? Math.ceil(((killsDone + 1) * files) / (kills + 1)) : files;
      if (!(await waitFor(() => indexed(dataFolder) >= goal)))
        throw new Error(`not ${goal} files in time:\n${server.output()}`);
      if (killsDone >= kills) {
        await server.stop();
        addWork(work, server.output());
        return { resumed: resumed + resumedIn(server.output()), killsDone, work };
      }
      await server.stop('SIGKILL');
      addWork(work, server.output());
      killsDone += 1;
    } finally {
      await server[Symbol.asyncDispose]();
    }
    resumed += resumedIn(server.output());
  }
}

/** Every file once: one document, one version, all chunks of it, in the table and in the index. */
function faultsOf(dataFolder: string, files: number): Record<string, number> {
  return {
    documents: count(dataFolder, 'SELECT count(*) AS n FROM document WHERE removed_at_ms IS NULL') - files,
    versions: count(dataFolder, 'SELECT count(*) AS n FROM document_version') - files,
    unpublished: count(dataFolder, 'SELECT count(*) AS n FROM document_version WHERE is_published = 0'),
    halfVersions: count(
      dataFolder,
      `SELECT count(*) AS n FROM source_entry e JOIN document d ON d.id = e.document_id WHERE e.chunk_count <>
        (SELECT count(*) FROM chunk c WHERE c.version_id = d.current_version_id)`,
    ),
    unfinishedJobs: count(
      dataFolder,
      "SELECT count(*) AS n FROM job WHERE kind = 'document.ingest' AND state <> 'done'",
    ),
  };
}

export const proof: Proof = {
  promise: 'a folder comes in whole however often the server is killed on the way',
  async run({ isQuick }) {
    const size = isQuick ? QUICK : FULL;
    const folder = makeFolder(size.files);
    const dataFolder = mkdtempSync(join(tmpdir(), 'hradlo-resume-data-'));
    try {
      const startedAt = performance.now();
      const { resumed, killsDone, work } = await ingest(folder, dataFolder, size);
      const seconds = (performance.now() - startedAt) / 1000;
      const faults = faultsOf(dataFolder, size.files);
      const wrong = Object.values(faults).filter((value) => value !== 0).length;
      const again = work.begun - size.files;
      const ratio = again / size.files;
      const share = `${again} (${(ratio * 100).toFixed(2)} %)`;
      await using server = await startTestServer(options(dataFolder));
      const metrics = await new Visitor(server.url).say('GET', '/metrics');
      const inIndex = Number(/^hradlo_index_chunks(?:\{[^}]*\})? (\d+)/m.exec(metrics.text)?.[1] ?? NaN);
      const inTable = count(dataFolder, 'SELECT count(*) AS n FROM chunk');
      return {
        figures: [
          judged('kills (SIGKILL)', killsDone, `${size.kills}`, killsDone === size.kills),
          judged(
            'files in, each once',
            indexed(dataFolder),
            `${size.files}`,
            indexed(dataFolder) === size.files,
          ),
          judged('faults in the tables', JSON.stringify(faults), 'all 0', wrong === 0),
          judged(
            'chunks in the index, of those in the table',
            `${inIndex}/${inTable}`,
            'equal',
            inIndex === inTable,
          ),
          informative('jobs broken off, of which most go on with what was read', resumed),
          // A small sample says nothing of a share: each kill costs what is under way at that moment.
          isQuick
            ? informative('files read again', share)
            : judged('files read again', share, '≤ 2 %', ratio <= MAX_REPEATED_RATIO),
          informative('seconds with all starts', seconds.toFixed(1)),
        ],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
      rmSync(dataFolder, { recursive: true, force: true });
    }
  },
};
