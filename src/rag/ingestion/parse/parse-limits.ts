const MEBIBYTE = 1024 * 1024;

/** What one file may cost, and how many of them one process reads. */
export interface ParseLimits {
  /** Time of work without a sign of progress; every page read by OCR is one. */
  readonly stallMs: number;
  /** Time of work on the whole file. */
  readonly totalMs: number;
  readonly memoryBytes: number;
  readonly inputBytes: number;
  readonly resultBytes: number;
  /** Files after which a process is replaced by a new one. */
  readonly filesPerChild: number;
  /** Reading time after which it is: what is left of its limit of processor time is that of one file. */
  readonly busyMsPerChild: number;
}

export const PARSE_LIMITS: ParseLimits = {
  stallMs: 60_000,
  totalMs: 900_000,
  // 128 of them are room for young objects.
  memoryBytes: 1664 * MEBIBYTE,
  inputBytes: 256 * MEBIBYTE,
  resultBytes: 256 * MEBIBYTE,
  filesPerChild: 500,
  busyMsPerChild: 120_000,
};
