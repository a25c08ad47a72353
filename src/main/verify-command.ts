import { existsSync, readFileSync } from 'node:fs';
import { ChainReader, CheckpointSigner, verifyChains, type Verification } from '#audit/index.ts';
import type { OfflineCommand } from '#cli/index.ts';
import { parseExportLine, parseNotes, type ChainRow, type SignedCheckpoint } from '#core/index.ts';
import { openForReading } from '#platform/index.ts';
import type { AuditVerifyResponse } from '#wire/admin/index.ts';
import type { InstallationPaths } from './installation.ts';

/** Where one event was changed, every later one may be wrong too. */
const MOST_FAULTS = 100;
const SQLITE_MAGIC = 'SQLite format 3';

function* readExport(text: string): Generator<ChainRow> {
  for (const line of text.split('\n')) {
    const row = parseExportLine(line);
    if (row !== undefined) yield row;
  }
}

function* readRows(path: string): Generator<ChainRow> {
  const content = readFileSync(path);
  if (content.subarray(0, SQLITE_MAGIC.length).toString('latin1') !== SQLITE_MAGIC) {
    yield* readExport(content.toString('utf8'));
    return;
  }
  const database = openForReading(path);
  try {
    yield* new ChainReader(database).list();
  } finally {
    database.close();
  }
}

/** The key that was named, or our own. */
function verifierKeyOf(paths: InstallationPaths, named: string | undefined): string {
  if (named === undefined) {
    if (!existsSync(paths.signingKeyPath)) return '';
    const chainId = readFileSync(paths.chainIdPath, 'utf8').trim();
    return new CheckpointSigner(chainId, readFileSync(paths.signingKeyPath, 'utf8').trim()).verifierKey;
  }
  return named.startsWith('hradlo/') ? named : readFileSync(named, 'utf8').trim();
}

function describe(result: Verification): string {
  const { events, heads, checkpoints, faults, notices, badSignatures } = result;
  const lines = [
    ...faults.map(({ chainId, sequence, message }) => `✗ ${chainId}, event ${sequence}: ${message}`),
    ...notices.map(({ chainId, sequence, message }) => `· ${chainId}, event ${sequence}: ${message}`),
    ...(badSignatures > 0 ? [`✗ ${badSignatures} checkpoints are not signed with this key.`] : []),
    ...[...heads].map(([chain, { sequence }]) => `${chain}: ${sequence} events`),
    faults.length + badSignatures === 0
      ? `Whole: ${events} events agree with each other and with ${checkpoints} signed checkpoints.`
      : `Changed: ${faults.length + badSignatures} faults. Keep this state, and compare with a backup.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The same for a program. */
function toResponse({ events, checkpoints, faults, badSignatures }: Verification): AuditVerifyResponse {
  const isWhole = faults.length + badSignatures === 0;
  return {
    isWhole,
    events,
    checkpoints,
    badSignatures,
    faults: faults.slice(0, MOST_FAULTS).map((fault) => ({ ...fault })),
  };
}

/** Those in the data folder, and those beside it of the same chain: an older installation may have left others there. */
function ownCheckpoints(paths: InstallationPaths): SignedCheckpoint[] {
  const read = (path: string) => (existsSync(path) ? parseNotes(readFileSync(path, 'utf8')) : []);
  const chainId = existsSync(paths.chainIdPath) ? readFileSync(paths.chainIdPath, 'utf8').trim() : '';
  const inside = read(paths.checkpointPath);
  const known = new Set(inside.map(({ text }) => text));
  const beside = read(paths.outerCheckpointPath).filter((note) => note.chainId === chainId);
  return [...inside, ...beside.filter(({ text }) => !known.has(text))];
}

/** `hradlo verify`: checks the chains of a database or an export, against checkpoints here and elsewhere. */
export function createVerifyCommand(paths: InstallationPaths, print: (text: string) => void): OfflineCommand {
  return async (_words, values) => {
    const path = values.file ?? paths.databasePath;
    if (!existsSync(path)) {
      print(`There is nothing at ${path}.\n`);
      return 2;
    }
    const own = values.file === undefined ? ownCheckpoints(paths) : [];
    const named = (values.against ?? []).flatMap((file) => parseNotes(readFileSync(file, 'utf8')));
    const checkpoints = [...own, ...named];
    const result = verifyChains(readRows(path), checkpoints, verifierKeyOf(paths, values['public-key']));
    print(values.json ? `${JSON.stringify(toResponse(result))}\n` : describe(result));
    return result.faults.length + result.badSignatures === 0 ? 0 : 1;
  };
}
