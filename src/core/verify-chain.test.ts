import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { CHAIN_START, encodeEvent, encodeLink } from './audit-chain.ts';
import { encodeExportLine, parseExportLine } from './chain-export.ts';
import { encodeCheckpoint, encodeNote, parseNotes } from './checkpoint.ts';
import { expectId } from './ids.ts';
import { createChainVerifier, isTampering, type ChainRow } from './verify-chain.ts';
import type { Checkpoint } from './checkpoint.ts';

const hash = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const tenantId = expectId('tenant', `ten_${'0'.repeat(26)}`);

function link(row: Omit<ChainRow, 'hash'>): ChainRow {
  return { ...row, hash: hash(encodeLink(row)) };
}

function makeChain(count: number, atMsOf = (sequence: number) => sequence * 1000): ChainRow[] {
  const rows: ChainRow[] = [];
  for (let sequence = 1; sequence <= count; sequence++) {
    const atMs = atMsOf(sequence);
    const actor = { issuer: 'hradlo', subject: 'eva' };
    const event = encodeEvent({ kind: 'test.written', tenantId, actor, atMs, fields: { sequence } });
    const columns = { tenantId, kind: 'test.written', atMs, issuer: 'hradlo', subject: 'eva' };
    rows.push({
      ...link({ chainId: 'c', sequence, previousHash: rows.at(-1)?.hash ?? CHAIN_START, event }),
      columns,
    });
  }
  return rows;
}

function faultsOf(rows: readonly ChainRow[], checkpoints: readonly Checkpoint[] = []): string[] {
  const verifier = createChainVerifier(hash, checkpoints);
  const faults = [...rows.flatMap((row) => verifier.add(row)), ...verifier.finish()];
  return faults.map(({ kind, sequence }) => `${kind} ${sequence}`);
}

const rows = makeChain(10);
const checkpointAt = (sequence: number, of = rows): Checkpoint => {
  return { chainId: 'c', sequence, hash: of[sequence - 1]!.hash, atMs: 0 };
};

test('a chain that nobody touched has no fault', () => {
  assert.deepEqual(faultsOf(rows, [checkpointAt(4), checkpointAt(10)]), []);
});

test('an event that was edited is found at its place', () => {
  const edited = rows.with(3, { ...rows[3]!, event: rows[3]!.event.replace('eva', 'jan') });
  assert.deepEqual(faultsOf(edited), ['changed 4', 'columns 4']);
});

test('an edit that hashes anew is found at the next event', () => {
  const { columns: _columns, ...row } = rows[3]!;
  const edited = rows.with(3, link({ ...row, event: row.event.replace('eva', 'jan') }));
  assert.deepEqual(faultsOf(edited), ['broken 5']);
});

test('an edited column is found though the event is whole', () => {
  const edited = rows.with(3, { ...rows[3]!, columns: { ...rows[3]!.columns!, subject: 'jan' } });
  assert.deepEqual(faultsOf(edited), ['columns 4']);
});

test('a deleted event is found', () => {
  assert.deepEqual(faultsOf(rows.toSpliced(3, 1)), ['missing 5']);
});

test('an event that was put in is found', () => {
  const { columns: _columns, ...row } = rows[3]!;
  const extra = link({ ...row, sequence: 5, previousHash: row.hash });
  assert.deepEqual(faultsOf([...rows.slice(0, 4), extra, ...rows.slice(4)]), ['missing 5']);
});

test('two events that changed places are found', () => {
  const [a, b] = [rows[3]!, rows[4]!];
  const swapped = rows.with(3, { ...b, sequence: 4 }).with(4, { ...a, sequence: 5 });
  assert.ok(faultsOf(swapped).includes('changed 4'));
});

test('an end that was cut off is found against a checkpoint, and only so', () => {
  assert.deepEqual(faultsOf(rows.slice(0, 7)), []);
  assert.deepEqual(faultsOf(rows.slice(0, 7), [checkpointAt(9)]), ['older 7']);
});

test('a chain that was written anew is found against a checkpoint', () => {
  const rewritten = makeChain(10, (sequence) => sequence * 1000 + 1);
  assert.deepEqual(faultsOf(rewritten), []);
  assert.deepEqual(faultsOf(rewritten, [checkpointAt(6)]), ['rewritten 6']);
});

test('a clock that went back is told, as a notice', () => {
  const verifier = createChainVerifier(hash, []);
  const faults = makeChain(10, (n) => (n === 6 ? 0 : n * 100_000)).flatMap((row) => verifier.add(row));
  assert.deepEqual(
    faults.map(({ kind, sequence }) => [kind, sequence]),
    [['clock', 6]],
  );
  assert.ok(!faults.some(isTampering));
});

test('checkpoints are read back from a file of notes, whatever else is in it', () => {
  const notes = [3, 8].map((sequence) => {
    const text = encodeCheckpoint({ ...checkpointAt(sequence), atMs: sequence });
    return encodeNote(text, 'hradlo/c', 'c2ln');
  });
  const read = parseNotes(`a log line\n${notes[0]}\nanother\n${notes[1]}`);
  assert.deepEqual(
    read.map(({ chainId, sequence, atMs, keyName, signature }) => ({
      chainId,
      sequence,
      atMs,
      keyName,
      signature,
    })),
    [3, 8].map((n) => ({ chainId: 'c', sequence: n, atMs: n, keyName: 'hradlo/c', signature: 'c2ln' })),
  );
});

test('an exported line is read back as the event it was', () => {
  const { columns: _columns, ...row } = rows[2]!;
  assert.deepEqual(parseExportLine(encodeExportLine(row)), row);
  assert.equal(parseExportLine('{"format":"hradlo.audit/1"}'), undefined);
  assert.equal(parseExportLine('not json'), undefined);
});

test('events that are withheld keep their places, and it is said that they were not checked', () => {
  const lines = rows.map((row, at) => encodeExportLine(at % 3 === 1 ? { ...row, isWithheld: true } : row));
  assert.ok(!lines[1]!.includes('eva'));
  const read = lines.map((line) => parseExportLine(line)!);
  assert.deepEqual(faultsOf(read, [checkpointAt(10)]), ['withheld 0']);
  assert.deepEqual(faultsOf(read.toSpliced(1, 1)), ['missing 3', 'withheld 0'], 'one cannot be taken out');
  const moved = read.with(4, { ...read[4]!, hash: hash('other') });
  assert.deepEqual(faultsOf(moved), ['broken 6', 'withheld 0'], 'nor be another');
});
