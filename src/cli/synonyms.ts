import { readFile } from 'node:fs/promises';
import { SynonymsResponse } from '#wire/admin/index.ts';
import { CliError } from './client.ts';
import type { Command, CommandCall } from './command.ts';

const USAGE = 'hradlo synonyms [export | import FILE | clear]';
const PATH = '/admin/v1/synonyms';

async function readFileText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const why = error instanceof TypeError ? 'is not UTF-8' : 'cannot be read';
    throw new CliError(`The file ${path} ${why}.`, 2);
  }
}

/** What is asked of the server: a change has a body. */
async function toBody({ words, absolute }: CommandCall): Promise<{ readonly text: string } | undefined> {
  const [action = 'list', file, ...rest] = words;
  if (rest.length > 0) throw new CliError(USAGE, 2);
  if (action === 'import' && file !== undefined) return { text: await readFileText(absolute(file)) };
  if (file !== undefined) throw new CliError(USAGE, 2);
  if (action === 'clear') return { text: '' };
  if (action !== 'list' && action !== 'export') throw new CliError(USAGE, 2);
  return undefined;
}

/** `hradlo synonyms`: which there are; `export` prints the list as it was put in; `import FILE` takes its place. */
export const synonyms: Command = async (call) => {
  const { client, print, values, words } = call;
  const body = await toBody(call);
  const reply = await client.json(body === undefined ? 'GET' : 'PUT', PATH, body);
  if (values.json) return print(`${JSON.stringify(reply, null, 2)}\n`);
  const { text, groups, digest, chosenAt } = SynonymsResponse.parse(reply);
  if (words[0] === 'export') return print(text);
  if (digest === null) return print('No synonyms. hradlo synonyms import FILE\n');
  print(`${groups} groups since ${chosenAt ?? '?'}, ${digest}\n`);
  if (body === undefined) print(text.endsWith('\n') ? text : `${text}\n`);
};
