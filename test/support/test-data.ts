import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { informative, type Figure } from '../proofs/proof.ts';

/** The folder of public sets that `HRADLO_TEST_DATA` names; undefined when it is not there. */
export function testDataFolder(): string | undefined {
  const folder = process.env['HRADLO_TEST_DATA'];
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

/** Files of the folder by patterns below `documents`, sorted, with whole paths. */
export function documentFiles(folder: string, ...patterns: readonly string[]): string[] {
  const root = join(folder, 'documents');
  return patterns
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .toSorted()
    .map((file) => join(root, file))
    .filter((file) => statSync(file).isFile());
}

/** What a proof answers that cannot run here: it says so, and measures nothing. */
export function skipped(why: string): { figures: Figure[]; note: string } {
  return { figures: [informative('not measured', why)], note: `SKIPPED: ${why}` };
}

export const NO_TEST_DATA = 'HRADLO_TEST_DATA names no folder of public test sets';
