import { CliError } from './client.ts';
import type { Command } from './command.ts';

/** `hradlo audit export` and `hradlo audit key`. */
export const auditCommand: Command = async ({ words, client, print }) => {
  const [what] = words;
  if (what !== 'export' && what !== 'key') throw new CliError('hradlo audit export, or hradlo audit key', 2);
  const response = await client.send('GET', `/admin/v1/audit/${what}`);
  response.setEncoding('utf8');
  for await (const part of response) print(String(part));
};
