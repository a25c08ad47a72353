import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { percentile, scratchFolder } from '#test/scratch.ts';
import { ServerProcess } from '#test/server-process.ts';
import { askCounting, startBenchProgram } from '#test/stream-client.ts';
import { informative, judged, timing, type Proof } from './proof.ts';

const ENGINE = fileURLToPath(new URL('../bench/chunk-engine.ts', import.meta.url));
const CLIENTS = fileURLToPath(new URL('../bench/idle-clients.ts', import.meta.url));
const MOST_BYTES = 25 * 1024;
const MOST_SLOWER = 1.1;
/** A word every ten minutes: the streams are open and nothing comes. */
const IDLE_MODEL = 'chunks-2-600000';
const LIVE_MODEL = 'chunks-5-0';
const SETTLE_MS = 1_500;

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** Milliseconds to the first byte of live answers, one after the other. */
async function firstBytes(url: URL, count: number): Promise<number[]> {
  const times: number[] = [];
  const messages = [{ role: 'user', content: 'Jsi tu?' }];
  for (let index = 0; index < count; index++) {
    const answer = await askCounting(url, { model: LIVE_MODEL, stream: true, messages });
    if (answer.status !== 200 || !answer.isWhole) throw new Error(`a live answer was ${answer.status}`);
    times.push(answer.firstMs);
  }
  return times;
}

/** Opens connections from a process of its own, so that what they take there is not counted. */
async function open(port: string, connections: number, streams: number): Promise<AsyncDisposable> {
  const child = spawn(
    'bash',
    [
      '-c',
      'ulimit -n 65000 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"',
      'bash',
      process.execPath,
      CLIENTS,
    ].concat([port, String(connections), String(streams), IDLE_MODEL]),
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ready = once(child.stdout, 'data');
  const failed = once(child, 'exit').then(() => Promise.reject(new Error('the clients could not connect')));
  failed.catch(() => undefined);
  await Promise.race([ready, failed]);
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit').catch(() => undefined);
    },
  };
}

export const proof: Proof = {
  promise: 'connections that only wait cost little memory and slow nobody down',
  async run({ isQuick }) {
    using folder = scratchFolder('idle');
    await using engine = await startBenchProgram(ENGINE);
    const connections = isQuick ? 1_000 : 10_000;
    const streams = isQuick ? 100 : 1_000;
    // What the first hundreds make the heap grow by is shared by fewer.
    const most = isQuick ? 3 * MOST_BYTES : MOST_BYTES;
    const probes = isQuick ? 30 : 400;
    await using server = await ServerProcess.start({
      folder: folder.path,
      flags: [
        '--samples.load',
        'false',
        '--http.keepAliveTimeoutMs',
        '600000',
        '--engine.upstreamFirstByteMs',
        '900000',
        '--engine.upstreamIdleMs',
        '900000',
      ],
    });
    for (const [index, model] of [IDLE_MODEL, LIVE_MODEL].entries()) {
      const url = `http://127.0.0.1:${engine.port}`;
      const added = await server.json('POST', '/admin/v1/engines', {
        name: `e-${index}`,
        url,
        model,
        as: model,
      });
      if (added.status !== 200) throw new Error('the engine was not added');
    }
    const url = new URL('/v1/chat/completions', server.url);
    await firstBytes(url, probes);
    await sleep(SETTLE_MS);
    const alone = await firstBytes(url, probes);
    const before = residentBytes(server.pid);
    const { port } = new URL(server.url);
    let during: number[] = [];
    let perConnection = 0;
    {
      await using _clients = await open(port, connections, streams);
      await sleep(SETTLE_MS);
      perConnection = (residentBytes(server.pid) - before) / (connections + streams);
      during = await firstBytes(url, probes);
    }
    const p95 = { alone: percentile(alone, 0.95), during: percentile(during, 0.95) };
    const ratio = p95.during / p95.alone;
    return {
      figures: [
        informative('open at once', `${connections} connections and ${streams} streams`),
        judged(
          'memory for each',
          `${(perConnection / 1024).toFixed(1)} KiB`,
          `≤ ${most / 1024} KiB`,
          perConnection <= most,
        ),
        timing(
          'first byte of live answers meanwhile, p95',
          `${ratio.toFixed(2)} × (${p95.during.toFixed(1)} against ${p95.alone.toFixed(1)} ms)`,
          `≤ ${MOST_SLOWER} ×`,
          ratio <= MOST_SLOWER,
        ),
      ],
    };
  },
};
