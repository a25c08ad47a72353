import type { OfflineCommand } from '#cli/index.ts';
import type { InstallationPaths } from './installation.ts';
import { createDoctorCommand } from './doctor.ts';
import { createBackupVerifyCommand, createRestoreCommand } from './restore-commands.ts';
import { createVerifyCommand } from './verify-command.ts';

/** The commands that must work while no server runs. */
export function offlineCommands(
  paths: InstallationPaths,
  print: (text: string) => void,
): ReadonlyMap<string, OfflineCommand> {
  return new Map([
    ['backup verify', createBackupVerifyCommand(paths, print)],
    ['doctor', createDoctorCommand(paths, print)],
    ['restore', createRestoreCommand(print)],
    ['verify', createVerifyCommand(paths, print)],
  ]);
}
