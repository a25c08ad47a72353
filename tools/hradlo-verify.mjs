#!/usr/bin/env node
// Made by scripts/build-verifier.ts; change the parts, not this. Licence: Apache-2.0.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

// src/core/canonical-json.ts

/**
 * JSON with sorted keys and no white space, so that equal values have equal bytes: what is hashed or signed.
 * A subset of RFC 8785 (keys sorted by UTF-16 code units, numbers as ECMAScript prints them).
 * @throws {TypeError} for a number that JSON cannot hold.
 */
function canonicalJson(value) {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('not a JSON number');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

// src/core/audit-chain.ts

/** What stands before the first event of a chain. */
const CHAIN_START = `sha256:${'0'.repeat(64)}`;

/** An event at its place: what is hashed. */

const quote = (text) => JSON.stringify(text);

/** An event's canonical JSON, as it is stored and hashed. Written out, since it is made for every event. */
function encodeEvent({ kind, tenantId, actor, atMs, fields }) {
  const who = `{"issuer":${quote(actor.issuer)},"subject":${quote(actor.subject)}}`;
  const what = `"fields":${canonicalJson(fields)},"kind":${quote(kind)},"tenantId":${quote(tenantId)}`;
  return `{"actor":${who},"atMs":${canonicalJson(atMs)},${what}}`;
}

/**
 * The text whose SHA-256 is a link's hash, canonical JSON too. The chain's name and the sequence are part of it, so
 * that a link cannot be moved, and each hash rests on all before it.
 */
function encodeLink({ chainId, sequence, previousHash, event }) {
  const before = `"previous":${quote(previousHash)},"sequence":${canonicalJson(sequence)}`;
  return `{"chain":${quote(chainId)},"event":${quote(event)},${before}}`;
}

// src/core/checkpoint.ts
/** Where a chain stood at a time. Kept elsewhere, it shows that nothing before it was changed since. */

/** A checkpoint and the signature over its text. */

const ORIGIN = 'hradlo/';
const HASH = /^sha256:[0-9a-f]{64}$/;
const NOTE =
  /^((hradlo\/[\w.-]+)\n(\d{1,15})\n(sha256:[0-9a-f]{64})\n(?:[^\n]+\n)*)\n\u2014 (\S+) ([A-Za-z0-9+/=]+)\n?$/;
const TIME = /^time (\d{1,15})$/m;

/** Name of the key that signs a chain's checkpoints; also the first line of each. */
function keyNameOf(chainId) {
  return `${ORIGIN}${chainId}`;
}

/**
 * The text that is signed: origin, size, hash, then our own line with the time.
 * @see C2SP tlog-checkpoint. The hash is the head of a hash chain, not a Merkle root.
 */
function encodeCheckpoint({ chainId, sequence, hash, atMs }) {
  if (!HASH.test(hash)) throw new TypeError('not a hash of a chain');
  return `${keyNameOf(chainId)}\n${sequence}\n${hash}\ntime ${atMs}\n`;
}

/** Text and signature as one note. @see C2SP signed-note. */
function encodeNote(text, keyName, signature) {
  return `${text}\n\u2014 ${keyName} ${signature}\n`;
}

/** Reads one note; undefined when it is not one of ours. */
function parseNote(note) {
  const match = NOTE.exec(note);
  if (match === null) return undefined;
  const [, text = '', origin = '', sequence = '', hash = '', keyName = '', signature = ''] = match;
  const atMs = Number(TIME.exec(text)?.[1] ?? Number.NaN);
  return {
    chainId: origin.slice(ORIGIN.length),
    sequence: Number(sequence),
    hash,
    atMs,
    text,
    keyName,
    signature,
  };
}

/** Every note of a file that holds one after the other. What is between them and is not a note is skipped. */
function parseNotes(file) {
  return file
    .replaceAll('\r\n', '\n')
    .split(/(?<=\n\u2014 [^\n]*\n)/)
    .flatMap((part) => parseNote(part.slice(Math.max(0, part.indexOf(ORIGIN)))) ?? []);
}

// src/core/chain-export.ts

/** First line of an export. */
const EXPORT_HEADER = '{"format":"hradlo.audit/1"}';

/** One event as a line of an export; `event` is null where it is withheld. */
function encodeExportLine(row) {
  const { chainId, sequence, previousHash, event, hash, isWithheld } = row;
  const shown = isWithheld ? null : event;
  return JSON.stringify({ chain: chainId, sequence, previous: previousHash, event: shown, hash });
}

/** Reads a line of an export; undefined when it is not one. */
function parseExportLine(line) {
  let value;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { chain, sequence, previous, event, hash } = Object.fromEntries(Object.entries(value));
  if (typeof chain !== 'string' || typeof sequence !== 'number') return undefined;
  if (typeof previous !== 'string' || typeof hash !== 'string') return undefined;
  const place = { chainId: chain, sequence, previousHash: previous, hash };
  if (event === null) return { ...place, event: '', isWithheld: true };
  return typeof event === 'string' ? { ...place, event } : undefined;
}

// src/core/verify-chain.ts

/** An event as it was read back: its link, the hash that stands beside it, and its columns if it has any. */

/**
 * changed: the event is not the one that was hashed. broken: the link to the event before is wrong, so something
 * was put in or taken out here. missing: sequence numbers are skipped. columns: a copy beside the event says
 * something else. older: the chain ends before a checkpoint. rewritten: it is another one than at a checkpoint.
 * clock: time went back, which a wrong clock does too; a notice, not a fault. withheld: events of other tenants, whose
 * content was not checked; a notice, since an export for one tenant has none of another's.
 */

/** A chain's length and last hash. */

/** Events that are written at once carry times that lie a little apart. */
const CLOCK_TOLERANCE_MS = 60_000;

function readEvent(event) {
  try {
    const value = JSON.parse(event);
    if (typeof value !== 'object' || value === null) return undefined;
    const fields = new Map(Object.entries(value));
    const actorValue = fields.get('actor');
    const actor = new Map(
      typeof actorValue === 'object' && actorValue !== null ? Object.entries(actorValue) : [],
    );
    return {
      tenantId: fields.get('tenantId'),
      kind: fields.get('kind'),
      atMs: fields.get('atMs'),
      issuer: actor.get('issuer'),
      subject: actor.get('subject'),
    };
  } catch {
    return undefined;
  }
}

/** Checks chains event by event. */

/**
 * Checks chains in the order of their sequence, against themselves and against checkpoints. The hash is handed
 * in. After a fault it goes on from what stands there, so that each fault is located once.
 */
function createChainVerifier(hash, checkpoints) {
  const heads = new Map();
  const placeOf = (at) => `${at.sequence} ${at.chainId}`;
  const byPlace = Map.groupBy(checkpoints, placeOf);
  const passed = new Set();
  const withheld = new Map();
  return {
    heads,
    add(row) {
      const { chainId, sequence } = row;
      const head = heads.get(chainId) ?? { sequence: 0, hash: CHAIN_START, atMs: 0 };
      if (row.isWithheld) withheld.set(chainId, (withheld.get(chainId) ?? 0) + 1);
      const facts = readEvent(row.event);
      const atMs = typeof facts?.atMs === 'number' ? facts.atMs : head.atMs;
      const here = byPlace.get(placeOf(row)) ?? [];
      for (const checkpoint of here) passed.add(checkpoint);
      const isRewritten = here.some((checkpoint) => checkpoint.hash !== row.hash);
      const found = findFaults(row, head, {
        facts,
        atMs,
        isRewritten,
        hash: row.isWithheld ? row.hash : hash(encodeLink(row)),
      });
      heads.set(chainId, { sequence, hash: row.hash, atMs: Math.max(atMs, head.atMs) });
      return found.map(([kind, message]) => ({ kind, chainId, sequence, message }));
    },
    finish: () => [
      ...[...withheld].map(([chainId, count]) => withheldNotice(chainId, count)),
      ...checkpoints
        .filter((checkpoint) => !passed.has(checkpoint))
        .map(({ chainId, sequence }) => {
          const end = heads.get(chainId)?.sequence ?? 0;
          const message = `a checkpoint saw ${sequence} events, here are ${end}: the end was cut, or this is an older copy`;
          return { kind: 'older', chainId, sequence: end, message };
        }),
    ],
  };
}

function withheldNotice(chainId, count) {
  const message = `${count} events of other tenants are not in this copy: their places are taken, their content was not checked`;
  return { kind: 'withheld', chainId, sequence: 0, message };
}

function findFaults(row, head, seen) {
  const found = [];
  if (row.sequence !== head.sequence + 1)
    found.push(['missing', `after ${head.sequence} comes ${row.sequence}: what was between is gone`]);
  else if (row.previousHash !== head.hash)
    found.push(['broken', 'it does not follow from the event before it']);
  if (seen.hash !== row.hash) found.push(['changed', 'it is not the event that was recorded']);
  if (row.columns !== undefined && !sameFacts(row.columns, seen.facts))
    found.push(['columns', 'the columns beside it say something else']);
  if (seen.atMs < head.atMs - CLOCK_TOLERANCE_MS)
    found.push(['clock', `the clock went back by ${Math.round((head.atMs - seen.atMs) / 1000)} s`]);
  if (seen.isRewritten)
    found.push(['rewritten', 'a checkpoint saw another event here: the chain was written anew']);
  return found;
}

function sameFacts(columns, facts) {
  return (
    facts !== undefined &&
    columns.tenantId === facts.tenantId &&
    columns.kind === facts.kind &&
    columns.atMs === facts.atMs &&
    columns.issuer === facts.issuer &&
    columns.subject === facts.subject
  );
}

/** Whether a fault means that something was changed; a clock that went back, or what is withheld, may be just that. */
function isTampering(fault) {
  return fault.kind !== 'clock' && fault.kind !== 'withheld';
}

// src/audit/checkpoint-signature.ts

/** The byte that says Ed25519. @see C2SP signed-note. */
const ED25519 = 0x01;
const RAW_KEY_BYTES = 32;
const KEY_HASH_BYTES = 4;

/** Four bytes that tell keys of one name apart. @see C2SP signed-note. */
function keyHash(keyName, publicKey) {
  return createHash('sha256')
    .update(keyName)
    .update(Buffer.from([0x0a, ED25519]))
    .update(publicKey)
    .digest()
    .subarray(0, KEY_HASH_BYTES);
}

/** Whether a checkpoint was signed with the key that `verifierKey` names. */
function isSignedBy(checkpoint, verifierKey) {
  // Base64 may hold plus signs itself.
  const [name = '', , ...encoded] = verifierKey.trim().split('+');
  const raw = Buffer.from(encoded.join('+'), 'base64').subarray(1);
  if (raw.length !== RAW_KEY_BYTES || checkpoint.keyName !== name) return false;
  const signed = Buffer.from(checkpoint.signature, 'base64');
  if (!signed.subarray(0, KEY_HASH_BYTES).equals(keyHash(name, raw))) return false;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
  return verify(null, Buffer.from(checkpoint.text), key, signed.subarray(KEY_HASH_BYTES));
}

// scripts/verifier-main.ts
// Part of tools/hradlo-verify.mjs, which scripts/build-verifier.ts makes: reads what is to be verified, prints.

const HELP = `Usage: node hradlo-verify.mjs <export.jsonl or hradlo.db> [--against checkpoints.txt] [--key KEY]

Checks the audit chains of a Hradlo, without it. --against takes a file of signed checkpoints that were kept
elsewhere, --key the verifier key that was kept with them, or a file that holds it.
Exit status: 0 nothing was changed, 1 something was, 2 wrong call.`;

const hash = (text) => `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;

async function* readDatabase(path) {
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

function* readExport(content) {
  for (const [index, line] of content.toString('utf8').split('\n').entries()) {
    const row = parseExportLine(line);
    if (row !== undefined) yield row;
    else if (line.trim() !== '' && index > 0) throw new Error(`Line ${index + 1} is not an event.`);
  }
}

function readCheckpoints(path, key) {
  if (path === undefined) return { checkpoints: [], unchecked: 0, bad: 0 };
  const notes = parseNotes(readFileSync(path, 'utf8'));
  if (notes.length === 0) throw new Error(`There is no checkpoint in ${path}.`);
  if (key === undefined) return { checkpoints: notes, unchecked: notes.length, bad: 0 };
  const verifierKey = key.startsWith('hradlo/') ? key : readFileSync(key, 'utf8');
  const checkpoints = notes.filter((note) => isSignedBy(note, verifierKey));
  return { checkpoints, unchecked: 0, bad: notes.length - checkpoints.length };
}

async function main() {
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
  const say = (found) => {
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
