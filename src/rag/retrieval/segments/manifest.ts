import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expectDigest, type Digest } from '#core/index.ts';
import type { IndexKind } from './build-segment.ts';
import type { MovedRun, Overlay } from './overlay.ts';
import { syncFolder } from './segment-file.ts';

/** A segment on disk with the changes that count. */
export interface ManifestSegment {
  readonly id: string;
  readonly rowCount: number;
  /** Of the file of columns, and of the file of float vectors. */
  readonly digest: Digest;
  readonly vectorsDigest: Digest | undefined;
  readonly overlay: Overlay;
  /** All history: opened whole only for the questions that need it. */
  readonly isCold: boolean;
}

/** Everything that an index, or a snapshot of one, is made of. */
export interface Manifest {
  readonly label: string;
  readonly kind: IndexKind;
  readonly segments: readonly ManifestSegment[];
}

export const segmentPath = (folder: string, id: string): string => join(folder, `${id}.segment`);
export const vectorsPath = (folder: string, id: string): string => join(folder, `${id}.vectors`);

/** The segment that a file in the folder belongs to; undefined for other files. */
export const segmentIdOf = (file: string): string | undefined =>
  /^(.+)\.(?:segment|vectors)$/.exec(file)?.[1];

/** Writes a manifest so that the old one or the new one is there after a power cut, never a part of one. */
export async function writeManifest(path: string, manifest: Manifest): Promise<number> {
  const text = JSON.stringify(encode(manifest));
  {
    await using file = await open(`${path}.new`, 'w', 0o600);
    await file.writeFile(text);
    await file.sync();
  }
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
  return Buffer.byteLength(text);
}

/** Reads a manifest; undefined when there is none or it is not one that this version wrote. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return decode(JSON.parse(text));
  } catch {
    // Derived data: what cannot be read is made anew from the database.
    return undefined;
  }
}

const SCHEMA = 'hradlo.index/1';

function encode({ label, kind, segments }: Manifest) {
  return {
    schema: SCHEMA,
    label,
    kind: { ...kind, embeddingDigest: kind.embeddingDigest ?? null },
    segments: segments.map(({ overlay, vectorsDigest, ...segment }) => ({
      ...segment,
      vectorsDigest: vectorsDigest ?? null,
      hidden: [...overlay.hidden],
      moved: overlay.moved.map(encodeRun),
    })),
  };
}

// JSON has no infinity.
const encodeTime = (time: number): number | null => (time === Infinity ? null : time);
const encodeRun = (run: MovedRun) => [
  run.start,
  run.end,
  run.aclSet,
  encodeTime(run.validToMs),
  encodeTime(run.recordedToMs),
];

function decode(value: unknown): Manifest {
  const manifest = record(value);
  if (manifest['schema'] !== SCHEMA) throw new TypeError('another schema');
  const kind = record(manifest['kind']);
  const digest = kind['embeddingDigest'];
  return {
    label: text(manifest['label']),
    kind: {
      analyzerVersion: text(kind['analyzerVersion']),
      embeddingDigest: digest === null ? undefined : expectDigest(digest),
      dimensions: number(kind['dimensions']),
    },
    segments: list(manifest['segments']).map(decodeSegment),
  };
}

function decodeSegment(value: unknown): ManifestSegment {
  const segment = record(value);
  const vectors = segment['vectorsDigest'];
  return {
    id: text(segment['id']),
    rowCount: number(segment['rowCount']),
    // Manifests from before have no cold ones.
    isCold: segment['isCold'] === true,
    digest: expectDigest(segment['digest']),
    vectorsDigest: vectors === null ? undefined : expectDigest(vectors),
    overlay: {
      hidden: Uint32Array.from(list(segment['hidden']), number),
      moved: list(segment['moved']).map(decodeRun),
    },
  };
}

function decodeRun(value: unknown): MovedRun {
  const [start, end, aclSet, validTo, recordedTo] = list(value);
  return {
    start: number(start),
    end: number(end),
    aclSet: number(aclSet),
    validToMs: validTo === null ? Infinity : number(validTo),
    recordedToMs: recordedTo === null ? Infinity : number(recordedTo),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('not a record');
  return { ...value };
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('not a list');
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return value;
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('not a number');
  return value;
}
