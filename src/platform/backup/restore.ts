import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '../durable-file.ts';
import { digestOf } from '../ids.ts';
import { ArchiveError, type Archive } from './archive.ts';
import { BLOBS, joinInside, KEYS, LOG, readSnapshot, SNAPSHOTS } from './backup-writer.ts';
import { KeysSchema, LogPieceHeadSchema, type Snapshot } from './snapshot-schema.ts';
import { readCommits, type WalPosition } from './wal.ts';

export interface RestoreRequest {
  readonly archive: Archive;
  /** An empty folder, or one that is not there. */
  readonly folder: string;
  /** The state of this moment; undefined for the latest. */
  readonly atMs: number | undefined;
  readonly databaseName: string;
  readonly blobFolder: string;
  readonly keyFolder: string;
}

/** What was restored. */
export interface Restored {
  readonly snapshotAtMs: number;
  readonly commits: number;
  /** When the last commit that is in it was made. */
  readonly lastCommitAtMs: number;
  readonly blobs: number;
  /** Set when the log breaks off: what came after is not in it. */
  readonly brokenAfter: number | undefined;
}

/** There is nothing to restore to, or from. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError';
}

/**
 * Builds a data folder out of an archive: the newest copy before the moment, then every commit of the log up to
 * it. @throws {ArchiveError} naming the object when one is damaged. @throws {RestoreError}
 */
export async function restore(request: RestoreRequest): Promise<Restored> {
  const { archive, folder, atMs } = request;
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new RestoreError(`${folder} is not empty. Restore into a new folder.`);
  const snapshot = await chooseSnapshot(archive, atMs);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await open(join(folder, request.databaseName), 'wx', 0o600);
  let log: Pick<Restored, 'commits' | 'lastCommitAtMs' | 'brokenAfter'>;
  try {
    await writeDatabase(archive, snapshot, file);
    log = await applyLog(archive, snapshot, { file, atMs: atMs ?? Number.POSITIVE_INFINITY });
    await file.sync();
  } finally {
    await file.close();
  }
  for (const [name, content] of Object.entries(snapshot.files))
    await writeNew(joinInside(folder, name), Buffer.from(content, 'base64'));
  await writeKeys(archive, request.keyFolder);
  const blobs = await writeBlobs(archive, request.blobFolder);
  await syncFolder(folder);
  return { snapshotAtMs: snapshot.atMs, ...log, blobs };
}

async function chooseSnapshot(archive: Archive, atMs: number | undefined): Promise<Snapshot> {
  const names = await archive.list(SNAPSHOTS);
  const fitting = names.filter((name) => atMs === undefined || Number(basename(name)) <= atMs);
  const name = fitting.at(-1);
  if (name !== undefined) return readSnapshot(archive, name);
  if (names.length === 0) throw new RestoreError('There is no backup here.');
  const first = new Date(Number(basename(names[0]!))).toISOString();
  throw new RestoreError(`The oldest state that can be restored is that of ${first}.`);
}

async function writeDatabase(archive: Archive, { database }: Snapshot, file: FileHandle): Promise<void> {
  const hash = createHash('sha256');
  let at = 0;
  for (const name of database.chunks) {
    const chunk = await archive.get(name);
    hash.update(chunk);
    await file.write(chunk, 0, chunk.length, at);
    at += chunk.length;
  }
  if (at !== database.bytes || hash.digest('hex') !== database.sha256)
    throw new ArchiveError('The copy of the database is not the one that was made.');
}

/** Applies whole commits in their order, up to the moment; a commit is applied as a whole or not at all. */
async function applyLog(
  archive: Archive,
  snapshot: Snapshot,
  { file, atMs }: { file: FileHandle; atMs: number },
): Promise<Pick<Restored, 'commits' | 'lastCommitAtMs' | 'brokenAfter'>> {
  let commits = 0;
  let lastCommitAtMs = snapshot.atMs;
  let sequence = snapshot.logSequence;
  let position: WalPosition | undefined;
  const names = (await archive.list(LOG)).filter((name) => Number(basename(name)) > sequence);
  for (const name of names) {
    const bytes = await archive.get(name);
    const lineEnd = bytes.indexOf('\n');
    const head = LogPieceHeadSchema.parse(JSON.parse(bytes.subarray(0, lineEnd).toString('utf8')));
    if (head.sequence !== sequence + 1 || !follows(position, head.from))
      return { commits, lastCommitAtMs, brokenAfter: lastCommitAtMs };
    for (const commit of readCommits(head.header, head.from, bytes.subarray(lineEnd + 1))) {
      const at = head.commits.find(({ end }) => end === commit.end.offset)?.atMs ?? Number.POSITIVE_INFINITY;
      if (at > atMs) return { commits, lastCommitAtMs, brokenAfter: undefined };
      for (const page of commit.pages)
        await file.write(page.bytes, 0, page.bytes.length, (page.number - 1) * head.header.pageBytes);
      await file.truncate(commit.databasePages * head.header.pageBytes);
      commits += 1;
      lastCommitAtMs = at;
      position = commit.end;
    }
    if (position?.offset !== head.to.offset)
      throw new ArchiveError(`${name} does not hold the commits that it says.`);
    ({ sequence } = head);
  }
  return { commits, lastCommitAtMs, brokenAfter: undefined };
}

/** Whether a piece begins where the last one ended, or a log anew. */
function follows(last: WalPosition | undefined, from: WalPosition): boolean {
  const HEADER_BYTES = 32;
  return last?.salt === from.salt ? last.offset === from.offset : from.offset === HEADER_BYTES;
}

async function writeKeys(archive: Archive, folder: string): Promise<void> {
  const { keys } = KeysSchema.parse(JSON.parse((await archive.get(KEYS)).toString('utf8')));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(keys))
    await writeNew(joinInside(folder, name), Buffer.from(content, 'base64'));
  await syncFolder(folder);
}

async function writeBlobs(archive: Archive, folder: string): Promise<number> {
  const names = await archive.list(BLOBS);
  for (const name of names) {
    const content = await archive.get(name);
    const hex = digestOf(content).slice('sha256:'.length);
    await writeNew(join(folder, hex.slice(0, 2), hex), content);
  }
  return names.length;
}

async function writeNew(path: string, content: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(path));
}
