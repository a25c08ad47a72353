import { parseArgs } from 'node:util';
import { answer, lineage, replay } from './answer.ts';
import { ask } from './ask.ts';
import { auditCommand } from './audit.ts';
import { backup, health } from './backup.ts';
import { Client, CliError, type ServerAddress } from './client.ts';
import type { Command, OfflineCommand } from './command.ts';
import { erase } from './erase.ts';
import { ingest } from './ingest.ts';
import { jobs } from './jobs.ts';
import { engine, model } from './models.ts';
import { key } from './keys.ts';
import { access, grant, group, limits, people, prices } from './people.ts';
import { breakGlass, owner, review } from './rights.ts';
import { snapshot } from './snapshot.ts';
import { source } from './source.ts';
import { synonyms } from './synonyms.ts';

/** What the command line is given by its surroundings. */
export interface CliSurroundings {
  readonly socketPath: string;
  /** A path made absolute from where the command runs. */
  absolute(path: string): string;
  /** Commands that need no server. */
  readonly offline: ReadonlyMap<string, OfflineCommand>;
  print(text: string): void;
  printError(text: string): void;
}

const HELP = `Usage: hradlo <command> [options]

  access person|collection|document <id>
                         who may read what, and why or why not
  answer show <id>       what an answer rests on and how it came about
  ask "<question>"       ask the documents
    --collection NAME    look only there
    --as-of YYYY-MM-DD   answer from the versions valid then
    --json               print the whole answer as JSON
  audit list [TEXT]      events, newest first; TEXT stands in them: an id
    --kind KIND --person ID --from DAY --to DAY
  audit export           print the audit chains, a line for each event
  audit key              print the key that verifies checkpoints
  ingest <folder>        let the documents of a folder come in: of the server, or
                         with --url of this computer
    --collection NAME    into this collection; it is made when there is none
    --watch              and again whenever something changes in it
    --valid-from DAY     since when they hold, where they do not say it themselves
    --password-file F    passwords of encrypted files, one a line
  backup                 make a backup copy now (backup.folder)
  backup verify          restore the backup into a scratch folder and compare
  collections            list the collections you may read
  doctor                 what is wrong here, and what to do
  erase subject <id>     erase a person's questions, answers and account for good
  erase document <id>    erase a document, and the kept answers that quoted it, for good
    --reference TEXT     a number to find the request by
  health                 what needs attention
  grant <collection> <subject>
                         let everyone, group:ID, role:ROLE or principal:hradlo/ID read it
    --deny               forbid it instead
  jobs                   what is under way; jobs cancel|pause|resume|retry <id>
  key [list]             every key, its owner and last use; key revoke ID
  key create NAME --for PROGRAM
    --collection NAME    for this collection only; --until DAY; --from NETWORK
  limits                 the limits of this tenant; limits remove ID
  limits set <subject> requests|tokens|concurrency|cost <amount>
    --window SECONDS     in so long; a minute where it is not said
  prices                 what models cost, for 1000 tokens in units of the currency
  prices set MODEL INPUT OUTPUT
  lineage <document>     its versions, and the answers that rest on them
  owner <collection>     who answers for it; owner <collection> add|remove <subject>
  people                 everybody; people invite NAME --role user
                         people service NAME --role user: an account for a program
                         people attributes ID [NAME=VALUE,...]: what rules compare
                         people deactivate|sessions|sign-out|reset-totp ID
  group create NAME      and group remove ID
  review                 who may read what, why, since when, when it was last of use
    --open --csv         only what is not marked; as a table
    --collection NAME --person ID
  break-glass <version> --reason TEXT
                         read one text without a grant; the reason is recorded first
  replay <id>            make an answer again and name what is different
  model                  list models; model add FILE, pull hf:org/repo/file.gguf,
                         use NAME (or none), unload NAME, load NAME, remove NAME,
                         alias NAME TARGET...
    --as NAME            name of the added model
    --purpose WHAT       chat, embedding or reranking, with add, pull and use none
  engine add NAME URL    an engine behind us; --model M, --kind vllm, --key-file F
  restore --from BACKUP --to NEW-FOLDER --key-file FILE [--at TIME]
                         a data folder out of a backup, as it was last or at a moment
  snapshot               list snapshots of the search index; snapshot create [LABEL],
                         search ID "<question>"
  source                 where documents come from; source pause|resume|remove
                         <id or folder>
  synonyms               words of one meaning, which questions are looked for by too;
                         synonyms export, import FILE, clear
  verify                 check the audit chains; works without a running server
    --against FILE       also against checkpoints that were kept elsewhere
    --public-key KEY     the key they were signed with, if it is not ours
    --file FILE          check an export or another database file

Options for every command
  --data FOLDER          the data folder of the server on this machine
  --url URL --key KEY    talk to a server elsewhere (HRADLO_KEY works too)
  --help                 this text
`;

const OPTIONS = {
  help: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  collection: { type: 'string' },
  model: { type: 'string' },
  'as-of': { type: 'string' },
  watch: { type: 'boolean', default: false },
  'valid-from': { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
  data: { type: 'string' },
  reference: { type: 'string' },
  against: { type: 'string', multiple: true },
  'public-key': { type: 'string' },
  file: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  at: { type: 'string' },
  'key-file': { type: 'string' },
  reason: { type: 'string' },
  as: { type: 'string' },
  purpose: { type: 'string' },
  approve: { type: 'string' },
  kind: { type: 'string' },
  role: { type: 'string', multiple: true },
  deny: { type: 'boolean', default: false },
  for: { type: 'string' },
  until: { type: 'string' },
  person: { type: 'string' },
  tenant: { type: 'string' },
  window: { type: 'string' },
  open: { type: 'boolean', default: false },
  csv: { type: 'boolean', default: false },
  'password-file': { type: 'string' },
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

const collections: Command = async ({ client, print }) =>
  print(`${JSON.stringify(await client.json('GET', '/hradlo/v1/collections'), null, 2)}\n`);

const COMMANDS = new Map<string, Command>([
  ['access', access],
  ['answer', answer],
  ['ask', ask],
  ['audit', auditCommand],
  ['backup', backup],
  ['collections', collections],
  ['erase', erase],
  ['grant', grant],
  ['ingest', ingest],
  ['health', health],
  ['jobs', jobs],
  ['limits', limits],
  ['lineage', lineage],
  ['people', people],
  ['prices', prices],
  ['group', group],
  ['key', key],
  ['owner', owner],
  ['review', review],
  ['break-glass', breakGlass],
  ['replay', replay],
  ['snapshot', snapshot],
  ['source', source],
  ['synonyms', synonyms],
  ['engine', engine],
  ['model', model],
]);

async function dispatch(args: readonly string[], surroundings: CliSurroundings): Promise<number> {
  const { values, positionals } = read(args);
  const [name, ...words] = positionals;
  const print = (text: string) => surroundings.print(text);
  if (values.help || name === undefined || name === 'help') {
    print(HELP);
    return 0;
  }
  const offline = surroundings.offline.get(`${name} ${words[0] ?? ''}`) ?? surroundings.offline.get(name);
  if (offline !== undefined) return offline(words, values);
  const command = COMMANDS.get(name);
  if (command === undefined) throw new CliError(`There is no command "${name}".\nSee "hradlo --help".`, 2);
  const absolute = (path: string) => surroundings.absolute(path);
  await command({ words, values, client: new Client(addressOf(values, surroundings)), absolute, print });
  return 0;
}

/**
 * Runs one command and returns the exit status: 0 done, 1 a check found something, 2 wrong call, 3 the server
 * said no or is away.
 */
export async function runCli(args: readonly string[], surroundings: CliSurroundings): Promise<number> {
  try {
    return await dispatch(args, surroundings);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    surroundings.printError(`${error.message}\n`);
    return error.exitCode;
  }
}
