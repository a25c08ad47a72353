import {
  GroupsResponse,
  InviteResponse,
  LimitsResponse,
  ManagedCollectionsResponse,
  NewServiceResponse,
  PeopleResponse,
  PricesResponse,
  ReachResponse,
  ReadersResponse,
} from '#wire/admin/index.ts';
import { SessionsResponse } from '#wire/hradlo/index.ts';
import { changeAttributes } from './attributes.ts';
import { CliError, type Client } from './client.ts';
import type { Command, CommandCall } from './command.ts';

const USAGE =
  'hradlo people, people invite NAME --role user, service NAME --role user, attributes ID [NAME=VALUE,…], deactivate|sessions|sign-out|reset-totp ID';

/** What is done with one person: `path` is theirs. */
interface PersonCall extends CommandCall {
  readonly given: string;
  readonly path: string;
}

const VERBS = new Map<string, (call: PersonCall) => Promise<void>>([
  [
    'invite',
    async ({ given: name, values, client, print }) => {
      const body = { name, ...(values.role && { roles: values.role }) };
      const invited = InviteResponse.parse(await client.json('POST', '/admin/v1/invitations', body));
      print(`Send them this, after the address of the page: /#/invitation/${invited.token}\n`);
    },
  ],
  [
    'service',
    async ({ given: name, values, client, print }) => {
      const body = { name, ...(values.role && { roles: values.role }) };
      const { id } = NewServiceResponse.parse(await client.json('POST', '/admin/v1/services', body));
      print(`${id}\nMake it a key: hradlo key create NAME --for ${name}\n`);
    },
  ],
  [
    'deactivate',
    async ({ path, client, print }) => {
      await client.json('PATCH', path, { isActive: false });
      print('Deactivated: sessions have ended and keys no longer work.\n');
    },
  ],
  [
    'sessions',
    async ({ path, client, print }) => {
      const { sessions } = SessionsResponse.parse(await client.json('GET', `${path}/sessions`));
      for (const one of sessions) print(`${one.id}  ${one.address}  ${one.lastSeenAt}  ${one.agent}\n`);
      if (sessions.length === 0) print('They are not signed in.\n');
    },
  ],
  [
    'sign-out',
    async ({ path, client, print }) => {
      await client.json('DELETE', `${path}/sessions`);
      print('Every session has ended.\n');
    },
  ],
  [
    'reset-totp',
    async ({ path, client, print }) => {
      await client.json('DELETE', `${path}/totp`);
      print('They sign in by their passphrase alone, and should set a second step up anew.\n');
    },
  ],
  ['attributes', changeAttributes],
]);

/** `hradlo people`: everybody, with roles; invitations, accounts of programs, sessions, a lost second step. */
export const people: Command = async (call) => {
  const [verb, given] = call.words;
  if (verb === undefined) return listPeople(call);
  const act = VERBS.get(verb);
  if (act === undefined || given === undefined) throw new CliError(USAGE, 2);
  return act({ ...call, given, path: `/admin/v1/people/${encodeURIComponent(given)}` });
};

async function listPeople({ client, print }: CommandCall): Promise<void> {
  const answer = PeopleResponse.parse(await client.json('GET', '/admin/v1/people'));
  for (const person of answer.people) {
    const marks = `${person.kind === 'service' ? '  program' : ''}${person.isActive ? '' : '  deactivated'}`;
    print(`${person.id}  ${person.name}  ${person.roles.join(',')}${marks}\n`);
  }
  const { groups } = GroupsResponse.parse(await client.json('GET', '/admin/v1/groups'));
  for (const group of groups) print(`${group.id}  ${group.name}  group of ${group.memberCount}\n`);
}

/** `hradlo group create|remove <name or id>`. */
export const group: Command = async ({ words, client, print }) => {
  const [verb, name] = words;
  if (name === undefined || (verb !== 'create' && verb !== 'remove'))
    throw new CliError('hradlo group create NAME, group remove ID; hradlo people lists them', 2);
  if (verb === 'remove') {
    await client.json('DELETE', `/admin/v1/groups/${encodeURIComponent(name)}`);
    print('Taken away, with the grants that named it.\n');
    return;
  }
  const { id } = NewServiceResponse.parse(await client.json('POST', '/admin/v1/groups', { name }));
  print(`${id}\n`);
};

/** The id of a collection that was given by name or id. */
export async function collectionId(client: Client, given: string): Promise<string> {
  const answer = ManagedCollectionsResponse.parse(await client.json('GET', '/admin/v1/collections'));
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

const MICRO = 1e6;

/** `hradlo prices`: what models cost; `prices set MODEL INPUT OUTPUT`, units of the currency for 1000 tokens. */
export const prices: Command = async ({ words, client, print }) => {
  const [verb, model, input, output] = words;
  const micro = (text: string) => Math.round(Number(text) * MICRO);
  if (verb === 'set' && model !== undefined && input !== undefined && output !== undefined) {
    const body = { model, inputMicro: micro(input), outputMicro: micro(output) };
    await client.json('PUT', '/admin/v1/prices', body);
  } else if (verb !== undefined)
    throw new CliError('hradlo prices, or prices set MODEL INPUT OUTPUT: for 1000 tokens of each', 2);
  const answer = PricesResponse.parse(await client.json('GET', '/admin/v1/prices'));
  for (const one of answer.prices)
    print(`${one.model}  ${one.inputMicro / MICRO} input  ${one.outputMicro / MICRO} output\n`);
  if (answer.prices.length === 0) print('Nothing has a price.\n');
};

/** `hradlo limits`: the limits of the tenant; `limits set <subject> <metric> <amount>`, `limits remove <id>`. */
export const limits: Command = async ({ words, values, client, print }) => {
  const [verb, subject, metric, amount] = words;
  if (verb === 'remove' && subject !== undefined) {
    await client.json('DELETE', `/admin/v1/limits/${encodeURIComponent(subject)}`);
  } else if (verb === 'set' && amount !== undefined) {
    const window = values.window === undefined ? {} : { windowSeconds: Number(values.window) };
    await client.json('PUT', '/admin/v1/limits', { subject, metric, amount: Number(amount), ...window });
  } else if (verb !== undefined)
    throw new CliError(
      'hradlo limits, limits set <subject> requests|tokens|concurrency|cost <amount> [--window SECONDS], limits remove <id>',
      2,
    );
  const answer = LimitsResponse.parse(await client.json('GET', '/admin/v1/limits'));
  for (const one of answer.limits)
    print(
      `${one.id}  ${one.subject}  ${one.amount} ${one.metric}${one.metric === 'concurrency' ? '' : ` in ${one.windowSeconds} s`}\n`,
    );
  if (answer.limits.length === 0) print('Nothing is limited.\n');
};
