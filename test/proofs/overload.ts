import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CHATML_TEMPLATE } from '#engine/llama/model-maker.ts';
import { addKey, PASSPHRASE, setUpAdministrator, startTestServer } from '#test/running-server.ts';
import { percentile, scratchFolder } from '#test/scratch.ts';
import { SHAPES, tinyGguf } from '#test/tiny-gguf.ts';
import { Visitor } from '#test/visitor.ts';
import { informative, judged, timing, type Proof } from './proof.ts';

const LOADER = fileURLToPath(new URL('../bench/overload-load.ts', import.meta.url));
const run = promisify(execFile);
const STREAMS = 4;
const MAX_TOKENS = 160;
const OVERLOAD = 4;
/** Shares of what is asked: one is greedy, one is modest. */
const GREED = [0.75, 0.2, 0.05] as const;
const NAMES = ['greedy', 'ordinary', 'modest'] as const;
/** The first seconds of an overload fill what may wait; what lasts is measured. */
const SETTLE_MS = 3_000;

interface Result {
  readonly name: string;
  readonly atMs: number;
  readonly status: number;
  readonly firstMs: number;
  readonly totalMs: number;
  readonly isWhole: boolean;
  readonly hasRetryAfter: boolean;
}

interface Load {
  readonly kind: 'closed' | 'open';
  readonly seconds: number;
  /** Clients or requests a second, by tenant. */
  readonly amounts: readonly number[];
}

/** Three tenants with a key each, on a server with a model. */
async function makeTenants(running: Awaited<ReturnType<typeof startTestServer>>): Promise<string[]> {
  const platform = await setUpAdministrator(running);
  const keys: string[] = [];
  for (const name of NAMES) {
    const made = await platform.expect(201, 'POST', '/admin/v1/tenants', { name, administrator: name });
    const visitor = new Visitor(running.url);
    await visitor.expect(200, 'POST', '/hradlo/v1/invitation', {
      token: made['token'],
      displayName: name,
      passphrase: PASSPHRASE,
    });
    keys.push((await addKey(visitor, running.url)).text);
  }
  return keys;
}

async function load(
  url: string,
  keys: readonly string[],
  { kind, seconds, amounts }: Load,
): Promise<Result[]> {
  const askers = NAMES.map((name, index) => ({ name, key: keys[index]!, amount: amounts[index]! }));
  const task = {
    kind,
    url,
    model: 'tiny',
    seconds,
    maxTokens: MAX_TOKENS,
    askers: askers.filter(({ amount }) => amount > 0),
  };
  const { stdout } = await run(process.execPath, [LOADER, JSON.stringify(task)], { maxBuffer: 1 << 28 });
  const results: Result[] = JSON.parse(stdout);
  return results;
}

const served = (results: readonly Result[]) =>
  results.filter(({ status, isWhole }) => status === 200 && isWhole);

/** Whole answers a second, counted between the first and the last end after the settling. */
function rateOf(results: readonly Result[]): number {
  const ends = served(results)
    .map(({ atMs, totalMs }) => atMs + totalMs)
    .filter((ms) => ms >= SETTLE_MS)
    .toSorted((a, b) => a - b);
  return ((ends.length - 1) / (ends.at(-1)! - ends[0]!)) * 1000;
}

export const proof: Proof = {
  promise:
    'four times as much as can be served: what is let in is served as ever, the rest hears so at once, the modest feel little',
  async run({ isQuick }) {
    using folder = scratchFolder('overload');
    const path = join(folder.path, 'tiny.gguf');
    writeFileSync(path, tinyGguf(SHAPES.tiny, { chatTemplate: CHATML_TEMPLATE }));
    await using running = await startTestServer({
      engine: { threads: 1, models: [{ name: 'tiny', path, streams: STREAMS, contextTokens: 512 }] },
    });
    const keys = await makeTenants(running);
    const seconds = isQuick ? 5 : 20;
    await load(running.url, keys, { kind: 'closed', seconds: 2, amounts: [2, 2, 0] });
    const full = await load(running.url, keys, {
      kind: 'closed',
      seconds: isQuick ? 6 : 12,
      amounts: [3, 3, 2],
    });
    const capacity = rateOf(full);
    const open = (times: number, shares: readonly number[] = GREED) =>
      load(running.url, keys, {
        kind: 'open',
        seconds,
        amounts: shares.map((share) => share * capacity * times),
      });
    const lone = await open(OVERLOAD, [0, 0, GREED[2]]);
    const once = await open(1);
    const over = (await open(OVERLOAD)).filter(({ atMs }) => atMs >= SETTLE_MS);
    const goodput = rateOf(over) / capacity;
    const firstP95 = (results: readonly Result[]) =>
      percentile(
        served(results).map(({ firstMs }) => firstMs),
        0.95,
      );
    const first = { once: firstP95(once.filter(({ atMs }) => atMs >= SETTLE_MS)), over: firstP95(over) };
    const rejected = over.filter(({ status }) => status === 503);
    const rejectP99 = percentile(
      rejected.map(({ totalMs }) => totalMs),
      0.99,
    );
    const own = over.filter(({ name }) => name === 'modest');
    const middle = (results: readonly Result[]) =>
      percentile(
        served(results).map(({ totalMs }) => totalMs),
        0.5,
      );
    const modest = { lone: middle(lone), over: middle(own) };
    const odd = over.filter(({ status, isWhole }) => !(status === 503 || (status === 200 && isWhole)));
    const silent = rejected.filter(({ hasRetryAfter }) => !hasRetryAfter).length;
    return {
      figures: [
        informative(
          'capacity',
          `${capacity.toFixed(1)} answers a second; asked ${(over.length / (seconds - SETTLE_MS / 1000)).toFixed(1)}, refused ${rejected.length}`,
        ),
        timing('served, against what can be served', goodput.toFixed(3), '≥ 0.95', goodput >= 0.95),
        timing(
          'first token of what was let in, p95, against the load that can just be served',
          `${(first.over / first.once).toFixed(2)} × (${first.over.toFixed(0)} against ${first.once.toFixed(0)} ms)`,
          '≤ 1.25 ×',
          first.over <= first.once * 1.25,
        ),
        timing('refusals, p99', `${rejectP99.toFixed(0)} ms`, '≤ 50 ms', rejectP99 <= 50),
        judged('refusals without Retry-After', silent, '0', silent === 0),
        judged('neither whole nor refused', odd.length, '0', odd.length === 0),
        timing(
          'an answer of the modest, median, against being alone',
          `${(modest.over / modest.lone).toFixed(2)} × (${modest.over.toFixed(0)} against ${modest.lone.toFixed(0)} ms)`,
          '≤ 1.5 ×',
          modest.over <= modest.lone * 1.5,
        ),
        informative(
          '  of the modest refused',
          `${own.filter(({ status }) => status === 503).length} of ${own.length}`,
        ),
      ],
    };
  },
};
