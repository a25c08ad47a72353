import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One thing that a traced program did to the files of a database, or an acknowledgement that it gave. */
export type RecordedCall =
  | { readonly type: 'write'; readonly file: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly type: 'truncate'; readonly file: string; readonly length: number }
  | { readonly type: 'sync'; readonly file: string }
  | { readonly type: 'ack'; readonly key: string };

/** strace's arguments for a record that `readRecord` understands. */
export const STRACE = [
  'strace',
  '-f',
  '-y',
  '-xx',
  '-s',
  '70000',
  '-e',
  'trace=pwrite64,write,fsync,fdatasync,ftruncate',
];

const decode = (escaped: string) => Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
const CALL = /(?:\d+\s+)?(pwrite64|write|fsync|fdatasync|ftruncate)\((\d+)<([^>]*)>(.*)$/;

/** With -xx strace prints paths in hexadecimal too. */
function readPath(text: string): string {
  return text.startsWith('\\x') ? decode(text).toString() : text;
}

/** The calls on these files, in the order in which they ended; those cut in two by another thread are joined. */
export function readRecord(path: string, files: readonly string[]): RecordedCall[] {
  const open = new Map<string, string>();
  const calls: RecordedCall[] = [];
  for (const raw of readFileSync(path, 'latin1').split('\n')) {
    const [, thread = '0', rest = raw] = /^(\d+)\s+(.*)$/.exec(raw) ?? [];
    if (rest.endsWith('<unfinished ...>')) {
      open.set(thread, rest.slice(0, -'<unfinished ...>'.length));
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const line = resumed === null ? rest : `${open.get(thread) ?? ''}${resumed[1]}`;
    const call = toCall(line, files);
    if (call !== undefined) calls.push(call);
  }
  return calls;
}

function toCall(line: string, files: readonly string[]): RecordedCall | undefined {
  const match = CALL.exec(line);
  if (match === null) return undefined;
  const [, name, descriptor, path = '', rest = ''] = match;
  const result = Number(/= (-?\d+)[^=]*$/.exec(rest)?.[1] ?? -1);
  if (result < 0) return undefined;
  if (name === 'write' && descriptor === '1') {
    const text = decode(/"((?:\\x[0-9a-f]{2})*)"/.exec(rest)?.[1] ?? '').toString();
    const key = /^ACK (\S+)\n$/.exec(text)?.[1];
    return key === undefined ? undefined : { type: 'ack', key };
  }
  const file = basename(readPath(path));
  if (!files.includes(file)) return undefined;
  if (name === 'fsync' || name === 'fdatasync') return { type: 'sync', file };
  if (name === 'ftruncate') return { type: 'truncate', file, length: Number(/, (\d+)\s*\)/.exec(rest)?.[1]) };
  if (name !== 'pwrite64') return undefined;
  const parts = /, "((?:\\x[0-9a-f]{2})*)"(\.\.\.)?, (\d+), (\d+)\s*\)/.exec(rest);
  if (parts === null || parts[2] !== undefined) throw new Error('a write was recorded only in part');
  return { type: 'write', file, offset: Number(parts[4]), bytes: decode(parts[1]!).subarray(0, result) };
}

/** Bytes of a file as calls change them. */
class FileImage {
  bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  apply(call: RecordedCall): void {
    if (call.type === 'truncate') this.bytes = Buffer.concat([this.bytes], call.length);
    if (call.type !== 'write') return;
    const end = call.offset + call.bytes.length;
    if (end > this.bytes.length) this.bytes = Buffer.concat([this.bytes], end);
    call.bytes.copy(this.bytes, call.offset);
  }
}

/**
 * Plays a record and hands out, at chosen points, the folder as a power cut there would leave it: of every file what
 * was synced, and of what was not yet synced nothing, or a random part.
 */
export function* cutAt(
  record: readonly RecordedCall[],
  points: readonly number[],
  { from, into, keepShare }: { from: string; into: string; keepShare(): number },
): Generator<{ readonly acknowledged: ReadonlySet<string> }> {
  const files = ['hradlo.db', 'hradlo.db-wal'];
  const durable = new Map(files.map((name) => [name, new FileImage(readIfThere(join(from, name)))]));
  const pending = new Map<string, RecordedCall[]>(files.map((name) => [name, []]));
  const acknowledged = new Set<string>();
  const wanted = new Set(points);
  for (const [index, call] of record.entries()) {
    if (call.type === 'ack') acknowledged.add(call.key);
    else if (call.type === 'sync') {
      for (const done of pending.get(call.file)!.splice(0)) durable.get(call.file)!.apply(done);
    } else pending.get(call.file)!.push(call);
    if (!wanted.has(index)) continue;
    for (const name of files) {
      const image = new FileImage(Buffer.from(durable.get(name)!.bytes));
      const share = keepShare();
      for (const late of pending.get(name)!.filter(() => Math.random() < share)) image.apply(late);
      writeFileSync(join(into, name), image.bytes);
    }
    rmSync(join(into, 'hradlo.db-shm'), { force: true });
    yield { acknowledged: new Set(acknowledged) };
  }
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Copies the database files of a folder. */
export function copyDatabase(from: string, into: string): void {
  copyFileSync(join(from, 'hradlo.db'), join(into, 'hradlo.db'));
}
