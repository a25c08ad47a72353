import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '#test/scratch.ts';
import { FolderInUseError, lockFolder } from './folder-lock.ts';

test('a folder is held by one, and free once that one is gone', () => {
  using scratch = scratchFolder('lock');
  const folder = scratch.path;
  const path = join(folder, 'lock');
  const held = lockFolder(path);
  assert.throws(() => lockFolder(path), FolderInUseError);
  held[Symbol.dispose]();
  lockFolder(path)[Symbol.dispose]();
});

test('a process that is killed leaves no lock behind', () => {
  using scratch = scratchFolder('lock');
  const folder = scratch.path;
  const path = join(folder, 'lock');
  const module = new URL('./folder-lock.ts', import.meta.url).href;
  const script = `import { lockFolder } from ${JSON.stringify(module)}; lockFolder(${JSON.stringify(path)}); process.kill(process.pid, 'SIGKILL');`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  assert.equal(signal, 'SIGKILL');
  lockFolder(path)[Symbol.dispose]();
});

test('a holder that is about to end is waited for', async () => {
  using scratch = scratchFolder('lock');
  const path = join(scratch.path, 'lock');
  const module = new URL('./folder-lock.ts', import.meta.url).href;
  const script = `import { lockFolder } from ${JSON.stringify(module)}; const held = lockFolder(${JSON.stringify(path)}); console.log('held'); setTimeout(() => held[Symbol.dispose](), 200);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await once(child.stdout, 'data');
  assert.throws(() => lockFolder(path), FolderInUseError);
  lockFolder(path, 30_000)[Symbol.dispose]();
  await once(child, 'exit');
});
