import { parseArgs } from 'node:util';
import { ask } from './ask.ts';
import { erase } from './erase.ts';
import { jobs } from './jobs.ts';
import { Client, CliError, type ServerAddress } from './client.ts';

/** What the command line is given by its surroundings. */
export interface CliSurroundings {
  readonly socketPath: string;
  print(text: string): void;
  printError(text: string): void;
}

const HELP = `Usage: hradlo <command> [options]

  ask "<question>"       ask the documents
    --collection NAME    look only there
    --as-of YYYY-MM-DD   answer from the versions valid then
    --json               print the whole answer as JSON
  collections            list the collections you may read
  erase subject <id>     erase a person's questions, answers and account for good
    --reference TEXT     a number to find the request by
  jobs                   what is under way; jobs cancel|pause|resume|retry <id>

Options for every command
  --url URL --key KEY    talk to a server elsewhere (HRADLO_KEY works too)
  --help                 this text
`;

const OPTIONS = {
  help: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  collection: { type: 'string' },
  model: { type: 'string' },
  'as-of': { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
  data: { type: 'string' },
  reference: { type: 'string' },
} as const;

type Values = ReturnType<typeof read>['values'];

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new CliError(`${error instanceof Error ? error.message : 'wrong call'}\nSee "hradlo --help".`, 2);
  }
}

function addressOf(values: Values, surroundings: CliSurroundings): ServerAddress {
  if (values.url === undefined) return { kind: 'socket', path: surroundings.socketPath };
  return { kind: 'url', url: values.url, apiKey: values.key ?? '' };
}

async function listCollections(client: Client, print: (text: string) => void): Promise<void> {
  print(`${JSON.stringify(await client.json('GET', '/hradlo/v1/collections'), null, 2)}\n`);
}

async function dispatch(args: readonly string[], surroundings: CliSurroundings): Promise<void> {
  const { values, positionals } = read(args);
  const [command, ...rest] = positionals;
  const client = new Client(addressOf(values, surroundings));
  const print = (text: string) => surroundings.print(text);
  if (values.help || command === undefined || command === 'help') return print(HELP);
  if (command === 'collections') return listCollections(client, print);
  if (command === 'erase') return erase(client, { words: rest, reference: values.reference }, print);
  if (command === 'jobs') return jobs(client, { words: rest, isJson: values.json }, print);
  if (command !== 'ask') throw new CliError(`There is no command "${command}".\nSee "hradlo --help".`, 2);
  const question = rest.join(' ').trim();
  if (question === '') throw new CliError('What is the question? hradlo ask "…"', 2);
  const model = values.model ?? (values.collection === undefined ? 'hradlo' : `hradlo/${values.collection}`);
  return ask(client, { question, model, asOf: values['as-of'], isJson: values.json }, print);
}

/** Runs one command and returns the exit status: 0 done, 2 wrong call, 3 the server said no or is away. */
export async function runCli(args: readonly string[], surroundings: CliSurroundings): Promise<number> {
  try {
    await dispatch(args, surroundings);
    return 0;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    surroundings.printError(`${error.message}\n`);
    return error.exitCode;
  }
}
