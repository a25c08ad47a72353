import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENTRY_POINTS, PLAN, faultsOf, faultsOfPage } from '#test/borders.ts';

test('the plan has no cycle', () => {
  const modules = [...PLAN.keys()];
  for (const [index, module] of modules.entries()) {
    for (const to of PLAN.get(module)!)
      assert.ok(modules.indexOf(to) < index, `${module} -> ${to} points down`);
  }
});

test('every import keeps to the plan', () => {
  const files = globSync('**/*.ts', { cwd: 'src' });
  assert.ok(files.length > 20, 'found no source to check');
  assert.deepEqual(
    files.flatMap((file) => faultsOf(file, readFileSync(join('src', file), 'utf8'))),
    [],
  );
});

test('the page imports only wire', () => {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: 'web' });
  assert.ok(files.length > 0, 'found no page to check');
  assert.deepEqual(
    files.flatMap((file) => faultsOfPage(file, readFileSync(join('web', file), 'utf8'))),
    [],
  );
});

test('every entry point in the table exists', () => {
  const missing = [...ENTRY_POINTS]
    .flatMap(([from, to]) => [from, ...to])
    .filter((file) => !existsSync(join('src', file)));
  assert.deepEqual(missing, []);
});

test('every module that exists opens its entry point with its card', () => {
  for (const module of PLAN.keys()) {
    if (module === 'main' || module === 'wire' || !existsSync(join('src', module))) continue;
    const lines = readFileSync(join('src', module, 'index.ts'), 'utf8')
      .split('\n')
      .slice(0, 4);
    for (const [index, start] of ['// ', '// Owns: ', '// Never: ', '// Bound by: '].entries()) {
      assert.ok(
        lines[index]?.startsWith(start),
        `src/${module}/index.ts line ${index + 1} should start "${start}"`,
      );
    }
  }
});
