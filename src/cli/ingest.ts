import { readFile } from 'node:fs/promises';
import { EntriesResponse, SourceProgress, SourceResponse } from '#wire/hradlo/index.ts';
import { CliError, readEvents, type Client } from './client.ts';
import type { Command, CommandCall } from './command.ts';
import { uploadFolder, type UploadProgress } from './upload-folder.ts';

const SHOWN_REASONS = 50;
/** Back to the start of the line, and nothing left on it. */
const CLEAR_LINE = '\r\u001B[K';

const rate = (value: number | null, unit: string) =>
  value === null ? '' : `, ${value.toFixed(1)} ${unit}/s`;

function duration(seconds: number | null): string {
  if (seconds === null) return '';
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  return `, ${minutes > 0 ? `${minutes} min ` : ''}${whole % 60} s left`;
}

function toLine({ state, looking, reading, pages, files }: SourceProgress): string {
  const looked = state === 'looking' ? `seen ${looking.done}${rate(looking.perSecond, 'files')}; ` : '';
  const read = `read ${reading.done}/${reading.total ?? '?'} files${rate(reading.perSecond, 'files')}`;
  const bad = files.quarantined + files.failed;
  return (
    `${looked}${read}${rate(pages.perSecond, 'pages')}${duration(reading.remainingSeconds)}` +
    (bad > 0 ? `; ${bad} put aside` : '')
  );
}

async function printReasons(client: Client, sourceId: string, print: (text: string) => void): Promise<void> {
  for (const state of ['quarantined', 'failed']) {
    const path = `/hradlo/v1/sources/${sourceId}/entries?state=${state}&limit=${SHOWN_REASONS}`;
    const { entries } = EntriesResponse.parse(await client.json('GET', path));
    for (const entry of entries) print(`  ${entry.path}: ${entry.reason?.message ?? state}\n`);
  }
}

/**
 * `hradlo ingest`: lets the documents of a folder of the server come into a collection and tells how it goes. The
 * server does the work: it goes on when this command is ended, and after a restart.
 */
export const ingest: Command = async (call) => {
  const [folder, ...others] = call.words;
  const { collection } = call.values;
  if (folder === undefined || others.length > 0 || collection === undefined)
    throw new CliError(
      'Which folder, and into which collection? hradlo ingest ./folder --collection NAME',
      2,
    );
  const given = { ...call, folder: call.absolute(folder), collection };
  return call.client.isRemote ? ingestFromHere(given) : ingestOnServer(given);
};

type IngestCall = CommandCall & { readonly folder: string; readonly collection: string };

async function ingestOnServer(call: IngestCall): Promise<void> {
  const { values, client, print, folder, collection } = call;
  const { watch, 'valid-from': validFrom } = values;
  const passwords = await passwordsOf(call);
  const body = {
    collection,
    folder,
    ...(watch && { watch }),
    ...(validFrom !== undefined && { validFrom }),
    ...(passwords && { passwords }),
  };
  const source = SourceResponse.parse(await client.json('POST', '/hradlo/v1/sources', body));
  const last = await follow(client, source.id, values.json ? printJson(print) : printLine(print));
  if (values.json) return;
  await printOutcome({ client, collection, last, source }, print);
  if (watch) print('The folder is watched: what changes in it comes in by itself.\n');
}

/** A server elsewhere does not see the folder: its files are sent. */
async function ingestFromHere(call: IngestCall): Promise<void> {
  const { client, values, print, folder, collection } = call;
  if (values.watch)
    throw new CliError('A folder of this computer cannot be watched by a server elsewhere.', 2);
  const showSending = (progress: UploadProgress): void => {
    if (values.json) print(`${JSON.stringify(progress)}\n`);
    else if (process.stdout.isTTY) print(`${CLEAR_LINE}${toSendingLine(progress)}`);
  };
  const passwords = await passwordsOf(call);
  const given = { folder, collection, validFrom: values['valid-from'], passwords };
  const { source, sent, unchanged, removed, refused } = await uploadFolder(client, given, showSending);
  if (!values.json)
    print(
      `${process.stdout.isTTY ? CLEAR_LINE : ''}${sent} files sent, ${unchanged} unchanged, ${removed} removed.\n`,
    );
  const last = await follow(client, source.id, values.json ? printJson(print) : printLine(print));
  if (values.json) return;
  await printOutcome({ client, collection, last, source }, print);
  for (const { path, message } of refused) print(`  ${path}: ${message}\n`);
}

function toSendingLine({ files, bytesPerSecond, remainingSeconds }: UploadProgress): string {
  const megabytes = bytesPerSecond === null ? null : bytesPerSecond / 1e6;
  return `sent ${files.done}/${files.total} files${rate(megabytes, 'MB')}${duration(remainingSeconds)}`;
}

async function printOutcome(
  done: {
    readonly client: Client;
    readonly collection: string;
    readonly last: SourceProgress;
    readonly source: SourceResponse;
  },
  print: (text: string) => void,
): Promise<void> {
  const { files, state } = done.last;
  const aside = files.quarantined + files.failed;
  print(`${process.stdout.isTTY ? CLEAR_LINE : ''}${files.indexed} files in "${done.collection}"`);
  print(aside === 0 ? '.\n' : `; ${aside} put aside:\n`);
  await printReasons(done.client, done.source.id, print);
  if (state === 'paused') print('The work is paused: hradlo source resume <id>.\n');
}

/** What `--password-file` names; undefined without it. */
async function passwordsOf({ values, absolute }: CommandCall): Promise<string[] | undefined> {
  const { 'password-file': file } = values;
  return file === undefined ? undefined : readPasswords(absolute(file));
}

/** Passwords, one a line; a file and not an option, because options stand in lists of processes. */
async function readPasswords(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CliError(`The file of passwords cannot be read: ${file}`, 2);
  });
  const passwords = text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .filter((line) => line !== '');
  if (passwords.length === 0) throw new CliError(`There is no password in ${file}.`, 2);
  return passwords;
}

type Show = (progress: SourceProgress) => void;
const printJson =
  (print: (text: string) => void): Show =>
  (progress) =>
    print(`${JSON.stringify(progress)}\n`);
const printLine =
  (print: (text: string) => void): Show =>
  (progress) => {
    // Elsewhere than in a terminal a line cannot be written over: there only the end is told.
    if (process.stdout.isTTY) print(`${CLEAR_LINE}${toLine(progress)}`);
  };

async function follow(client: Client, sourceId: string, show: Show): Promise<SourceProgress> {
  let last: SourceProgress | undefined;
  const events = readEvents(await client.send('GET', `/hradlo/v1/sources/${sourceId}/progress`));
  for await (const event of events) {
    last = SourceProgress.parse(event);
    show(last);
  }
  if (last?.state === 'done' || last?.state === 'paused') return last;
  throw new CliError('The server ended the work early. It goes on when it runs again.', 3);
}
