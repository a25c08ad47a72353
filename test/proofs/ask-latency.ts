// What an answer costs beside the search that it rests on: a question end to end over HTTP, its record durable before
// and after, against the same question to the search alone, by the clock and by processor time of the whole server.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAskedServer, type AskedServer } from '../support/asked-server.ts';
import { percentile, scratchFolder } from '../support/scratch.ts';
import { informative, judged, timing, type Figure, type Proof } from './proof.ts';

const CHUNKS = 100_000;
const QUICK_CHUNKS = 500;
const MOST_TIMES = 3;
const MOST_CPU = 1.5;
const SYNCS = 40;
const PAGE = Buffer.alloc(4096);

/** Milliseconds that the disk takes to make a page durable, 95th percentile. */
function syncMs(folder: string): number {
  const file = openSync(join(folder, 'synced'), 'w');
  try {
    const times = Array.from({ length: SYNCS }, () => {
      const startedAt = performance.now();
      writeSync(file, PAGE);
      fsyncSync(file);
      return performance.now() - startedAt;
    });
    return percentile(times, 0.95);
  } finally {
    closeSync(file);
  }
}

interface Measured {
  readonly times: readonly number[];
  /** Processor milliseconds of this process, all of its threads, per question. */
  readonly cpuMs: number;
}

async function measure(
  server: AskedServer,
  what: 'ask' | 'retrieve',
  [count, streams]: readonly [number, number],
): Promise<Measured> {
  const before = process.cpuUsage();
  const times = await server.load(what, count, streams);
  const { user, system } = process.cpuUsage(before);
  return { times, cpuMs: (user + system) / 1000 / times.length };
}

const written = ({ times, cpuMs }: Measured): string =>
  `${percentile(times, 0.5).toFixed(1)}/${percentile(times, 0.95).toFixed(1)} ms, ${cpuMs.toFixed(2)} ms of processor`;

async function compare(server: AskedServer, streams: number, isQuick: boolean): Promise<Figure[]> {
  const count = isQuick ? 30 : 400;
  const search = await measure(server, 'retrieve', [count, streams]);
  const ask = await measure(server, 'ask', [count, streams]);
  const disk = syncMs(server.running.folder);
  const limit = MOST_TIMES * (percentile(search.times, 0.95) + disk);
  const p95 = percentile(ask.times, 0.95);
  const ratio = ask.cpuMs / search.cpuMs;
  const beside = `one fsync ${disk.toFixed(1)} ms`;
  const measured = [
    informative(`search p50/p95, ${streams} at once`, written(search)),
    informative(`answer p50/p95, ${streams} at once`, `${written(ask)}; ${beside}`),
    judged(
      `questions answered, ${streams} at once`,
      ask.times.length,
      `${count}`,
      ask.times.length === count,
    ),
  ];
  // The promise is of a large collection: over a few chunks a search takes nothing.
  if (isQuick) return measured;
  return [
    ...measured,
    timing(
      `p95 of an answer, ${streams} at once`,
      `${p95.toFixed(1)} ms`,
      `≤ ${limit.toFixed(1)} ms (3 × (search + fsync))`,
      p95 <= limit,
    ),
    timing(
      `processor time of an answer over a search's, ${streams} at once`,
      ratio.toFixed(2),
      `≤ ${MOST_CPU}`,
      ratio <= MOST_CPU,
    ),
  ];
}

export const proof: Proof = {
  promise: 'an answer without a model takes little more than the search that it rests on, its record durable',
  async run({ isQuick }) {
    using scratch = scratchFolder('asked');
    const chunks = isQuick ? QUICK_CHUNKS : CHUNKS;
    const folder = isQuick ? scratch.path : join(tmpdir(), `hradlo-asked-${CHUNKS}`);
    const server = await startAskedServer(folder, chunks);
    await using _ = server.running;
    // Warm, but no question is asked twice.
    await measure(server, 'retrieve', [isQuick ? 20 : 200, 4]);
    await measure(server, 'ask', [isQuick ? 20 : 200, 4]);
    const figures = [...(await compare(server, 1, isQuick)), ...(await compare(server, 16, isQuick))];
    return { figures, note: `about ${chunks} chunks; each question is five words of a chunk` };
  },
};
