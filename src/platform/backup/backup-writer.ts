import { createHash } from 'node:crypto';
import { open, readFile, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BlobStore, Clock } from '#contracts/index.ts';
import type { Digest } from '#core/index.ts';
import type { Archive } from './archive.ts';
import { listPieces } from './log-spool.ts';
import { SnapshotSchema, type Snapshot } from './snapshot-schema.ts';

const CHUNK_BYTES = 1024 * 1024;

/** What the thread that writes does for a backup. */
export interface BackupSource {
  /** Copies what was committed since into the spool. */
  spool(): Promise<void>;
  /** Empties the log into the database file and leaves the file alone until `release`; the log's sequence then. */
  hold(): Promise<{ readonly logSequence: number }>;
  release(): Promise<void>;
}

export interface BackupWriterDeps {
  readonly archive: Archive;
  readonly source: BackupSource;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly databasePath: string;
  readonly spoolFolder: string;
  readonly chainId: string;
  readonly product: string;
  /** Small files of the data folder by name, as they are now. */
  readFiles(): Promise<Readonly<Record<string, Buffer>>>;
  /** Wrapped keys of people's texts by name, as they are now. */
  readKeys(): Promise<Readonly<Record<string, Buffer>>>;
}

export const LOG = 'log';
export const BLOBS = 'blobs';
export const CHUNKS = 'chunks';
export const SNAPSHOTS = 'snapshots';
export const KEYS = 'keys/current';

const toBase64 = (files: Readonly<Record<string, Buffer>>) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [name, content.toString('base64')]));

/**
 * Writes backups: a copy of the database in chunks that are stored once however many copies share them, every
 * piece of its log since, each blob once, and the keys as they are now.
 */
export class BackupWriter {
  readonly #deps: BackupWriterDeps;
  readonly #shippedBlobs = new Map<Digest, string>();
  #keysDigest = '';

  constructor(deps: BackupWriterDeps) {
    this.#deps = deps;
  }

  /** Makes a copy while the product works on. Returns its name. */
  async snapshot(): Promise<string> {
    const { archive, source, clock, chainId, product } = this.#deps;
    await this.ship();
    const { logSequence } = await source.hold();
    let snapshot: Snapshot;
    try {
      const atMs = clock.nowMs();
      const database = await this.#copyDatabase();
      const files = toBase64(await this.#deps.readFiles());
      const blobs = await this.#shipBlobs();
      snapshot = { format: 'hradlo.snapshot/1', chainId, product, atMs, logSequence, database, blobs, files };
    } finally {
      await source.release();
    }
    const name = `${SNAPSHOTS}/${String(snapshot.atMs).padStart(15, '0')}`;
    await archive.put(name, Buffer.from(JSON.stringify(snapshot)));
    await this.#shipKeys();
    return name;
  }

  /** When the newest copy was made; undefined when there is none. */
  async lastSnapshotAtMs(): Promise<number | undefined> {
    const name = (await this.#deps.archive.list(SNAPSHOTS)).at(-1);
    return name === undefined ? undefined : Number(basename(name));
  }

  /** Brings the archive up to now: keys, new blobs, then the pieces of the log that may name them. */
  async ship(): Promise<void> {
    const { archive, source, spoolFolder } = this.#deps;
    await source.spool();
    await this.#shipKeys();
    await this.#shipBlobs();
    for (const path of listPieces(spoolFolder)) {
      await archive.put(`${LOG}/${basename(path, '.piece')}`, await readFile(path));
      await unlink(path);
    }
  }

  async #copyDatabase(): Promise<Snapshot['database']> {
    const { archive, databasePath } = this.#deps;
    const file = await open(databasePath, 'r');
    const hash = createHash('sha256');
    const chunks: string[] = [];
    let bytes = 0;
    try {
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, bytes);
        if (bytesRead === 0) break;
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        const name = archive.contentName(CHUNKS, chunk);
        if (!(await archive.has(name))) await archive.put(name, chunk);
        chunks.push(name);
        bytes += bytesRead;
      }
    } finally {
      await file.close();
    }
    return { bytes, sha256: hash.digest('hex'), chunks };
  }

  /** Names in the archive of every blob there is now. */
  async #shipBlobs(): Promise<string[]> {
    const { archive, blobs } = this.#deps;
    const names: string[] = [];
    for await (const digest of blobs.list()) {
      const known = this.#shippedBlobs.get(digest);
      const name = known ?? archive.contentName(BLOBS, digest);
      names.push(name);
      if (known !== undefined) continue;
      if (!(await archive.has(name))) {
        const content = await blobs.get(digest);
        if (content === undefined) continue;
        await archive.put(name, content);
      }
      this.#shippedBlobs.set(digest, name);
    }
    return names;
  }

  /** Only when they changed: destroyed keys must go from here too. */
  async #shipKeys(): Promise<void> {
    const { archive, clock } = this.#deps;
    const keys = toBase64(await this.#deps.readKeys());
    const digest = createHash('sha256').update(JSON.stringify(keys)).digest('hex');
    if (digest === this.#keysDigest) return;
    const content = { format: 'hradlo.keys/1', atMs: clock.nowMs(), keys };
    await archive.put(KEYS, Buffer.from(JSON.stringify(content)));
    this.#keysDigest = digest;
  }

  /** Takes files out of the archive that are not kept any more, also where older copies still name them. */
  async forget(digests: readonly Digest[]): Promise<void> {
    const { archive, blobs } = this.#deps;
    for (const digest of digests) {
      if ((await blobs.get(digest)) !== undefined) continue;
      await archive.delete(archive.contentName(BLOBS, digest));
      this.#shippedBlobs.delete(digest);
    }
  }

  /** Drops all but the newest copies, and what only they needed. Returns how many objects went. */
  async prune(keep: number): Promise<number> {
    const { archive } = this.#deps;
    const names = await archive.list(SNAPSHOTS);
    const kept = names.slice(-Math.max(1, keep));
    const snapshots = await Promise.all(kept.map((name) => readSnapshot(archive, name)));
    const oldestSequence = Math.min(...snapshots.map((snapshot) => snapshot.logSequence));
    const needed = new Set(snapshots.flatMap(({ database, blobs }) => [...database.chunks, ...blobs]));
    for (const name of this.#shippedBlobs.values()) needed.add(name);
    const drop = [
      ...names.slice(0, names.length - kept.length),
      ...[...(await archive.list(CHUNKS)), ...(await archive.list(BLOBS))].filter(
        (name) => !needed.has(name),
      ),
      ...(await archive.list(LOG)).filter((name) => Number(basename(name)) <= oldestSequence),
    ];
    for (const name of drop) await archive.delete(name);
    return drop.length;
  }
}

/** Reads a copy's description. @throws {ArchiveError} */
export async function readSnapshot(archive: Archive, name: string): Promise<Snapshot> {
  return SnapshotSchema.parse(JSON.parse((await archive.get(name)).toString('utf8')));
}

/** Joins parts of a path that came from the archive; refuses names that would leave the folder. */
export function joinInside(folder: string, name: string): string {
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(name) || name.includes('..'))
    throw new RangeError('not a name of a file');
  return join(folder, name);
}
