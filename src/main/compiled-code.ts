import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../build/compiled', import.meta.url));

/**
 * Keeps what V8 compiles for the next start, beside the program: in the temporary folder of everybody, where Node
 * would put it, another user of the machine could lie code of their own in wait. Where the folder cannot be written,
 * nothing is kept. Call before anything else is loaded: the threads that are started later find it in the environment,
 * because they load all of their code before the first line of it runs.
 */
export function keepCompiledCode(): void {
  enableCompileCache(FOLDER);
  process.env['NODE_COMPILE_CACHE'] = FOLDER;
}
