import {
  GroupsResponse,
  InviteResponse,
  LimitsResponse,
  PeopleResponse,
  ReachResponse,
  ReadersResponse,
} from '#wire/admin/index.ts';
import { CollectionsResponse } from '#wire/hradlo/index.ts';
import { CliError, type Client } from './client.ts';
import type { Command } from './command.ts';

/** `hradlo people`: everybody, with roles; `hradlo people invite <name> --role user`: a link for a new one. */
export const people: Command = async ({ words, values, client, print }) => {
  const [verb, name] = words;
  if (verb === undefined) {
    const answer = PeopleResponse.parse(await client.json('GET', '/admin/v1/people'));
    for (const person of answer.people)
      print(
        `${person.id}  ${person.name}  ${person.roles.join(',')}${person.isActive ? '' : '  deactivated'}\n`,
      );
    const { groups } = GroupsResponse.parse(await client.json('GET', '/admin/v1/groups'));
    for (const group of groups) print(`${group.id}  ${group.name}  group of ${group.memberCount}\n`);
    return;
  }
  if (verb === 'deactivate' && name !== undefined) {
    await client.json('PATCH', `/admin/v1/people/${encodeURIComponent(name)}`, { isActive: false });
    print('Deactivated: sessions have ended and keys no longer work.\n');
    return;
  }
  if (verb !== 'invite' || name === undefined)
    throw new CliError('hradlo people, people invite <name> --role user, people deactivate <id>', 2);
  const body = { name, ...(values.role && { roles: values.role }) };
  const invited = InviteResponse.parse(await client.json('POST', '/admin/v1/invitations', body));
  print(`Send them this, after the address of the page: /#/invitation/${invited.token}\n`);
};

/** The id of a collection that was given by name or id. */
async function collectionId(client: Client, given: string): Promise<string> {
  const answer = CollectionsResponse.parse(await client.json('GET', '/hradlo/v1/collections'));
  return answer.collections.find(({ name }) => name === given)?.id ?? given;
}

/** `hradlo grant <collection> <subject>`: lets somebody read; `--deny` forbids. */
export const grant: Command = async ({ words, values, client, print }) => {
  const [collection, subject] = words;
  if (collection === undefined || subject === undefined)
    throw new CliError(
      'hradlo grant <collection> <subject>; a subject is everyone, group:<id>, role:<role> or principal:hradlo/<id>',
      2,
    );
  const id = await collectionId(client, collection);
  const body = { subject, effect: values.deny ? 'deny' : 'allow' };
  await client.json('POST', `/admin/v1/collections/${encodeURIComponent(id)}/grants`, body);
  print('Granted: it acts on the next query.\n');
};

/** `hradlo access person|collection|document <id>`: who may read what, and why or why not. */
export const access: Command = async ({ words, client, print }) => {
  const [what, id] = words;
  const say = (
    allowed: boolean,
    who: string,
    reasons: readonly { code: string; subject?: string | undefined }[],
  ) =>
    print(
      `${allowed ? 'yes' : 'no '}  ${who}  ${reasons.map(({ code, subject }) => (subject ? `${code} ${subject}` : code)).join('; ')}\n`,
    );
  if (what === 'person' && id !== undefined) {
    const reach = await client.json('GET', `/admin/v1/people/${encodeURIComponent(id)}/access`);
    for (const { allowed, collectionId, documentId, reasons } of ReachResponse.parse(reach).targets)
      say(allowed, documentId ?? collectionId, reasons);
    return;
  }
  if ((what !== 'collection' && what !== 'document') || id === undefined)
    throw new CliError('hradlo access person|collection|document <id>', 2);
  const target = what === 'collection' ? await collectionId(client, id) : id;
  const readers = await client.json('GET', `/admin/v1/${what}s/${encodeURIComponent(target)}/access`);
  for (const { allowed, displayName, reasons } of ReadersResponse.parse(readers).people)
    say(allowed, displayName, reasons);
};

/** `hradlo limits`: the limits of the tenant. */
export const limits: Command = async ({ client, print }) => {
  const answer = LimitsResponse.parse(await client.json('GET', '/admin/v1/limits'));
  for (const { id, subject, metric, amount, windowSeconds } of answer.limits)
    print(
      `${id}  ${subject}  ${amount} ${metric}${metric === 'concurrency' ? '' : ` in ${windowSeconds} s`}\n`,
    );
  if (answer.limits.length === 0) print('Nothing is limited.\n');
};
