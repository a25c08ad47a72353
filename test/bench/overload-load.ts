// Asks a server from a process of its own. Argument 1 is a task as JSON; prints what became of every request as JSON.
// `closed`: so many clients, each asks again when answered. `open`: requests come at their own pace, whatever happens.
import { Agent } from 'node:http';
import { askCounting } from '#test/stream-client.ts';

interface Task {
  readonly kind: 'closed' | 'open';
  readonly url: string;
  readonly model: string;
  readonly seconds: number;
  readonly maxTokens: number;
  /** Who asks: a key, and how many clients (`closed`) or requests a second (`open`). */
  readonly askers: readonly { readonly name: string; readonly key: string; readonly amount: number }[];
}

const task: Task = JSON.parse(process.argv[2] ?? '{}');
const agent = new Agent({ keepAlive: true, maxSockets: 4_000 });
const results: object[] = [];
const startedAt = performance.now();
let state = 7;
const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;

async function ask(name: string, key: string): Promise<void> {
  const atMs = performance.now() - startedAt;
  const content = `${Math.floor(random() * 1e9)} co je nového`;
  const body = {
    model: task.model,
    stream: true,
    temperature: 0,
    max_tokens: task.maxTokens,
    messages: [{ role: 'user', content }],
  };
  const answer = await askCounting(new URL('/v1/chat/completions', task.url), body, { agent, key }).catch(
    () => ({ status: 0, firstMs: 0, totalMs: 0, events: 0, isWhole: false, retryAfter: undefined }),
  );
  const { status, firstMs, totalMs, isWhole, retryAfter } = answer;
  results.push({ name, atMs, status, firstMs, totalMs, isWhole, hasRetryAfter: retryAfter !== undefined });
}

async function closed(name: string, key: string): Promise<void> {
  while (performance.now() - startedAt < task.seconds * 1000) await ask(name, key);
}

/** Poisson arrivals: gaps are exponential, so that requests come in bunches as they do from people. */
async function open(name: string, key: string, perSecond: number): Promise<void> {
  const asked: Promise<void>[] = [];
  let at = 0;
  for (;;) {
    at += (-Math.log(1 - random()) / perSecond) * 1000;
    if (at > task.seconds * 1000) break;
    const wait = at - (performance.now() - startedAt);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    asked.push(ask(name, key));
  }
  await Promise.all(asked);
}

await Promise.all(
  task.askers.flatMap(({ name, key, amount }) =>
    task.kind === 'open'
      ? [open(name, key, amount)]
      : Array.from({ length: amount }, () => closed(name, key)),
  ),
);
process.stdout.write(JSON.stringify(results));
agent.destroy();
