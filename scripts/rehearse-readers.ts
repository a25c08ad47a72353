// Part of the set-up: one reader reads the samples and ends, so that the code of readers lies compiled. Every reader
// that the product starts later is up in a fraction of the time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { toFrame } from '../src/rag/ingestion/parse/frames.ts';
import { PARSE_LIMITS } from '../src/rag/ingestion/parse/parse-limits.ts';
import { REHEARSAL, type ParseRequest } from '../src/rag/ingestion/parse/parse-request.ts';
import { COMPILED_CODE, readerCommand } from '../src/rag/ingestion/parse/reader-command.ts';
import { root } from './steps.ts';

const TIMEOUT_MS = 120_000;
/** What is compiled is taken only by a process with the same flags; our own files need no sandbox. */
const OPEN = { bubblewrap: undefined, prlimit: undefined, hasMemoryWatch: false };

const samples = globSync('samples/corpus/**/*.{pdf,docx,xlsx,html,md}', { cwd: root })
  .toSorted()
  .map((path) => join(root, path));
const fresh = `${COMPILED_CODE}.new`;
rmSync(fresh, { recursive: true, force: true });
const { file, args, environment } = readerCommand(OPEN, { ...PARSE_LIMITS, cpuSeconds: 0 }, fresh);
const reader = spawn(file, [...args, REHEARSAL], {
  env: environment,
  stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
  timeout: TIMEOUT_MS,
});
// Its answers are not needed.
const answers = reader.stdio[3];
if (answers instanceof Readable) answers.resume();
for (const path of samples) {
  const request: ParseRequest = {
    fileName: basename(path),
    passwords: [],
    handsOut: false,
    keepsAnswer: false,
  };
  reader.stdin?.write(toFrame(Buffer.from(JSON.stringify(request))));
  reader.stdin?.write(toFrame(readFileSync(path)));
}
reader.stdin?.end();
const [code] = await once(reader, 'exit');
if (code !== 0) throw new Error(`the reader ended with ${String(code)}`);
rmSync(COMPILED_CODE, { recursive: true, force: true });
renameSync(fresh, COMPILED_CODE);
