import { PeopleResponse } from '#wire/admin/index.ts';
import { KeysResponse, NewKeyResponse } from '#wire/hradlo/index.ts';
import { CliError } from './client.ts';
import type { Command, CommandCall } from './command.ts';
import { collectionId } from './people.ts';

const USAGE =
  'hradlo key [list], key create NAME --for PROGRAM [--collection C] [--until DAY] [--from NETWORK], key revoke ID';

/** `hradlo key`: every key, with its owner and last use; `key create` and `key revoke`. */
export const key: Command = async (call) => {
  const [verb = 'list', word] = call.words;
  if (verb === 'list') return list(call);
  if (word === undefined) throw new CliError(USAGE, 2);
  if (verb === 'create') return create(call, word);
  if (verb !== 'revoke') throw new CliError(USAGE, 2);
  await call.client.json('DELETE', `/admin/v1/keys/${encodeURIComponent(word)}`);
  call.print('Revoked: it works no longer, and answers under way are cut.\n');
};

async function list({ client, print }: CommandCall): Promise<void> {
  const { keys } = KeysResponse.parse(await client.json('GET', '/admin/v1/keys'));
  const { people } = PeopleResponse.parse(await client.json('GET', '/admin/v1/people'));
  const names = new Map(people.map(({ id, name }) => [id, name]));
  for (const one of keys) {
    const state = one.revokedAt === null ? (one.expiresAt ? `until ${one.expiresAt}` : '') : 'revoked';
    const used = one.lastUsedAt === null ? 'never used' : `used ${one.lastUsedAt}`;
    print(
      `${one.id}  ${names.get(one.ownerId) ?? one.ownerId}  ${one.name}  ${used}  ${state}`.trimEnd() + '\n',
    );
  }
  if (keys.length === 0) print('There are no keys.\n');
}

async function create({ client, values, print }: CommandCall, name: string): Promise<void> {
  if (values.for === undefined)
    throw new CliError('Say whose: --for PROGRAM. A person makes their own keys on the page, signed in.', 2);
  const { people } = PeopleResponse.parse(await client.json('GET', '/admin/v1/people'));
  const owner = people.find(({ id, name: known }) => id === values.for || known === values.for);
  if (owner === undefined)
    throw new CliError(
      `There is no program "${values.for}". Make it: hradlo people service ${values.for}`,
      3,
    );
  const collection = values.collection && (await collectionId(client, values.collection));
  const body = {
    name,
    ...(collection && { scope: { collections: [collection] } }),
    ...(values.until && { expiresAt: `${values.until}T23:59:59Z` }),
    ...(values.from && { addresses: [values.from] }),
  };
  const made = await client.json('POST', `/admin/v1/people/${encodeURIComponent(owner.id)}/keys`, body);
  const { key: text } = NewKeyResponse.parse(made);
  print(`${text}\nIt is shown this once.\n`);
}
