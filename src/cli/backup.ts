import { BackupResponse } from '#wire/admin/index.ts';
import { CliError } from './client.ts';
import type { Command } from './command.ts';

/** `hradlo backup`: makes a copy now. */
export const backup: Command = async ({ words, client, print }) => {
  if (words.length > 0) throw new CliError('hradlo backup, or hradlo backup verify', 2);
  const { name, hasMasterKey } = BackupResponse.parse(await client.json('POST', '/admin/v1/backups', {}));
  print(
    `Made ${name}. Keep a copy of backup.key, from the data folder, in another place: nothing opens without it.\n`,
  );
  if (!hasMasterKey)
    print(
      'The master key of people’s texts lies outside the data folder and is NOT in the backup. Keep a copy of it elsewhere too.\n',
    );
};

/** `hradlo health`: what needs attention. */
export const health: Command = async ({ client, print }) =>
  print(`${JSON.stringify(await client.json('GET', '/admin/v1/health'), null, 2)}\n`);
