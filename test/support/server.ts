import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const READY = /Hradlo is ready: (\S+)/;
/** Reading the samples waits for everybody else on the machine. */
const START_TIMEOUT_MS = 150_000;
const STOP_TIMEOUT_MS = 40_000;

/** The running product as a test sees it: a real process on a free port over its own data folder. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly dataFolder: string;
  readonly process: ChildProcess;
  /** Everything the process printed so far. */
  output(): string;
  /** Sends the signal and resolves with the exit status, or the signal's name. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

export interface TestServerOptions {
  /** Kept after the server stops; a folder of its own, removed at the end, where it is not given. */
  readonly dataFolder?: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the product and waits until it says that it is ready. @throws {Error} with its output when it does not. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const isOwn = options.dataFolder === undefined;
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'hradlo-test-'));
  const child = spawn(
    process.execPath,
    [join(root, 'src/main/serve.ts'), '--port', '0', '--data', dataFolder, ...(options.args ?? [])],
    { env: { ...process.env, ...options.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const exited = Promise.withResolvers<number | NodeJS.Signals | null>();
  child.once('exit', (code, signal) => exited.resolve(code ?? signal));
  const ready = Promise.withResolvers<string>();
  const onData = (part: Buffer) => {
    output += part.toString();
    const found = READY.exec(output);
    if (found !== null) ready.resolve(found[1]!);
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);
  const timer = setTimeout(() => ready.reject(new Error(`not ready in time:\n${output}`)), START_TIMEOUT_MS);
  void exited.promise.then((status) =>
    ready.reject(new Error(`ended with ${status} before it was ready:\n${output}`)),
  );
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const status = await exited.promise;
    clearTimeout(killer);
    return status;
  };
  try {
    const url = await ready.promise;
    return {
      url,
      dataFolder,
      process: child,
      output: () => output,
      stop,
      [Symbol.asyncDispose]: async () => {
        if (child.exitCode === null && child.signalCode === null) await stop();
        if (isOwn) rmSync(dataFolder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
