import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '#test/scratch.ts';
import { DiskReserve } from './disk-reserve.ts';

test('the reserve holds real blocks, and gives them back', () => {
  using scratch = scratchFolder('reserve');
  const folder = scratch.path;
  const path = join(folder, 'reserve');
  const reserve = new DiskReserve(path, 300_000);
  assert.ok(reserve.take());
  assert.ok(statSync(path).blocks * 512 >= 300_000);
  assert.ok(reserve.take(), 'taking twice changes nothing');
  reserve.release();
  assert.equal(statSync(path, { throwIfNoEntry: false }), undefined);
});

test('where there is no room, none is taken', () => {
  using scratch = scratchFolder('reserve');
  const folder = scratch.path;
  assert.ok(!new DiskReserve(join(folder, 'reserve'), Number.MAX_SAFE_INTEGER).take());
});
