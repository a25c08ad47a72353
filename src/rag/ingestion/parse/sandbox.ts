import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ANSWER_FILE } from './answer-file.ts';

/** What keeps a parser that was taken over from doing harm, as far as this machine offers it. */
export interface Sandbox {
  /** Path of bubblewrap when it works: it cuts network, file system and other processes off. */
  readonly bubblewrap: string | undefined;
  /** Path of prlimit: processor time, open files and file sizes are limited. */
  readonly prlimit: string | undefined;
  /** Path of a shell: with it a reader may end what it reads when the program ends. */
  readonly shell?: string | undefined;
  /** Path of setpriv: without bubblewrap it sees to it that a child ends with the program. */
  readonly setpriv?: string | undefined;
  /** Resident memory can be watched. */
  readonly hasMemoryWatch: boolean;
}

/** Limits of one child process. */
export interface ProcessLimits {
  readonly cpuSeconds: number;
  readonly openFiles: number;
  readonly fileBytes: number;
  readonly heapMebibytes: number;
}

type Environment = Readonly<Record<string, string>>;

/** What a child process finds around it. */
export interface Surroundings {
  readonly limits: ProcessLimits;
  readonly environment: Environment;
  /** Folders that it may read beside the program itself. */
  readonly readable: readonly string[];
}

/** How to start a program. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * A child lives for seconds or minutes, and half of what it works would be the optimizing of code that it then hardly
 * uses: it compiles plainly at once, and optimizes late. OCR spends its time in WebAssembly and in loops, which are
 * optimized as ever. What a file makes mostly lives as long as the file: with room for all of it, the collector of
 * young garbage, which would copy it from place to place, hardly runs at all.
 */
const FLAGS = [
  '--disable-warning=ExperimentalWarning',
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
  '--always-sparkplug',
  '--invocation-count-for-maglev=4000',
  '--invocation-count-for-turbofan=30000',
];
/** Held by the program and by nobody else: it closes when the program ends, however it ends. */
export const LIFE_LINE = 5;
/** So long a reader has for the file in hand when the program has ended. */
const LAST_SECONDS = 5;
/**
 * Runs a reader and ends as it does. Nothing else may outlive the program, so the reader is this shell's child, and the
 * sandbox ends with its parent. Beside it waits a watch for the end of the program; it holds nothing that the reader has.
 */
const GUARD = `exec 6<&0
"$@" <&6 6<&- ${LIFE_LINE}<&- &
reader=$!
{ read -r line <&${LIFE_LINE}; sleep "$0"; kill -KILL "$reader"; } </dev/null >/dev/null 2>&1 3<&- ${ANSWER_FILE}<&- 6<&- &
watch=$!
exec </dev/null 3<&- ${ANSWER_FILE}<&- ${LIFE_LINE}<&- 6<&-
wait "$reader"
status=$?
kill "$watch"
exit "$status"`;
const FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin'];
const PROBE_TIMEOUT_MS = 5000;
const SOURCES = fileURLToPath(new URL('../../../', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../../../../node_modules', import.meta.url));
const MANIFEST = fileURLToPath(new URL('../../../../package.json', import.meta.url));

function find(program: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${program}`).find((path) => existsSync(path));
}

/** Read-only places that a program needs to start at all. */
function systemFolders(): string[] {
  return ['/usr', '/lib', '/lib64', '/bin', '/etc/ld.so.cache'].flatMap((path) => [
    '--ro-bind-try',
    path,
    path,
  ]);
}

function wrap(
  bubblewrap: string,
  given: { readonly binds: readonly string[]; readonly environment: Environment },
  command: Command,
): Command {
  const cut = ['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv'];
  const variables = Object.entries(given.environment).flatMap(([name, value]) => ['--setenv', name, value]);
  const places = ['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--chdir', '/'];
  return {
    file: bubblewrap,
    args: [
      ...cut,
      ...variables,
      ...systemFolders(),
      ...places,
      ...given.binds,
      '--',
      command.file,
      ...command.args,
    ],
  };
}

function endWithParent(setpriv: string, { file, args }: Command): Command {
  return { file: setpriv, args: ['--pdeathsig', 'KILL', '--', file, ...args] };
}

/** Looks once at what this machine offers. Bubblewrap is tried, not only found: containers often forbid it. */
export function probeSandbox(): Sandbox {
  const bubblewrap = find('bwrap');
  let isWorking = false;
  if (bubblewrap !== undefined) {
    const { file, args } = wrap(
      bubblewrap,
      { binds: [], environment: {} },
      { file: '/usr/bin/true', args: [] },
    );
    isWorking = spawnSync(file, args, { timeout: PROBE_TIMEOUT_MS, stdio: 'ignore', env: {} }).status === 0;
  }
  return {
    bubblewrap: isWorking ? bubblewrap : undefined,
    prlimit: find('prlimit'),
    setpriv: find('setpriv'),
    shell: find('sh'),
    hasMemoryWatch: existsSync('/proc/self/statm'),
  };
}

/** The sandbox in words for whoever runs the product: what is cut off and what is not. */
export function describeSandbox(
  sandbox: Sandbox,
): readonly { readonly part: string; readonly isActive: boolean }[] {
  const isCut = sandbox.bubblewrap !== undefined;
  return [
    { part: 'network cut off', isActive: isCut },
    { part: 'file system cut off', isActive: isCut },
    { part: 'processor time and files limited', isActive: sandbox.prlimit !== undefined },
    { part: 'memory watched', isActive: sandbox.hasMemoryWatch },
  ];
}

/** How to start the runtime on a file of ours inside of the sandbox. */
export function sandboxed(
  sandbox: Sandbox,
  script: string,
  { limits, environment, readable }: Surroundings,
): Command {
  const runtime = realpathSync(process.execPath);
  const flags = [`--max-old-space-size=${limits.heapMebibytes}`, ...FLAGS];
  const plain = { file: runtime, args: [...flags, script] };
  const binds = [SOURCES, PACKAGES, MANIFEST, runtime, ...readable].flatMap((path) => [
    '--ro-bind',
    path,
    path,
  ]);
  const mortal = sandbox.setpriv === undefined ? plain : endWithParent(sandbox.setpriv, plain);
  const wrapped =
    sandbox.bubblewrap === undefined ? mortal : wrap(sandbox.bubblewrap, { binds, environment }, plain);
  const limited = sandbox.prlimit === undefined ? wrapped : limit(sandbox.prlimit, limits, wrapped);
  return sandbox.shell === undefined ? limited : guard(sandbox.shell, limited);
}

function limit(prlimit: string, limits: ProcessLimits, { file, args }: Command): Command {
  const { cpuSeconds, openFiles, fileBytes } = limits;
  const rules = [`--cpu=${cpuSeconds}`, `--nofile=${openFiles}`, `--fsize=${fileBytes}`, '--core=0'];
  return { file: prlimit, args: [...rules, '--', file, ...args] };
}

/** The command with somebody beside it who ends it soon after the program has ended. */
export function guard(shell: string, { file, args }: Command, lastSeconds = LAST_SECONDS): Command {
  return { file: shell, args: ['-c', GUARD, String(lastSeconds), file, ...args] };
}
