import type { OfflineCommand } from '#cli/index.ts';
import type { InstallationPaths } from './installation.ts';
import { createVerifyCommand } from './verify-command.ts';

/** The commands that must work while no server runs. */
export function offlineCommands(
  paths: InstallationPaths,
  print: (text: string) => void,
): ReadonlyMap<string, OfflineCommand> {
  return new Map([['verify', createVerifyCommand(paths, print)]]);
}
