import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { tinyGguf, SHAPES } from '#test/tiny-gguf.ts';
import { estimateMemory } from './gguf/memory-estimate.ts';
import { inspectModelFile } from './inspect-model-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'hradlo-registry-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

test('a sound file comes back with the digest of its bytes', async () => {
  const bytes = tinyGguf();
  const result = await inspectModelFile(write('sound.gguf', bytes), undefined);
  assert.ok(result.verdict === 'accepted');
  assert.equal(result.digest, `sha256:${createHash('sha256').update(bytes).digest('hex')}`);
});

test('a doubtful template passes only when its own digest was approved', async () => {
  const chatTemplate = "{% if 'pay' in messages[-1].content %}x{% endif %}{{ messages[-1].content }}";
  const path = write('doubtful.gguf', tinyGguf(SHAPES.tiny, { chatTemplate }));
  const refused = await inspectModelFile(path, undefined);
  assert.ok(refused.verdict === 'refused');
  assert.match(refused.reason, /sha256:[0-9a-f]{64}.*conditional-on-content/);
  const digest = /sha256:[0-9a-f]{64}/.exec(refused.reason)?.[0];
  assert.equal((await inspectModelFile(path, digest)).verdict, 'accepted');
  assert.equal((await inspectModelFile(path, `sha256:${'0'.repeat(64)}`)).verdict, 'refused');
});

test('a missing or broken file is refused with a reason', async () => {
  assert.equal((await inspectModelFile(join(folder, 'nothing'), undefined)).verdict, 'refused');
  const broken = await inspectModelFile(write('broken.gguf', Buffer.alloc(100)), undefined);
  assert.ok(broken.verdict === 'refused');
  assert.doesNotMatch(broken.reason, /\//, 'no path in what people see');
});

test('memory grows with the cache and holds the weights', async () => {
  const result = await inspectModelFile(write('memory.gguf', tinyGguf()), undefined);
  assert.ok(result.verdict === 'accepted');
  const small = estimateMemory(result.model, { cacheTokens: 1000, batchTokens: 512 });
  const large = estimateMemory(result.model, { cacheTokens: 2000, batchTokens: 512 });
  // Two blocks with two heads of 16 values, keys and values in half precision: 256 bytes a token.
  assert.equal(large.cacheBytes - small.cacheBytes, 1000 * 256);
  assert.ok(small.totalBytes > result.model.weightsBytes);
});
