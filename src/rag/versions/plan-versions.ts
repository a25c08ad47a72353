import type { Digest, VersionId } from '#core/index.ts';

/** What says which text holds from when to when; equal ones say the same. */
interface Statement {
  readonly blobDigest: string;
  readonly pipelineDigest: string;
  /** Title, labels and class in one spelling. */
  readonly details: string;
  /** The file that it came from. */
  readonly origin: string;
  readonly validFromMs: number;
  /** The end that its owner states; undefined while none does. A newer version ends it earlier. */
  readonly statedToMs: number | undefined;
}

/** A version as it is known now: nothing recorded later has taken its place. */
export interface KnownVersion extends Statement {
  readonly id: VersionId;
  /** Number of the text among the texts that the document ever had, from 1; a restatement keeps it. */
  readonly edition: number;
  readonly validToMs: number | undefined;
}

/** A version that comes in. */
export interface ArrivingVersion extends Omit<Statement, 'blobDigest' | 'pipelineDigest' | 'validFromMs'> {
  readonly blobDigest: Digest;
  readonly pipelineDigest: Digest;
  /** Undefined when nothing says since when it holds: then since now, or since when the same text did. */
  readonly validFromMs: number | undefined;
}

/** The same text again, with another end of its validity; what was recorded before stays as it was known. */
export interface Restatement {
  readonly id: VersionId;
  readonly validToMs: number | undefined;
}

export interface VersionChange {
  /** Known until now and no longer. */
  readonly ended: readonly VersionId[];
  /** Among the ended ones those that hold on, but for another time. */
  readonly restated: readonly Restatement[];
}

export interface VersionPlan extends VersionChange {
  readonly edition: number;
  readonly validFromMs: number;
  readonly validToMs: number | undefined;
  /** A version with the same chunks: only what is said about the text changed. */
  readonly sameChunksAs: VersionId | undefined;
}

const END = Infinity;

/** Ends of versions in the order of their starts: each holds until the next begins, or its owner says it ends. */
function endsOf<Version extends Pick<Statement, 'validFromMs' | 'statedToMs'>>(
  versions: readonly Version[],
): Map<Version, number | undefined> {
  const sorted = versions.toSorted((a, b) => a.validFromMs - b.validFromMs);
  return new Map(
    sorted.map((version, index) => {
      const end = Math.min(version.statedToMs ?? END, sorted[index + 1]?.validFromMs ?? END);
      return [version, end === END ? undefined : end];
    }),
  );
}

function changeBetween(
  known: readonly KnownVersion[],
  gone: ReadonlySet<KnownVersion>,
  ends: ReadonlyMap<object, number | undefined>,
): VersionChange {
  const restated = known
    .filter((version) => !gone.has(version) && ends.get(version) !== version.validToMs)
    .map((version) => ({ id: version.id, validToMs: ends.get(version) }));
  return { ended: [...[...gone].map(({ id }) => id), ...restated.map(({ id }) => id)], restated };
}

/**
 * The version whose place the arriving one takes: the one of the same day, or what its file held last if that is
 * the same text. An earlier text that comes back is a new version.
 */
function replacedBy(known: readonly KnownVersion[], arriving: ArrivingVersion): KnownVersion | undefined {
  const lastOfFile = known
    .filter((version) => version.origin === arriving.origin)
    .toSorted((a, b) => b.edition - a.edition)[0];
  const sameText = lastOfFile?.blobDigest === arriving.blobDigest ? lastOfFile : undefined;
  if (arriving.validFromMs === undefined) return sameText;
  return known.find((version) => version.validFromMs === arriving.validFromMs) ?? sameText;
}

/**
 * What a version that comes in changes in what is known of its document; undefined when it says nothing new.
 * Recorded time is kept whole: what was known is never changed, only ended and stated anew, so that a question
 * about any day, as known on any day, is answered as it would have been answered then. An older version that
 * arrives late takes its place between its neighbours.
 * @param known what is known now, in any order, each with its own `validFromMs`.
 * @param lastEdition the highest number that a text of the document ever had; 0 for a new document.
 */
export function planVersion(
  known: readonly KnownVersion[],
  arriving: ArrivingVersion,
  { nowMs, lastEdition }: { readonly nowMs: number; readonly lastEdition: number },
): VersionPlan | undefined {
  const replaced = replacedBy(known, arriving);
  const validFromMs = arriving.validFromMs ?? replaced?.validFromMs ?? nowMs;
  // A file without a date that arrives in the millisecond of another one of the document takes its place.
  const gone = new Set(
    known.filter((version) => version === replaced || version.validFromMs === validFromMs),
  );
  const placed = { validFromMs, statedToMs: arriving.statedToMs };
  const ends = endsOf([...known.filter((version) => !gone.has(version)), placed]);
  const validToMs = ends.get(placed);
  if (replaced !== undefined && gone.size === 1 && saysTheSame(replaced, arriving, validFromMs)) {
    return undefined;
  }
  const sameChunksAs = known.find(
    (version) =>
      version.blobDigest === arriving.blobDigest && version.pipelineDigest === arriving.pipelineDigest,
  )?.id;
  const isSameText = replaced?.blobDigest === arriving.blobDigest;
  const edition = isSameText ? replaced.edition : lastEdition + 1;
  return { edition, validFromMs, validToMs, sameChunksAs, ...changeBetween(known, gone, ends) };
}

function saysTheSame(known: KnownVersion, arriving: ArrivingVersion, validFromMs: number): boolean {
  return (
    known.blobDigest === arriving.blobDigest &&
    known.pipelineDigest === arriving.pipelineDigest &&
    known.details === arriving.details &&
    known.origin === arriving.origin &&
    known.validFromMs === validFromMs &&
    known.statedToMs === arriving.statedToMs
  );
}

/** What it changes that versions are withdrawn: their file is gone. Those before them hold on again. */
export function planWithdrawal(
  known: readonly KnownVersion[],
  isWithdrawn: (version: KnownVersion) => boolean,
): VersionChange {
  const gone = new Set(known.filter(isWithdrawn));
  return changeBetween(known, gone, endsOf(known.filter((version) => !gone.has(version))));
}

/** The version that stands for its document in lists: the one that holds now, else the nearest one. */
export function currentOf<Version extends Pick<KnownVersion, 'validFromMs'>>(
  versions: readonly Version[],
  nowMs: number,
): Version | undefined {
  const sorted = versions.toSorted((a, b) => a.validFromMs - b.validFromMs);
  return sorted.findLast((version) => version.validFromMs <= nowMs) ?? sorted[0];
}
