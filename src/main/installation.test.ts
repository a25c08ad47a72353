import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '#test/scratch.ts';
import { openInstallation } from './installation.ts';

const INSIDE = { masterFile: '', masterCommand: [] };

test('a new installation makes its keys, and finds the same ones again', () => {
  using scratch = scratchFolder('installation');
  const made = openInstallation(join(scratch.path, 'data'), INSIDE);
  const found = openInstallation(join(scratch.path, 'data'), INSIDE);
  assert.deepEqual(found.masterKey, made.masterKey);
  assert.equal(found.chainId, made.chainId);
});

test('a missing master key is named, and no other one is made in its place', () => {
  using scratch = scratchFolder('installation');
  const folder = join(scratch.path, 'data');
  openInstallation(folder, INSIDE);
  mkdirSync(join(folder, 'keys'));
  writeFileSync(join(folder, 'keys', 'cnt_0'), 'wrapped');
  rmSync(join(folder, 'master.key'));
  assert.throws(() => openInstallation(folder, INSIDE), /master key is missing.*keys\.masterFile/s);
  assert.equal(existsSync(join(folder, 'master.key')), false);
  const elsewhere = join(scratch.path, 'elsewhere.key');
  assert.throws(() => openInstallation(folder, { ...INSIDE, masterFile: elsewhere }), /elsewhere\.key/);
});

test('the master key may come from a command, and then lies in no file of the data folder', () => {
  using scratch = scratchFolder('installation');
  const folder = join(scratch.path, 'data');
  const key = Buffer.alloc(32, 7);
  const print = `process.stdout.write(${JSON.stringify(key.toString('base64'))})`;
  const opened = openInstallation(folder, { masterFile: '', masterCommand: [process.execPath, '-e', print] });
  assert.deepEqual(opened.masterKey, key);
  assert.equal(existsSync(join(folder, 'master.key')), false);
  assert.notEqual(readFileSync(join(folder, 'secret.key'), 'utf8').trim(), key.toString('base64'));
});
