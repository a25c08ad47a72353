import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LIBRARY } from '#engine/llama/library-layout.ts';

const run = promisify(execFile);
const FOLDER = join(tmpdir(), `hradlo-yardstick-${LIBRARY.packageVersion}`);
const RUNNER = fileURLToPath(new URL('../bench/node-llama-cpp.mjs', import.meta.url));

/** What the yardstick is to do. Prompts are taken by `streams` clients, each as soon as it is free. */
export interface YardstickTask {
  readonly kind: 'loop' | 'tokens';
  readonly modelPath: string;
  readonly threads: number;
  readonly streams: number;
  readonly contextTokens: number;
  readonly prompts: readonly string[];
  readonly outputTokens: number;
}

export interface LoopResult {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly outputTokens: number;
  readonly firstMs: readonly number[];
  readonly gapsMs: readonly number[];
  /** Greedy tokens of each prompt, for `tokens`. */
  readonly tokens?: readonly (readonly number[])[];
  /** For each prompt and place the likeliest tokens with their probabilities, for `tokens`. */
  readonly likeliest?: readonly (readonly (readonly (readonly [number, number])[])[])[];
}

/** Whether the yardstick is in its temporary folder already. */
export function hasYardstick(): boolean {
  return existsSync(join(FOLDER, 'node_modules/node-llama-cpp/dist/index.js'));
}

/** Installs the yardstick into a temporary folder, once; false where there is no registry to install it from. */
export async function installYardstick(): Promise<boolean> {
  if (hasYardstick()) return true;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{"private":true,"type":"module"}');
  const version = LIBRARY.packageVersion;
  const packages = [
    `node-llama-cpp@${version}`,
    `@node-llama-cpp/${process.platform}-${process.arch}@${version}`,
  ];
  const flags = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    await run('npm', ['install', ...packages, ...flags], { cwd: FOLDER, timeout: 300_000 });
    return true;
  } catch {
    // Offline: the proofs that compare say that they did not.
    return false;
  }
}

/** Runs a task on the yardstick. */
export async function runYardstick(task: YardstickTask): Promise<LoopResult> {
  const { stdout } = await run(process.execPath, [RUNNER, FOLDER, JSON.stringify(task)], {
    maxBuffer: 64 * 1_048_576,
    timeout: 900_000,
  });
  const result: LoopResult = JSON.parse(stdout);
  return result;
}
