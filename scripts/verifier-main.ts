// Part of tools/hradlo-verify.mjs, which scripts/build-verifier.ts makes: reads what is to be verified, prints.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isSignedBy } from '../src/audit/checkpoint-signature.ts';
import {
  createChainVerifier,
  isTampering,
  parseExportLine,
  parseNotes,
  type ChainRow,
} from '../src/core/index.ts';

const HELP = `Usage: node hradlo-verify.mjs <export.jsonl or hradlo.db> [--against checkpoints.txt] [--key KEY]

Checks the audit chains of a Hradlo, without it. --against takes a file of signed checkpoints that were kept
elsewhere, --key the verifier key that was kept with them, or a file that holds it.
Exit status: 0 nothing was changed, 1 something was, 2 wrong call.`;

const hash = (text: string) => `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;

async function* readDatabase(path: string): AsyncGenerator<ChainRow> {
  const { DatabaseSync } = await import('node:sqlite').catch(() => {
    throw new Error('This Node cannot read SQLite. Use Node 22.13 or later, or an export.');
  });
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT * FROM audit_event ORDER BY chain_id, sequence').iterate();
  for (const row of rows) {
    yield {
      chainId: String(row['chain_id']),
      sequence: Number(row['sequence']),
      previousHash: String(row['previous_hash']),
      event: String(row['event']),
      hash: String(row['hash']),
      columns: {
        tenantId: String(row['tenant_id']),
        kind: String(row['kind']),
        atMs: Number(row['at_ms']),
        issuer: String(row['actor_issuer']),
        subject: String(row['actor_subject']),
      },
    };
  }
}

function* readExport(content: Buffer): Generator<ChainRow> {
  for (const [index, line] of content.toString('utf8').split('\n').entries()) {
    const row = parseExportLine(line);
    if (row !== undefined) yield row;
    else if (line.trim() !== '' && index > 0) throw new Error(`Line ${index + 1} is not an event.`);
  }
}

function readCheckpoints(path: string | undefined, key: string | undefined) {
  if (path === undefined) return { checkpoints: [], unchecked: 0, bad: 0 };
  const notes = parseNotes(readFileSync(path, 'utf8'));
  if (notes.length === 0) throw new Error(`There is no checkpoint in ${path}.`);
  if (key === undefined) return { checkpoints: notes, unchecked: notes.length, bad: 0 };
  const verifierKey = key.startsWith('hradlo/') ? key : readFileSync(key, 'utf8');
  const checkpoints = notes.filter((note) => isSignedBy(note, verifierKey));
  return { checkpoints, unchecked: 0, bad: notes.length - checkpoints.length };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { against: { type: 'string' }, key: { type: 'string' }, help: { type: 'boolean' } },
  });
  const [path] = positionals;
  if (path === undefined || values.help === true) {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  const { checkpoints, unchecked, bad } = readCheckpoints(values.against, values.key);
  const verifier = createChainVerifier(hash, checkpoints);
  const head = readFileSync(path).subarray(0, 15).toString('latin1');
  const rows = head === 'SQLite format 3' ? readDatabase(path) : readExport(readFileSync(path));
  let faults = bad;
  const say = (found: ReturnType<typeof verifier.add>) => {
    for (const fault of found) {
      if (isTampering(fault)) faults += 1;
      const mark = isTampering(fault) ? '✗' : '·';
      console.log(`${mark} ${fault.chainId} event ${fault.sequence}: ${fault.kind}: ${fault.message}`);
    }
  };
  let events = 0;
  for await (const row of rows) {
    events += 1;
    say(verifier.add(row));
  }
  say(verifier.finish());
  if (bad > 0) console.log(`✗ ${bad} checkpoints are not signed with this key; they were not believed.`);
  if (unchecked > 0)
    console.log(`· The signatures of ${unchecked} checkpoints were not checked: give --key.`);
  for (const [chain, { sequence }] of verifier.heads) console.log(`${chain}: ${sequence} events`);
  if (events === 0) console.log('There is not one event.');
  console.log(
    faults === 0 ? `Whole: ${events} events, ${checkpoints.length} checkpoints.` : `${faults} faults.`,
  );
  return faults === 0 && events > 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
