import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

test('the verifier that stands alone is made of the code that the product checks with', () => {
  const result = spawnSync(process.execPath, ['--no-warnings', 'scripts/build-verifier.ts', '--check'], {
    encoding: 'utf8',
  });
  assert.equal(result.status, 0, result.stderr);
});
