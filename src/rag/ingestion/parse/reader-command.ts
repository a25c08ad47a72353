import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sandboxed, type Command, type Sandbox } from './sandbox.ts';

/** What a reader runs. */
export const READER_SCRIPT = fileURLToPath(new URL('./parse-child.ts', import.meta.url));
/**
 * The code of readers as it was compiled when the product was set up. Only a set-up writes there: what a reader that
 * was taken over could write would run in all others.
 */
export const COMPILED_CODE = fileURLToPath(new URL('../../../../build/readers', import.meta.url));

const MEBIBYTE = 1024 * 1024;
const MAX_FILE_BYTES = 64 * MEBIBYTE;
const MAX_OPEN_FILES = 256;
/** Of its memory; the rest is for what lies outside of the heap. */
const HEAP_SHARE = 0.75;

/** What one reader may use. */
export interface ReaderLimits {
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** How to start a reader in a sandbox. */
export interface ReaderCommand extends Command {
  readonly environment: Readonly<Record<string, string>>;
}

/** @param compiledCode where its compiled code lies; by default where the set-up puts it, if it has. */
export function readerCommand(
  sandbox: Sandbox,
  { cpuSeconds, memoryBytes }: ReaderLimits,
  compiledCode = existsSync(COMPILED_CODE) ? COMPILED_CODE : undefined,
): ReaderCommand {
  const limits = {
    cpuSeconds,
    openFiles: MAX_OPEN_FILES,
    fileBytes: MAX_FILE_BYTES,
    heapMebibytes: Math.floor((memoryBytes * HEAP_SHARE) / MEBIBYTE),
  };
  const environment = {
    // Packages ask for a home folder while they load; this one is empty.
    HOME: '/tmp',
    ...(compiledCode !== undefined && { NODE_COMPILE_CACHE: compiledCode }),
  };
  const readable = compiledCode === undefined ? [] : [compiledCode];
  return { ...sandboxed(sandbox, READER_SCRIPT, { limits, environment, readable }), environment };
}
