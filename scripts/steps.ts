import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Gives this process and its children a temporary folder that is gone when it ends, whatever tests, browsers and
 * killed servers leave there. Others may pass through it, since some tests run as another user.
 */
export function useOwnTemporaryFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'hradlo-'));
  chmodSync(folder, 0o711);
  process.env['TMPDIR'] = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
}

/** A command to run, named for the summary. */
export interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

/** Runs each step in turn with its output shown, stops at the first that fails, and returns its exit status. */
export function runSteps(steps: readonly Step[]): number {
  for (const { name, command } of steps) {
    const startedAt = performance.now();
    const [file = 'node', ...args] = command;
    const result = spawnSync(file, args, { cwd: root, stdio: 'inherit' });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    if (result.status !== 0) {
      console.error(`\n✗ ${name} failed after ${seconds} s (exit ${result.status ?? result.signal}).`);
      return result.status ?? 1;
    }
    console.log(`✓ ${name} ${seconds} s`);
  }
  return 0;
}

/** The path of a program that npm installed. */
export const bin = (name: string): string => `${root}node_modules/.bin/${name}`;

/** Runs test files with Node's own runner; `globs` are expanded by Node. */
export const nodeTest = (...args: readonly string[]): readonly string[] => [
  process.execPath,
  '--test',
  ...args,
];
