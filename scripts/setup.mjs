// Runs on any Node >= 18 with no dependencies: installs what the lock file names, makes sure that `node`
// inside npm scripts is new enough; --build builds the page, --clients installs the real clients that tests
// use. About 0.1 s when nothing changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const FLOOR = [24, 18];
const LOCK = join(root, '.setup.lock');
const LOCK_STALE_MS = 10 * 60_000;

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const fail = (message) => {
  console.error(`\nset-up: ${message}`);
  process.exit(1);
};

/** Every file below `path`, sorted, so that one hash covers a whole tree. */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .toSorted()
    .flatMap((name) => filesBelow(join(path, name)));
}

function digestOf(...paths) {
  const hash = createHash('sha256').update(process.platform + process.arch);
  for (const file of paths.flatMap((path) => filesBelow(join(root, path)))) {
    hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function stamped(name, want, isThere, work) {
  const file = join(root, 'node_modules', '.stamps', name);
  if (isThere() && existsSync(file) && readFileSync(file, 'utf8') === want) return;
  work();
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, want);
}

function npm(args, folder = root) {
  const cli = process.env.npm_execpath;
  const result = cli
    ? spawnSync(process.execPath, [cli, ...args], { cwd: folder, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: folder, stdio: 'inherit', shell: true });
  if (result.status !== 0) {
    rmSync(LOCK, { recursive: true, force: true });
    fail(`"npm ${args.join(' ')}" failed. Is there a way to the npm registry from here? Then run it again.`);
  }
}

function versionOf(binary) {
  const result = spawnSync(binary, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim().split('.').map(Number) : undefined;
}
const isEnough = (version) =>
  version !== undefined && (version[0] > FLOOR[0] || (version[0] === FLOOR[0] && version[1] >= FLOOR[1]));

// Two starts at once would race inside `npm ci`: the second waits for the first.
function takeLock() {
  for (;;) {
    try {
      mkdirSync(LOCK);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST')
        fail(`cannot write to ${root} (${error.code}): run it as the owner of that folder.`);
    }
    const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LOCK_STALE_MS) rmSync(LOCK, { recursive: true, force: true });
    sleep(200);
  }
}

function useGoodNode() {
  const bundled = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(bundled) && isEnough(versionOf(bundled))) return;
  const own = process.versions.node.split('.').map(Number);
  if (!isEnough(own)) {
    rmSync(LOCK, { recursive: true, force: true });
    fail(
      `needs Node ${FLOOR.join('.')} or newer. The bundled one does not run here (it needs glibc) ` +
        `and the one that runs npm is ${own.join('.')}.`,
    );
  }
  rmSync(bundled, { force: true }); // npm scripts then find the good system Node
}

/** Compiles the code of readers. Without it everything works, only slower to start. */
function rehearseReaders() {
  const bundled = join(root, 'node_modules', '.bin', 'node');
  const runtime = existsSync(bundled) ? bundled : process.execPath;
  const script = join(root, 'scripts', 'rehearse-readers.ts');
  const { status } = spawnSync(runtime, ['--disable-warning=ExperimentalWarning', script], {
    stdio: 'inherit',
  });
  if (status !== 0)
    console.error('set-up: the code of readers could not be compiled ahead; they start slower.');
}

takeLock();
try {
  stamped(
    'install',
    digestOf('package-lock.json'),
    () => existsSync(join(root, 'node_modules', 'fastify')),
    () => npm(['ci', '--loglevel=error']),
  );
  useGoodNode();
  if (process.argv.includes('--clients')) {
    // Real clients for the compatibility tests, apart from what the product needs.
    const clients = join(root, 'test', 'clients');
    stamped(
      'clients',
      digestOf('test/clients/package-lock.json'),
      () => existsSync(join(clients, 'node_modules', 'openai')),
      () => npm(['ci', '--loglevel=error'], clients),
    );
  }
  const isProduction = !existsSync(join(root, 'node_modules', 'vite'));
  if (process.argv.includes('--build') && !isProduction && existsSync(join(root, 'web', 'index.html'))) {
    stamped(
      'web',
      digestOf('package-lock.json', 'web', 'src/wire'),
      () => existsSync(join(root, 'web', 'dist', 'index.html')),
      () => npm(['run', '--silent', 'build:web', '--', '--logLevel=warn']),
    );
  }
  stamped(
    'readers',
    digestOf('package-lock.json', 'src/rag/ingestion/parse', 'src/core', 'samples/corpus'),
    () => existsSync(join(root, 'build', 'readers')),
    rehearseReaders,
  );
} finally {
  rmSync(LOCK, { recursive: true, force: true });
}
