/** Why the process of a model ended, as far as can be told from outside. */
export interface ExitReason {
  readonly cause: 'out-of-memory' | 'bad-file' | 'assertion' | 'killed' | 'crashed' | 'stopped';
  /** One line for people, without paths. */
  readonly summary: string;
}

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last output of the process. */
  readonly stderr: string;
  /** The supervisor itself ended it, because it hung. */
  readonly wasHung: boolean;
}

const PATTERNS: readonly (readonly [RegExp, ExitReason])[] = [
  [
    /GGML_ASSERT|ggml_abort|Assertion .* failed/,
    { cause: 'assertion', summary: 'The engine stopped at one of its own checks.' },
  ],
  [
    /bad_alloc|out of memory|failed to allocate|Cannot allocate memory|heap out of memory/i,
    { cause: 'out-of-memory', summary: 'The engine ran out of memory.' },
  ],
  [
    /invalid magic|failed to load model|error loading model|unknown model architecture|corrupted/i,
    { cause: 'bad-file', summary: 'The engine could not read the model file.' },
  ],
];

/** Tells the cause from exit status and last output. A kill that nobody here sent is most often the kernel's, for memory. */
export function exitReason(exit: Exit): ExitReason {
  if (exit.wasHung) return { cause: 'killed', summary: 'The engine did not answer and was ended.' };
  const known = PATTERNS.find(([pattern]) => pattern.test(exit.stderr));
  if (known !== undefined && exit.code !== 0) return known[1];
  if (exit.signal === 'SIGKILL')
    return { cause: 'killed', summary: 'The engine was killed; when memory ran out, that was the kernel.' };
  if (exit.signal !== null) return { cause: 'crashed', summary: `The engine crashed (${exit.signal}).` };
  if (exit.code === 0) return { cause: 'stopped', summary: 'The engine ended.' };
  return { cause: 'crashed', summary: `The engine ended with status ${exit.code ?? 'unknown'}.` };
}
