import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { WriterClient } from '#main/writer-client.ts';
import { openForReading } from '#platform/index.ts';
import { TEST_TENANT } from '../support/database.ts';
import { percentile, scratchFolder } from '../support/scratch.ts';
import { informative, judged, timing, type Proof } from './proof.ts';

const WRITERS = 64;
/** Below this the disk does not wait for its medium. */
const TELLING_FSYNC_MS = 1;
const TARGET_RATIO = 20;

/** Milliseconds of appending a page to a file and making it durable: what one commit costs at least. */
function measureFsyncs(folder: string, count: number): number[] {
  const file = openSync(join(folder, 'fsync'), 'w');
  const page = Buffer.alloc(4096, 'x');
  const times = Array.from({ length: count }, () => {
    const startedAtMs = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - startedAtMs;
  });
  closeSync(file);
  return times;
}

interface Load {
  readonly unitsPerSecond: number;
  readonly latenciesMs: readonly number[];
}

/** So many callers, each waiting for its acknowledgement before it writes again: a row and an audit event. */
async function measureWriters(writer: WriterClient, writers: number, durationMs: number): Promise<Load> {
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
  await Promise.all(Array.from({ length: writers }, (_value, name) => one(name)));
  return { unitsPerSecond: latenciesMs.length / ((performance.now() - startedAtMs) / 1000), latenciesMs };
}

export const proof: Proof = {
  promise: 'many writers share one fsync, and none waits long for it',
  async run({ isQuick }) {
    using folder = scratchFolder('group-commit');
    const durationMs = isQuick ? 1500 : 10_000;
    await using writer = await WriterClient.start(
      {
        path: join(folder.path, 'hradlo.db'),
        chainId: 'proof',
        synchronous: 'FULL',
        nowMs: Date.now(),
        reservePath: join(folder.path, 'reserve'),
        reserveBytes: 1024 * 1024,
        spoolFolder: undefined,
      },
      () => undefined,
    );
    await measureWriters(writer, WRITERS, 300);
    const fsyncs = measureFsyncs(folder.path, 100);
    const alone = await measureWriters(writer, 1, durationMs);
    const together = await measureWriters(writer, WRITERS, durationMs);
    fsyncs.push(...measureFsyncs(folder.path, 100));
    const reader = openForReading(join(folder.path, 'hradlo.db'));
    const kept = Number(reader.prepare('SELECT count(*) AS n FROM setting').get()?.['n']);
    reader.close();
    const acknowledged = alone.latenciesMs.length + together.latenciesMs.length;
    const ratio = together.unitsPerSecond / alone.unitsPerSecond;
    const p99 = percentile(together.latenciesMs, 0.99);
    const fsyncMs = percentile(fsyncs, 0.5);
    // Where an fsync costs next to nothing, there is nothing to share: the processor is measured, not the sharing.
    const isTelling = fsyncMs >= TELLING_FSYNC_MS;
    const shared: typeof timing = isTelling ? timing : (name, value) => informative(name, value);
    return {
      figures: [
        judged(
          'acknowledged units that are there',
          kept >= acknowledged ? 'all' : `${kept} of ${acknowledged}`,
          'all',
          kept >= acknowledged,
        ),
        informative(
          'one fsync, p50 and p99',
          `${fsyncMs.toFixed(2)} ms, ${percentile(fsyncs, 0.99).toFixed(2)} ms`,
        ),
        informative(
          'one writer',
          `${alone.unitsPerSecond.toFixed(0)} units/s, p99 ${percentile(alone.latenciesMs, 0.99).toFixed(1)} ms`,
        ),
        informative('64 writers', `${together.unitsPerSecond.toFixed(0)} units/s`),
        shared(
          '64 writers against one',
          `${ratio.toFixed(1)} times`,
          `≥ ${TARGET_RATIO}`,
          ratio >= TARGET_RATIO,
        ),
        shared(
          'p99 of 64 writers',
          `${p99.toFixed(1)} ms = ${(p99 / fsyncMs).toFixed(1)} fsyncs`,
          '≤ 20',
          p99 <= 20 * fsyncMs,
        ),
      ],
      note: isTelling ? '' : 'timings not judged: an fsync of this machine returns before the medium',
    };
  },
};
