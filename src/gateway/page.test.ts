import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { scratchFolder } from '#test/scratch.ts';
import { pageRoutes } from './page.ts';
import type { Reply } from './route.ts';

const SCRIPT = 'export const text = "ž";\n'.repeat(100);

async function get(path: string, encoding = ''): Promise<Extract<Reply, { kind: 'bytes' }>> {
  using scratch = scratchFolder('page');
  const folder = scratch.path;
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'a-1.js'), SCRIPT);
  const raw = new IncomingMessage(new Socket());
  raw.headers['accept-encoding'] = encoding;
  const route = pageRoutes(folder).at(-1)!;
  const call = { params: { '*': path }, raw } as unknown as Parameters<typeof route.handle>[0];
  const reply = await route.handle(call);
  assert.ok(reply.kind === 'bytes');
  return reply;
}

test('every address inside the page is the page', async () => {
  const reply = await get('c/some-conversation');
  assert.equal(reply.contentType, 'text/html; charset=utf-8');
});

test('a built file is kept for ever and sent compressed to whom takes it so', async () => {
  const reply = await get('assets/a-1.js', 'gzip, br');
  assert.equal(reply.headers?.['content-encoding'], 'br');
  assert.match(reply.headers?.['cache-control'] ?? '', /immutable/);
  assert.equal(brotliDecompressSync(Buffer.from(reply.bytes)).toString(), SCRIPT);
  assert.equal((await get('assets/a-1.js')).headers?.['content-encoding'], undefined);
});

test('nothing outside of the folder is served, and a missing file is not the page', async () => {
  const reply = await get('../../etc/passwd');
  assert.equal(reply.contentType, 'text/html; charset=utf-8');
  await assert.rejects(get('assets/none.js'), { code: 'request.not_found' });
  await assert.rejects(get('v1/none'), { code: 'request.not_found' });
});
