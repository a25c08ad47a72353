import { ErasureResponse } from '#wire/admin/index.ts';
import { CliError } from './client.ts';
import type { Command } from './command.ts';

/** `hradlo erase subject <id>`: the person's questions, answers and account are gone for good. */
export const erase: Command = async ({ words, values, client, print }) => {
  const { reference } = values;
  const [what, id, ...rest] = words;
  if (what !== 'subject' || id === undefined || rest.length > 0)
    throw new CliError('hradlo erase subject <id>, with the id of a person, or issuer/subject', 2);
  const slash = id.indexOf('/');
  const [issuer, subject] = slash < 0 ? ['hradlo', id] : [id.slice(0, slash), id.slice(slash + 1)];
  const body = { issuer, subject, ...(reference !== undefined && { reference }) };
  const { keys } = ErasureResponse.parse(await client.json('POST', '/admin/v1/erasures', body));
  print(
    keys === 0
      ? 'No texts of this person were kept. What was known of the account is erased.\n'
      : 'Erased. The questions and answers of this person cannot be read any more, in no backup either, once the next backup has run.\n',
  );
};
