// A program for the proof of group commit: measures the writer, alone and with many callers, beside the fsync of the
// folder it writes to, and prints what it found as JSON. Arguments: folder, callers, milliseconds for each.
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { WriterClient } from '#main/writer-client.ts';
import { openForReading } from '#platform/index.ts';
import { TEST_TENANT } from './database.ts';
import { percentile } from './scratch.ts';

/** What it prints. */
export interface WriterBench {
  readonly fsyncMs: { readonly p50: number; readonly p99: number };
  readonly alonePerSecond: number;
  readonly togetherPerSecond: number;
  readonly p99Ms: number;
  readonly acknowledged: number;
  readonly kept: number;
}

const [folder = '', callers = '64', duration = '1500'] = process.argv.slice(2);
const FSYNCS = 100;

/** Milliseconds of appending a page to a file and making it durable: what one commit costs at least. */
function measureFsyncs(): number[] {
  const file = openSync(join(folder, 'fsync'), 'w');
  const page = Buffer.alloc(4096, 'x');
  const times = Array.from({ length: FSYNCS }, () => {
    const startedAtMs = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - startedAtMs;
  });
  closeSync(file);
  return times;
}

/** So many callers, each waiting for its acknowledgement before it writes again: a row and an audit event. */
async function measureWriters(writer: WriterClient, count: number, durationMs: number) {
  const latenciesMs: number[] = [];
  const startedAtMs = performance.now();
  const endMs = startedAtMs + durationMs;
  const one = async (name: number) => {
    for (let turn = 0; performance.now() < endMs; turn++) {
      const key = `${startedAtMs}-${name}-${turn}`;
      const sentAtMs = performance.now();
      await writer.write({
        statements: [
          { sql: 'INSERT INTO setting VALUES (?, ?, ?)', parameters: [key, 'x'.repeat(200), turn] },
        ],
        audit: [
          {
            kind: 'test.written',
            tenantId: TEST_TENANT,
            actor: { issuer: 'test', subject: key },
            atMs: turn,
            fields: {},
          },
        ],
      });
      latenciesMs.push(performance.now() - sentAtMs);
    }
  };
  await Promise.all(Array.from({ length: count }, (_value, name) => one(name)));
  return { perSecond: latenciesMs.length / ((performance.now() - startedAtMs) / 1000), latenciesMs };
}

mkdirSync(folder, { recursive: true });
const path = join(folder, 'hradlo.db');
await using writer = await WriterClient.start(
  {
    path,
    chainId: 'proof',
    synchronous: 'FULL',
    nowMs: Date.now(),
    reservePath: join(folder, 'reserve'),
    reserveBytes: 1024 * 1024,
    spoolFolder: undefined,
  },
  () => undefined,
);
const warm = await measureWriters(writer, Number(callers), 300);
const fsyncs = measureFsyncs();
// In turns, so that a moment of another load does not fall on one of the two alone.
const rounds = 3;
const alone: Awaited<ReturnType<typeof measureWriters>>[] = [];
const together: typeof alone = [];
for (let round = 0; round < rounds; round++) {
  alone.push(await measureWriters(writer, 1, Number(duration) / rounds));
  together.push(await measureWriters(writer, Number(callers), Number(duration) / rounds));
}
fsyncs.push(...measureFsyncs());
const meanOf = (loads: typeof alone) => loads.reduce((sum, { perSecond }) => sum + perSecond, 0) / rounds;
const all = [warm, ...alone, ...together].reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0);
const reader = openForReading(path);
const kept = Number(reader.prepare('SELECT count(*) AS n FROM setting').get()?.['n']);
reader.close();
const found: WriterBench = {
  fsyncMs: { p50: percentile(fsyncs, 0.5), p99: percentile(fsyncs, 0.99) },
  alonePerSecond: meanOf(alone),
  togetherPerSecond: meanOf(together),
  p99Ms: percentile(
    together.flatMap(({ latenciesMs }) => latenciesMs),
    0.99,
  ),
  acknowledged: all,
  kept,
};
writeSync(1, `${JSON.stringify(found)}\n`);
