import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../build/compiled', import.meta.url));

/**
 * Keeps what V8 compiles for the next start, beside the program: in the temporary folder of everybody, where Node
 * would put it, another user of the machine could lie code of their own in wait. Where the folder cannot be written,
 * nothing is kept.
 */
export function keepCompiledCode(): void {
  enableCompileCache(FOLDER);
}
