import assert from 'node:assert/strict';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOf } from '#platform/index.ts';
import { openAnswer } from '#rag/index.ts';
import { scratchFolder } from '#test/scratch.ts';
import { ReadSpool, type KeptAnswer } from './read-spool.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;
const answer: KeptAnswer = {
  message: new TextEncoder().encode('answer'),
  innerFiles: [{ path: 'a/b.md', blobDigest: digestOf('b'), sizeBytes: 1 }],
};

test('what was read is found again after a kill, until it is in the database', () => {
  using folder = scratchFolder('read-spool');
  new ReadSpool(folder.path, NOW_MS).save('key', answer);
  const spool = new ReadSpool(folder.path, NOW_MS);
  const found = spool.load('key');
  assert.equal(new TextDecoder().decode(found?.message), 'answer');
  assert.deepEqual(found?.innerFiles, answer.innerFiles);
  assert.equal(spool.load('another'), undefined);
  spool.forget('key');
  assert.equal(spool.load('key'), undefined);
  assert.deepEqual(readdirSync(folder.path), []);
});

test('what a reader answered to nobody is taken over once, and nothing that is not whole', () => {
  using folder = scratchFolder('read-spool-left');
  const digest = Buffer.from(digestOf('answer').slice('sha256:'.length), 'hex');
  const sealed = Buffer.concat([digest, Buffer.from('answer')]);
  assert.notEqual(openAnswer(sealed), undefined);
  const { nameOf } = new ReadSpool(folder.path, NOW_MS);
  const leave = (key: string, bytes: Uint8Array) =>
    writeFileSync(join(folder.path, `${nameOf(key)}.1.part`), bytes);
  leave('key', sealed);
  leave('half', sealed.subarray(0, -1));
  writeFileSync(join(folder.path, '.2.part'), '');
  const spool = new ReadSpool(folder.path, NOW_MS);
  assert.equal(new TextDecoder().decode(spool.load('key')?.message), 'answer');
  assert.equal(spool.load('half'), undefined);
  assert.deepEqual(readdirSync(folder.path), [nameOf('key')]);
  assert.equal(new TextDecoder().decode(new ReadSpool(folder.path, NOW_MS).load('key')?.message), 'answer');
  spool.forget('key');
  assert.deepEqual(readdirSync(folder.path), []);
});

test('what a power cut left half-written is not believed', () => {
  using folder = scratchFolder('read-spool-half');
  const spool = new ReadSpool(folder.path, NOW_MS);
  spool.save('key', answer);
  const path = join(folder.path, readdirSync(folder.path)[0]!);
  const whole = readFileSync(path);
  for (const size of [0, 10, 40, whole.length - 1]) {
    writeFileSync(path, whole.subarray(0, size));
    assert.equal(spool.load('key'), undefined, `${size} bytes`);
  }
});

test('what nobody came back for in a day goes at the next start', () => {
  using folder = scratchFolder('read-spool-old');
  new ReadSpool(folder.path, NOW_MS).save('key', answer);
  const path = join(folder.path, readdirSync(folder.path)[0]!);
  utimesSync(path, NOW_MS / 1000, NOW_MS / 1000);
  assert.notEqual(new ReadSpool(folder.path, NOW_MS + DAY_MS / 2).load('key'), undefined);
  assert.equal(new ReadSpool(folder.path, NOW_MS + 2 * DAY_MS).load('key'), undefined);
});
