import { resolve } from 'node:path';
import { SourceResponse, SourcesResponse } from '#wire/hradlo/index.ts';
import { CliError, type Client } from './client.ts';
import type { Command } from './command.ts';

const ACTIONS = ['pause', 'resume', 'remove'];

function toLine({ id, collection, kind, location, files, ...source }: SourceResponse): string {
  const aside = files.quarantined + files.failed;
  const states = [
    `${files.indexed} files in`,
    ...(files.queued > 0 ? [`${files.queued} waiting`] : []),
    ...(aside > 0 ? [`${aside} put aside`] : []),
    ...(source.paused ? ['paused'] : source.watch ? ['watched'] : []),
  ];
  return `${id}  ${collection}  ${kind === 'folder' || location !== '' ? location : 'uploads'}  ${states.join(', ')}\n`;
}

async function list(client: Client): Promise<readonly SourceResponse[]> {
  return SourcesResponse.parse(await client.json('GET', '/hradlo/v1/sources')).sources;
}

/** A source by its id, or by its folder when it is the only one there. */
async function find(client: Client, name: string): Promise<SourceResponse> {
  const sources = await list(client);
  const found = sources.filter(({ id, location }) => id === name || location === resolve(name));
  const [source] = found;
  if (source === undefined) throw new CliError(`There is no source "${name}". See "hradlo source list".`, 2);
  if (found.length > 1) throw new CliError(`"${name}" comes into several collections: write the id.`, 2);
  return source;
}

/** `hradlo source`: where documents come from; `hradlo source pause|resume|remove <id or folder>`. */
export const source: Command = async ({ words, values, client, print }) => {
  const [action = 'list', name] = words;
  if (action === 'list' && name === undefined) {
    const sources = await list(client);
    if (values.json) return print(`${JSON.stringify({ sources }, null, 2)}\n`);
    for (const one of sources) print(toLine(one));
    return;
  }
  if (!ACTIONS.includes(action) || name === undefined)
    throw new CliError('hradlo source [list | pause|resume|remove <id or folder>]', 2);
  const { id } = await find(client, name);
  const path = `/hradlo/v1/sources/${id}`;
  const [method, place] = action === 'remove' ? ['DELETE', path] : ['POST', `${path}/${action}`];
  const changed = SourceResponse.parse(await client.json(method, place));
  if (values.json) print(`${JSON.stringify(changed, null, 2)}\n`);
  else if (action === 'remove')
    print('The source is removed. Its documents are being taken out of answers.\n');
  else print(toLine(changed));
};
