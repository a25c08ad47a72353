/** Why a file is not indexed. A reason is true or it is a bug: each is thrown where the fact is seen. */
export const QUARANTINE_REASONS = [
  'encrypted',
  'wrong-password',
  'encryption-unsupported',
  'damaged',
  'too-large',
  'too-many-pages',
  'timed-out',
  'out-of-memory',
  'unsupported-type',
  'archive-bomb',
  'path-traversal',
  'external-entity',
  'empty',
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

/** Numbers and names that fill the reason's sentence: a limit, a size, the type that was seen. */
export type QuarantineDetail = Readonly<Record<string, string | number>>;

/** A verdict on a file that could not be read. */
export interface Quarantine {
  readonly quarantine: QuarantineReason;
  readonly detail: QuarantineDetail;
}

/** Thrown by parsers; becomes a `Quarantine` at the border of the child process. */
export class ParseFailure extends Error {
  override readonly name = 'ParseFailure';
  readonly reason: QuarantineReason;
  readonly detail: QuarantineDetail;

  constructor(reason: QuarantineReason, detail: QuarantineDetail = {}, cause?: unknown) {
    super(`quarantined: ${reason}`, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.detail = detail;
  }
}
