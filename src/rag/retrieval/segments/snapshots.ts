import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/index.ts';
import {
  readManifest,
  segmentPath,
  vectorsPath,
  writeManifest,
  type Manifest,
  type ManifestSegment,
} from './manifest.ts';
import { digestOfFile } from './segment-file.ts';

const SUFFIX = '.json';

/**
 * Snapshots of an index: manifests that name segments by digest and hold the changes of that moment. Segments are
 * immutable, so a snapshot costs its manifest, and answers the same to the last bit for ever.
 */
export class Snapshots {
  readonly #folder: string;
  readonly #segments: string;

  constructor(segments: string) {
    this.#segments = segments;
    this.#folder = join(segments, 'snapshots');
  }

  /** Keeps what `manifest` names. Returns the snapshot's id, which its content decides, and the bytes it took. */
  async create(manifest: Manifest): Promise<{ readonly id: string; readonly extraBytes: number }> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const hash = createHash('sha256').update(manifest.label);
    for (const { digest, overlay } of manifest.segments) {
      hash.update(digest).update(overlay.hidden).update(JSON.stringify(overlay.moved));
    }
    const id = hash.digest('hex').slice(0, 32);
    return { id, extraBytes: await writeManifest(this.#pathOf(id), manifest) };
  }

  /**
   * Reads a snapshot and checks every byte that it rests on.
   * @throws {AppError} `storage.damaged` when there is no such snapshot or a file is not what it was.
   */
  async read(id: string): Promise<Manifest> {
    const manifest = /^[0-9a-f]{32}$/.test(id) ? await readManifest(this.#pathOf(id)) : undefined;
    if (manifest === undefined) throw new AppError('storage.damaged', 'There is no such snapshot.');
    for (const { id: segment, digest, vectorsDigest } of manifest.segments) {
      const isWhole =
        (await matches(segmentPath(this.#segments, segment), digest)) &&
        (vectorsDigest === undefined || (await matches(vectorsPath(this.#segments, segment), vectorsDigest)));
      if (!isWhole) throw new AppError('storage.damaged', 'A file that the snapshot rests on was changed.');
    }
    return manifest;
  }

  /** Ids of the segments that some snapshot holds. */
  async pinned(): Promise<ReadonlySet<string>> {
    const files = await readdir(this.#folder).catch(() => []);
    const manifests = await Promise.all(
      files.filter((file) => file.endsWith(SUFFIX)).map((file) => readManifest(join(this.#folder, file))),
    );
    return new Set(manifests.flatMap((manifest) => manifest?.segments.map(({ id }) => id) ?? []));
  }

  /** Drops every snapshot that rests on a segment of which `isGone` says so, and those that cannot be read. */
  async drop(isGone: (segment: ManifestSegment) => boolean): Promise<void> {
    const files = (await readdir(this.#folder).catch(() => [])).filter((file) => file.endsWith(SUFFIX));
    for (const file of files) {
      const manifest = await readManifest(join(this.#folder, file));
      if (manifest === undefined || manifest.segments.some(isGone))
        await rm(join(this.#folder, file), { force: true });
    }
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}${SUFFIX}`);
  }
}

const matches = async (path: string, digest: string): Promise<boolean> =>
  (await digestOfFile(path).catch(() => undefined)) === digest;
