import { PeopleResponse } from '#wire/admin/index.ts';
import { CliError } from './client.ts';
import type { CommandCall } from './command.ts';

/** `department=law,hr` as a name and its values; none of them takes the attribute away. */
function toChange(word: string): readonly [string, readonly string[]] {
  const [name = '', values] = word.split(/=(.*)/s);
  if (values === undefined || name === '')
    throw new CliError(`"${word}" is not NAME=VALUE,…: hradlo people attributes ID department=law,hr`, 2);
  const list = values.split(',').map((value) => value.trim());
  return [name, list.filter(Boolean)];
}

/**
 * `hradlo people attributes ID`: what attribute rules know of a person; `department=law,hr` sets values, `department=`
 * takes the attribute away, and what is not named stays.
 */
export async function changeAttributes({
  words,
  client,
  print,
  given,
}: CommandCall & { readonly given: string }) {
  const { people } = PeopleResponse.parse(await client.json('GET', '/admin/v1/people'));
  const person = people.find(({ id, name }) => id === given || name === given);
  if (person === undefined)
    throw new CliError(`There is nobody "${given}" here: hradlo people lists them.`, 2);
  const changes = words.slice(2).map(toChange);
  const changed: Record<string, readonly string[]> = { ...person.attributes, ...Object.fromEntries(changes) };
  const attributes = Object.fromEntries(Object.entries(changed).filter(([, values]) => values.length > 0));
  if (changes.length > 0)
    await client.json('PATCH', `/admin/v1/people/${encodeURIComponent(person.id)}`, { attributes });
  for (const [name, values] of Object.entries(attributes)) print(`${name}  ${values.join(', ')}\n`);
  if (Object.keys(attributes).length === 0) print('Nothing is known of them.\n');
}
