import { Agent } from 'node:http';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from '#test/scratch.ts';
import { ServerProcess } from '#test/server-process.ts';
import { askCounting, inParallel, processorMs, startBenchProgram } from '#test/stream-client.ts';
import { informative, judged, timing, type Figure, type Proof } from './proof.ts';

const ENGINE = fileURLToPath(new URL('../bench/chunk-engine.ts', import.meta.url));
const PIPE = fileURLToPath(new URL('../bench/bare-pipe.ts', import.meta.url));
const MOST_RATIO = 2;
const MOST_REQUEST_MS = 1;

interface Target {
  readonly url: URL;
  readonly pid: number;
}

/** One load: answers of so many chunks, one each so many milliseconds, so many at once. */
interface Load {
  readonly answers: number;
  readonly atOnce: number;
  readonly chunks: number;
  readonly everyMs: number;
}

/** Processor milliseconds that a target took for a load, and whether every chunk came through. */
async function run(target: Target, { answers, atOnce, chunks, everyMs }: Load) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const model = `chunks-${chunks}-${everyMs}`;
  const messages = [{ role: 'user', content: 'Co je nového?' }];
  let broken = 0;
  const before = processorMs(target.pid);
  await inParallel(answers, atOnce, async () => {
    const answer = await askCounting(target.url, { model, stream: true, messages }, { agent });
    if (answer.status !== 200 || !answer.isWhole || answer.events < chunks) broken += 1;
  });
  const ms = processorMs(target.pid) - before;
  agent.destroy();
  return { ms, broken };
}

/** Processor microseconds for one more chunk: long answers less short ones, so that what a request costs is out. */
async function perChunk(target: Target, load: Load) {
  const short = await run(target, { ...load, chunks: 10 });
  const long = await run(target, load);
  const chunks = load.answers * (load.chunks - 10);
  return { us: ((long.ms - short.ms) * 1000) / chunks, broken: short.broken + long.broken };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function addModels(server: ServerProcess, port: number, models: readonly string[]): Promise<void> {
  for (const [index, model] of models.entries()) {
    const added = await server.json('POST', '/admin/v1/engines', {
      name: `engine-${index}`,
      url: `http://127.0.0.1:${port}`,
      model,
      as: model,
    });
    if (added.status !== 200) throw new Error(`the engine was not added: ${JSON.stringify(added.body)}`);
  }
}

/** Cost of a chunk in both manners, ours against the bare pipe, in turns. */
async function compare(ours: Target, bare: Target, { load, rounds }: { load: Load; rounds: number }) {
  const ratios: number[] = [];
  const [own, pipe]: [number[], number[]] = [[], []];
  let broken = 0;
  for (let round = 0; round < rounds; round++) {
    const piped = await perChunk(bare, load);
    const served = await perChunk(ours, load);
    broken += piped.broken + served.broken;
    own.push(served.us);
    pipe.push(piped.us);
    ratios.push(served.us / piped.us);
  }
  const text = `${median(own).toFixed(1)} against ${median(pipe).toFixed(1)} µs`;
  return { ratio: median(ratios), text, broken };
}

export const proof: Proof = {
  quick: false,
  promise:
    'passing an answer on costs little more than a pipe would, although every chunk is read and recorded',
  async run({ isQuick }) {
    using folder = scratchFolder('gateway-cost');
    await using engine = await startBenchProgram(ENGINE);
    await using pipe = await startBenchProgram(PIPE, String(engine.port));
    const flags = ['--samples.load', 'false'];
    await using server = await ServerProcess.start({ folder: folder.path, flags });
    const rounds = isQuick ? 1 : 5;
    const paced: Load = { answers: 16, atOnce: 16, chunks: isQuick ? 110 : 410, everyMs: 5 };
    const burst: Load = { answers: isQuick ? 8 : 24, atOnce: 4, chunks: isQuick ? 1_010 : 4_010, everyMs: 0 };
    const names = [paced, burst].flatMap(({ chunks, everyMs }) => [
      `chunks-${chunks}-${everyMs}`,
      `chunks-10-${everyMs}`,
    ]);
    await addModels(server, engine.port, [...names, 'chunks-1-0']);
    const path = '/v1/chat/completions';
    const ours = { url: new URL(path, server.url), pid: server.pid };
    const bare = { url: new URL(path, `http://127.0.0.1:${pipe.port}`), pid: pipe.pid };
    for (const target of [bare, ours]) await run(target, { ...burst, answers: 8 });
    const figures: Figure[] = [];
    let broken = 0;
    for (const [name, load] of [
      ['paced', paced],
      ['back to back', burst],
    ] as const) {
      const compared = await compare(ours, bare, { load, rounds });
      broken += compared.broken;
      figures.push(
        timing(
          `processor time of a chunk, ${name}, against a bare pipe`,
          `${compared.ratio.toFixed(2)} × (${compared.text})`,
          `≤ ${MOST_RATIO.toFixed(1)} ×`,
          compared.ratio <= MOST_RATIO,
        ),
      );
    }
    const requests: Load = { answers: isQuick ? 200 : 2_000, atOnce: 32, chunks: 1, everyMs: 0 };
    await run(ours, { ...requests, answers: 100 });
    const served = await run(ours, requests);
    const piped = await run(bare, requests);
    const perRequest = served.ms / requests.answers;
    return {
      figures: [
        ...figures,
        timing(
          'processor time of a request, 32 at once, recorded durably',
          `${perRequest.toFixed(2)} ms`,
          `≤ ${MOST_REQUEST_MS} ms`,
          perRequest <= MOST_REQUEST_MS,
        ),
        informative('  of a bare pipe', `${(piped.ms / requests.answers).toFixed(2)} ms`),
        judged(
          'answers that did not come whole',
          broken + served.broken + piped.broken,
          '0',
          broken + served.broken + piped.broken === 0,
        ),
      ],
    };
  },
};
