import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface ServerProcessOptions {
  readonly folder: string;
  /** More flags for the server. */
  readonly flags?: readonly string[];
  /** A program, such as strace, and its arguments, under which the server runs. */
  readonly under?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly readyWithinMs?: number;
  /** Told how to end it before it is ready. */
  onSpawn?(kill: () => void): void;
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- whatever the server said
}

/** The product as a process of its own, as `npm start` runs it. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  readonly readyAfterMs: number;
  readonly exited: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #output: { text: string };

  private constructor(
    child: ChildProcess,
    url: string,
    about: { readyAfterMs: number; output: { text: string } },
  ) {
    this.#child = child;
    this.url = url;
    this.readyAfterMs = about.readyAfterMs;
    this.#output = about.output;
    this.exited = once(child, 'exit');
  }

  /** Starts it and waits until it says that it is ready. */
  static async start(options: ServerProcessOptions): Promise<ServerProcess> {
    const startedAtMs = performance.now();
    const command = [...(options.under ?? []), process.execPath, `${ROOT}src/main/serve.ts`];
    const plain = ['--data', options.folder, '--port', '0', '--log.level', 'warn'];
    const elsewhere = ['--audit.checkpointFile', join(options.folder, 'elsewhere.checkpoints')];
    const flags = [...plain, ...elsewhere, ...(options.flags ?? [])];
    const child = spawn(command[0]!, [...command.slice(1), ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment },
    });
    options.onSpawn?.(() => child.kill('SIGKILL'));
    const output = { text: '' };
    const ready = Promise.withResolvers<string>();
    const take = (part: unknown) => {
      output.text = (output.text + String(part)).slice(-100_000);
      const url = /Hradlo is ready: (\S+)/.exec(output.text)?.[1];
      if (url !== undefined) ready.resolve(url);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('exit', () =>
      ready.reject(new Error(`the server ended before it was ready:\n${output.text}`)),
    );
    const timer = setTimeout(
      () => ready.reject(new Error(`the server was not ready in time:\n${output.text}`)),
      options.readyWithinMs ?? 240_000,
    );
    const url = await ready.promise.finally(() => clearTimeout(timer));
    return new ServerProcess(child, url, { readyAfterMs: performance.now() - startedAtMs, output });
  }

  get pid(): number {
    return this.#child.pid!;
  }
  /** What it printed, the last of it. */
  get output(): string {
    return this.#output.text;
  }
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** One request, its body as JSON both ways. Rejects when the connection breaks. */
  async json(method: string, path: string, body?: object): Promise<JsonAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<JsonAnswer>();
    const sent = httpRequest(
      new URL(path, this.url),
      { method, headers: { 'content-type': 'application/json' } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => (text += String(part)));
        response.once('error', reject);
        response.once('end', () => {
          try {
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
          } catch {
            resolve({ status: response.statusCode ?? 0, body: text });
          }
        });
      },
    );
    sent.once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }

  /** Asks and returns the whole answer. */
  ask(question: string): Promise<JsonAnswer> {
    return this.json('POST', '/v1/chat/completions', {
      model: 'hradlo',
      messages: [{ role: 'user', content: question }],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isRunning) return;
    this.kill('SIGKILL');
    await this.exited;
  }
}
