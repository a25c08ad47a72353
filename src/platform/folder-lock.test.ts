import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
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
