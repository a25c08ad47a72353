import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HUB_FAULTS, startFakeHub, type HubFault } from '#test/fake-hub.ts';
import { scratchFolder } from '#test/scratch.ts';
import { ServerProcess } from '#test/server-process.ts';
import { SHAPES, tinyGguf } from '#test/tiny-gguf.ts';
import { informative, judged, timing, type Proof } from './proof.ts';

const SOURCE = 'hf:test/model/tiny.gguf';
const MOST_AGAIN_RATIO = 0.02;
const POLL_MS = 40;
const NAMED_TRIES = 250;
/** How long each run of the product lives while it is killed again and again. */
const LIFE_MS = 2_000;
const GIVEN_UP_MS = 90_000;

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Files of the models folder that are not what their names say. Parts of a download are not files yet. */
function wrongFiles(folder: string): string[] {
  const models = join(folder, 'models');
  if (!existsSync(models)) return [];
  const names = readdirSync(models, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return names.filter((path) => {
    const name = /([0-9a-f]{64})(\.gguf)?$/.exec(path)?.[1];
    return name !== undefined && digestOf(readFileSync(path)) !== `sha256:${name}`;
  });
}

const start = (folder: string, hubUrl: string) =>
  ServerProcess.start({
    folder,
    flags: ['--samples.load', 'false', '--hub.url', hubUrl, '--hub.retryPauseMs', '10'],
  });

/** How a job has ended, or undefined while it runs. */
async function stateOf(server: ServerProcess, jobId: string): Promise<string | undefined> {
  const { body } = await server.json('GET', '/admin/v1/jobs');
  const job = body.jobs?.find((each: { id: string }) => each.id === jobId);
  return ['done', 'poisoned', 'cancelled'].includes(job?.state) ? job.state : undefined;
}

async function endOf(server: ServerProcess, jobId: string): Promise<string> {
  const until = performance.now() + GIVEN_UP_MS;
  while (performance.now() < until) {
    const state = await stateOf(server, jobId);
    if (state !== undefined) return state;
    await sleep(POLL_MS);
  }
  return 'never ended';
}

async function pull(server: ServerProcess, name: string): Promise<string> {
  const { status, body } = await server.json('POST', '/admin/v1/models', { source: SOURCE, name });
  if (status !== 202) throw new Error(`the pull was not taken: ${JSON.stringify(body)}`);
  return body.jobId;
}

/** Whether a name leads to a model, at last: it is loaded right after the job is done. */
async function isNamed(server: ServerProcess, name: string, isExpected: boolean): Promise<boolean> {
  for (let tries = 0; ; tries++) {
    const { body } = await server.json('GET', '/admin/v1/models');
    const isThere: boolean = body.models.some((model: { name: string }) => model.name === name);
    if (isThere || !isExpected || tries >= NAMED_TRIES) return isThere;
    await sleep(POLL_MS);
  }
}

/** One misbehaviour through the product: what went wrong, or undefined. */
async function play(fault: HubFault, content: Buffer): Promise<string | undefined> {
  using folder = scratchFolder('pull-fault');
  await using hub = await startFakeHub(content, fault);
  await using server = await start(folder.path, hub.url);
  const state = await endOf(server, await pull(server, 'pulled'));
  const wrong = wrongFiles(folder.path);
  if (wrong.length > 0) return `a wrong file: ${wrong.length}`;
  const named = await isNamed(server, 'pulled', fault.outcome === 'file');
  if (fault.outcome === 'file') return state === 'done' && named ? undefined : `${state}, named ${named}`;
  return state === 'poisoned' && !named ? undefined : `${state}, named ${named}`;
}

/** Pulls one file while the product is killed again and again; says what came and how much came twice. */
async function kills(count: number, content: Buffer) {
  using folder = scratchFolder('pull-kill');
  const bytesPerSecond = content.length / (count * 2.2 + 1);
  await using hub = await startFakeHub(content, HUB_FAULTS[0], { bytesPerSecond });
  let killed = 0;
  let isDone = false;
  let jobId: string | undefined;
  let wrong = 0;
  while (!isDone) {
    await using server = await start(folder.path, hub.url);
    jobId ??= await pull(server, 'pulled');
    if (killed < count) {
      const sent = hub.sentBytes();
      // Killed while bytes come: before the first one there is nothing to lose.
      const waitUntil = performance.now() + 20_000;
      while (hub.openBytes() === 0 && hub.sentBytes() === sent && performance.now() < waitUntil)
        await sleep(5);
      await sleep(LIFE_MS + ((killed * 37) % 200));
      if ((await stateOf(server, jobId)) === undefined) {
        server.kill('SIGKILL');
        await server.exited;
        killed += 1;
        wrong += wrongFiles(folder.path).length;
        continue;
      }
    }
    isDone = (await endOf(server, jobId)) === 'done' && (await isNamed(server, 'pulled', true));
    if (!isDone) break;
  }
  wrong += wrongFiles(folder.path).length;
  return { killed, isDone, wrong, againRatio: hub.sentBytes() / content.length - 1 };
}

export const proof: Proof = {
  promise:
    'a model file comes whole or not at all, whatever the hub does and however often the product is killed',
  async run({ isQuick }) {
    const content = tinyGguf();
    const faults = isQuick ? HUB_FAULTS.filter((_, index) => index % 9 === 1) : HUB_FAULTS;
    const failures: string[] = [];
    for (let at = 0; at < faults.length; at += 4) {
      const played = await Promise.all(
        faults.slice(at, at + 4).map(async (fault) => ({ fault, failure: await play(fault, content) })),
      );
      for (const { fault, failure } of played)
        if (failure !== undefined) failures.push(`${fault.name}: ${failure}`);
    }
    const large = tinyGguf({ ...SHAPES.tiny, embeddingLength: 256, feedForwardLength: 1024, blockCount: 6 });
    const killed = await kills(isQuick ? 1 : 30, large);
    return {
      figures: [
        informative('misbehaviours of the hub', faults.length),
        judged('not mastered', failures.join('; ') || 0, '0', failures.length === 0),
        judged(
          'kills in the middle of one pull, and then whole',
          `${killed.killed}, ${killed.isDone}`,
          isQuick ? '1, true' : '30, true',
          killed.isDone && killed.killed === (isQuick ? 1 : 30),
        ),
        judged('files that were not what their name says', killed.wrong, '0', killed.wrong === 0),
        // What is under way at a kill depends on how soon the processes get their turn.
        timing(
          'bytes fetched twice',
          `${(killed.againRatio * 100).toFixed(2)} % of ${(large.length / 1e6).toFixed(1)} MB`,
          `≤ ${MOST_AGAIN_RATIO * 100} %`,
          killed.againRatio <= MOST_AGAIN_RATIO,
        ),
      ],
    };
  },
};
