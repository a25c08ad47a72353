import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { request, type Agent } from 'node:http';

/** A program of test/bench that prints the port it listens on. */
export interface BenchProgram extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
}

/** Starts a program and waits for its port. */
export async function startBenchProgram(path: string, ...args: readonly string[]): Promise<BenchProgram> {
  const child: ChildProcess = spawn(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = await once(child.stdout!, 'data');
  return {
    port: Number(String(first)),
    pid: child.pid!,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** Processor milliseconds of a process, all of its threads together. */
export function processorMs(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = tasks.map((task) => {
    try {
      return Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      return 0;
    }
  });
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

export interface Answered {
  readonly status: number;
  readonly bytes: number;
  readonly events: number;
  readonly firstMs: number;
  readonly totalMs: number;
  readonly retryAfter: string | undefined;
  readonly isWhole: boolean;
}

/** Asks for a chat completion and counts what comes, without reading it. */
export function askCounting(
  url: URL,
  body: object,
  { agent, key }: { readonly agent?: Agent; readonly key?: string } = {},
): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const startedAt = performance.now();
  const text = JSON.stringify(body);
  const sent = request(
    url,
    {
      method: 'POST',
      ...(agent && { agent }),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
    },
    (response) => {
      let [bytes, events, firstMs] = [0, 0, Number.NaN];
      let tail = '';
      response.on('data', (part: Buffer) => {
        if (Number.isNaN(firstMs)) firstMs = performance.now() - startedAt;
        bytes += part.length;
        const piece = part.toString('latin1');
        events += piece.split('\n\n').length - 1;
        tail = (tail + piece).slice(-32);
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          bytes,
          events,
          firstMs,
          totalMs: performance.now() - startedAt,
          retryAfter: response.headers['retry-after'],
          isWhole: tail.includes('[DONE]'),
        }),
      );
    },
  );
  sent.once('error', reject);
  sent.end(text);
  return promise;
}

/** Runs `count` pieces of work, so many at once. */
export async function inParallel(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(count, atOnce) }, async () => {
      for (let index = next++; index < count; index = next++) await work(index);
    }),
  );
}

/** Asks and reads the whole body as text. A connection that breaks is status 0. */
export async function askReading(
  url: URL,
  body: object,
): Promise<{ readonly status: number; readonly body: string; readonly totalMs: number }> {
  const startedAt = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.text(), totalMs: performance.now() - startedAt };
  } catch {
    return { status: 0, body: '', totalMs: performance.now() - startedAt };
  }
}
