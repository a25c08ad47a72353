import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/steps.ts';
import { informative, judged, type Figure, type Proof } from './proof.ts';

const LIMIT_S = 90;
const LIMIT_MB = 450;
const READY = /Hradlo is ready: (\S+)/;
const NOBODY = 65_534;
const QUESTION = 'Jaká je výpovědní lhůta?';

interface Machine {
  readonly clone: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly uid: number | undefined;
}

/** The oldest Node that people may have: `HRADLO_OLD_NODE`, or the one that runs npm here. */
function oldNode(): string {
  return process.env['HRADLO_OLD_NODE'] ?? process.env['npm_node_execpath'] ?? process.execPath;
}

/** A folder with `node` and `npm` and nothing of this checkout on the way to them. */
function makePath(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const node = oldNode();
  symlinkSync(node, join(bin, 'node'));
  const npm = process.env['npm_execpath'] ?? join(dirname(node), '../lib/node_modules/npm/bin/npm-cli.js');
  cpSync(join(root, 'test/support/npm.sh'), join(bin, 'npm'));
  chmodSync(join(bin, 'npm'), 0o755);
  return `${bin}:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin${existsSync(npm) ? `:${dirname(npm)}` : ''}`;
}

function makeMachine(base: string, name: string, uid?: number): Machine {
  const folder = join(base, name);
  mkdirSync(folder);
  const clone = join(folder, 'hradlo');
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone]);
  const home = join(folder, 'home');
  mkdirSync(home);
  const environment: NodeJS.ProcessEnv = {
    PATH: makePath(folder),
    HOME: home,
    npm_config_cache: join(home, '.npm'),
    NPM_CLI: process.env['npm_execpath'] ?? '',
    ...Object.fromEntries(
      Object.entries(process.env).filter(([key]) =>
        /^(https?_proxy|no_proxy|npm_config_registry|npm_config_userconfig|NODE_EXTRA_CA_CERTS)$/i.test(key),
      ),
    ),
  };
  if (uid !== undefined) execFileSync('chown', ['-R', `${uid}:${uid}`, folder]);
  return { clone, environment, uid };
}

interface Start {
  readonly seconds: number;
  readonly answer: string;
}

async function untilReady(child: ChildProcess): Promise<string> {
  const ready = Promise.withResolvers<string>();
  let output = '';
  const onData = (part: Buffer) => {
    output += part.toString();
    const found = READY.exec(output);
    if (found !== null) ready.resolve(found[1]!);
  };
  child.stdout?.on('data', onData);
  child.stderr?.on('data', onData);
  child.once('exit', (code) => ready.reject(new Error(`npm start ended with ${code}:\n${output}`)));
  return ready.promise;
}

/** `npm start`, from another directory, until the first cited answer over HTTP; then stops it. */
async function start({ clone, environment, uid }: Machine): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn('npm', ['--prefix', clone, 'start', '--', '--port', '0'], {
    cwd: tmpdir(),
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  try {
    const url = await untilReady(child);
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'hradlo', messages: [{ role: 'user', content: QUESTION }] }),
    });
    const body = (await response.json()) as { choices: { message: { content: string } }[] };
    return { seconds: (performance.now() - startedAt) / 1000, answer: body.choices[0]!.message.content };
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, 'SIGTERM');
      await gone;
    }
  }
}

function sizeMb(folder: string): number {
  return Number(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }).split('\t')[0]);
}

/** Size of the packages that run in production, in a clone of its own. */
function productionSize(machine: Machine): number {
  const result = spawnSync('npm', ['--prefix', machine.clone, 'ci', '--omit=dev', '--loglevel=error'], {
    cwd: machine.clone,
    env: machine.environment,
    stdio: 'ignore',
  });
  if (result.status !== 0) throw new Error('npm ci --omit=dev failed');
  return sizeMb(join(machine.clone, 'node_modules'));
}

function isCited({ answer }: Start): boolean {
  return answer.includes('dva měsíce') && answer.includes('[1]');
}

async function measure(base: string, isQuick: boolean): Promise<Figure[]> {
  const first = makeMachine(base, 'first');
  const version = execFileSync(oldNode(), ['-v'], { encoding: 'utf8' }).trim();
  const cold = await start(first);
  const warm = await start(first);
  const figures = [
    informative('node that runs npm', version),
    judged(
      'empty npm cache: seconds to the first cited answer',
      cold.seconds.toFixed(1),
      `≤ ${LIMIT_S}`,
      isCited(cold) && cold.seconds <= LIMIT_S,
    ),
    judged(
      'again: seconds',
      warm.seconds.toFixed(1),
      `≤ ${LIMIT_S}`,
      isCited(warm) && warm.seconds <= LIMIT_S,
    ),
    informative('installed size, MB', sizeMb(first.clone)),
  ];
  if (isQuick) return figures;
  const test = spawnSync('npm', ['--prefix', first.clone, 'test'], {
    cwd: tmpdir(),
    env: first.environment,
    encoding: 'utf8',
  });
  figures.push(
    judged(
      'npm test',
      /ℹ pass \d+/.exec(test.stdout)?.[0] ?? `exit ${test.status}`,
      'green',
      test.status === 0,
    ),
  );
  const production = productionSize(makeMachine(base, 'production'));
  figures.push(
    judged('packages installed for production, MB', production, `≤ ${LIMIT_MB}`, production <= LIMIT_MB),
  );
  if (process.getuid?.() === 0) {
    const plain = await start(makeMachine(base, 'plain', NOBODY));
    figures.push(
      judged('as a plain user: seconds', plain.seconds.toFixed(1), 'a cited answer', isCited(plain)),
    );
  } else figures.push(informative('as a plain user', 'this run is one'));
  return figures;
}

export const proof: Proof = {
  promise: 'a clean clone answers its first question after npm start and nothing else',
  async run({ isQuick }) {
    const base = mkdtempSync(join(tmpdir(), 'hradlo-fresh-'));
    chmodSync(base, 0o755);
    try {
      return { figures: await measure(base, isQuick) };
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  },
};
