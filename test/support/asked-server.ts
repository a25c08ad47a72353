import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { addKey, setUpAdministrator, startTestServer, type TestServer } from './running-server.ts';
import { makeCorpus } from './synthetic-corpus.ts';

const LOADER = fileURLToPath(new URL('../bench/ask-at-once.ts', import.meta.url));
const SECTIONS = 100;
const WORDS_PER_SENTENCE = 14;
const POLL_MS = 500;
const QUESTIONS = 2_500;
const run = promisify(execFile);

/** A running product over many chunks, with what asks it. */
export interface AskedServer {
  readonly running: TestServer;
  /** Milliseconds of each of `count` questions, `streams` of them at the same time. Each time others are asked. */
  load(what: 'ask' | 'retrieve', count: number, streams: number): Promise<readonly number[]>;
}

function toSentences(words: readonly string[]): string {
  const sentences: string[] = [];
  for (let at = 0; at < words.length; at += WORDS_PER_SENTENCE) {
    const sentence = words.slice(at, at + WORDS_PER_SENTENCE).join(' ');
    sentences.push(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`);
  }
  return sentences.join(' ');
}

function writeDocuments(folder: string, chunkCount: number): void {
  mkdirSync(folder, { recursive: true });
  const texts = makeCorpus(chunkCount, 8).chunks();
  for (let number = 0; number < chunkCount / SECTIONS; number++) {
    const sections = Array.from({ length: SECTIONS }, (_, index) => {
      const words = texts.next().value?.text.split(' ') ?? [];
      return `## Oddíl ${number}.${index + 1}\n\n${toSentences(words)}\n`;
    });
    writeFileSync(join(folder, `predpis-${number}.md`), `# Předpis ${number}\n\n${sections.join('\n')}`);
  }
}

/** Questions of five words of a chunk each, of chunks all over the collection. */
function makeQuestions(chunkCount: number): string[] {
  const step = Math.max(1, Math.floor(chunkCount / QUESTIONS));
  return makeCorpus(chunkCount, 8)
    .chunks()
    .filter(({ row }) => row % step === 0)
    .map(({ text }) => text.split(' ').filter((_, index) => index % 15 === 7))
    .map((words) => words.slice(0, 5).join(' '))
    .toArray();
}

async function takeIn(running: TestServer, source: string, files: number): Promise<string> {
  const administrator = await setUpAdministrator(running);
  const { collections } = await administrator.expect(200, 'GET', '/hradlo/v1/collections');
  const [collection] = collections as { name: string }[];
  const { id } = await administrator.expect(202, 'POST', '/hradlo/v1/sources', {
    collection: collection?.name,
    folder: source,
  });
  for (;;) {
    const state = await administrator.expect(200, 'GET', `/hradlo/v1/sources/${String(id)}`);
    if (Number((state['files'] as Record<string, number>)['indexed']) >= files) break;
    await setTimeout(POLL_MS);
  }
  return (await addKey(administrator, running.url)).text;
}

/**
 * Starts the product over about `chunkCount` chunks, which came in as documents do. That takes minutes for many, so the
 * folder is kept: a next run goes on with it.
 */
export async function startAskedServer(folder: string, chunkCount: number): Promise<AskedServer> {
  const [data, keyPath, source] = [join(folder, 'data'), join(folder, 'key'), join(folder, 'documents')];
  const isKept = existsSync(keyPath);
  mkdirSync(data, { recursive: true });
  const running = await startTestServer({ samples: { load: !isKept } }, data, { keepsFolder: true });
  if (!isKept) {
    writeDocuments(source, chunkCount);
    const key = await takeIn(running, source, chunkCount / SECTIONS);
    writeFileSync(`${keyPath}.new`, key);
    renameSync(`${keyPath}.new`, keyPath);
  }
  const key = readFileSync(keyPath, 'utf8');
  const questions = join(folder, 'questions.json');
  writeFileSync(questions, JSON.stringify(makeQuestions(chunkCount)));
  let from = 0;
  return {
    running,
    async load(what, count, streams) {
      const flags = [LOADER, running.url, key, what, questions, String(from), String(count), String(streams)];
      from += count;
      const { stdout } = await run(process.execPath, flags, { maxBuffer: 1 << 24 });
      const times: readonly number[] = JSON.parse(stdout);
      return times;
    },
  };
}
