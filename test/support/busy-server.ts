import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { addKey, setUpAdministrator, startTestServer } from './running-server.ts';
import { scratchFolder } from './scratch.ts';
import { makeCorpus } from './synthetic-corpus.ts';
import type { Visitor } from './visitor.ts';

const LOADER = fileURLToPath(new URL('../bench/ask-load.ts', import.meta.url));
const CHUNKS_PER_DOCUMENT = 10;
const MOST_ROUNDS = 8;
const run = promisify(execFile);

/** What a server that answers and takes documents in at once was like. */
export interface BusyServer {
  /** Milliseconds per question with nothing else going on, and while documents come in. */
  readonly idle: readonly number[];
  readonly busy: readonly number[];
  /** Milliseconds by which the main loop was late while both went on. */
  readonly loopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** The same while nothing went on: what the machine itself takes away. */
  readonly restingP99Ms: number;
  /** Documents that came in while questions were asked. */
  readonly taken: number;
}

function writeDocuments(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  const texts = makeCorpus(count * CHUNKS_PER_DOCUMENT, 8).chunks();
  for (let number = 0; number < count; number++) {
    const sections = Array.from({ length: CHUNKS_PER_DOCUMENT }, (_, index) => {
      const { value } = texts.next();
      return `## Oddíl ${index + 1}\n\n${value?.text ?? ''}.\n`;
    });
    writeFileSync(join(folder, `predpis-${number}.md`), `# Předpis ${number}\n\n${sections.join('\n')}`);
  }
}

async function ask(url: string, key: string, seconds: number): Promise<readonly number[]> {
  const { stdout } = await run(process.execPath, [LOADER, url, key, String(seconds)]);
  return JSON.parse(stdout) as number[];
}

async function measureDelay<Result>(work: () => Promise<Result>) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const result = await work();
  delay.disable();
  const ms = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - 1);
  return { result, p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
}

async function countIndexed(administrator: Visitor, sourceId: string): Promise<number> {
  const source = await administrator.expect(200, 'GET', `/hradlo/v1/sources/${sourceId}`);
  return Number((source['files'] as Record<string, number>)['indexed']);
}

/** Runs the product in this process, asks it from another one, and lets a folder of documents come in meanwhile. */
export async function runBusyServer(options: { documents: number; seconds: number }): Promise<BusyServer> {
  using folder = scratchFolder('busy');
  writeDocuments(folder.path, options.documents);
  await using running = await startTestServer({ samples: { load: true } });
  const administrator = await setUpAdministrator(running);
  const { text: key } = await addKey(administrator, running.url);
  const { collections } = await administrator.expect(200, 'GET', '/hradlo/v1/collections');
  const [collection] = collections as { name: string; id: string }[];
  const idle = await ask(running.url, key, options.seconds);
  const resting = await measureDelay(() => new Promise((resolve) => setTimeout(resolve, 1000)));
  const source = await administrator.expect(202, 'POST', '/hradlo/v1/sources', {
    collection: collection?.name,
    folder: folder.path,
  });
  const taken = () => countIndexed(administrator, String(source['id']));
  const busy = await measureDelay(async () => {
    const times: number[] = [];
    // Reading begins with the start of a child; on a busy machine that alone may take a round.
    for (let round = 0; round < MOST_ROUNDS && (round === 0 || (await taken()) === 0); round++) {
      times.push(...(await ask(running.url, key, options.seconds)));
    }
    return times;
  });
  return {
    idle,
    busy: busy.result,
    loopDelayMs: busy,
    restingP99Ms: resting.p99,
    taken: await taken(),
  };
}
