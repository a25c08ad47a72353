import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DiskReserve } from './disk-reserve.ts';

test('the reserve holds real blocks, and gives them back', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'hradlo-reserve-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'reserve');
  const reserve = new DiskReserve(path, 300_000);
  assert.ok(reserve.take());
  assert.ok(statSync(path).blocks * 512 >= 300_000);
  assert.ok(reserve.take(), 'taking twice changes nothing');
  reserve.release();
  assert.equal(statSync(path, { throwIfNoEntry: false }), undefined);
});

test('where there is no room, none is taken', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'hradlo-reserve-'));
  context.after(() => rmSync(folder, { recursive: true }));
  assert.ok(!new DiskReserve(join(folder, 'reserve'), Number.MAX_SAFE_INTEGER).take());
});
