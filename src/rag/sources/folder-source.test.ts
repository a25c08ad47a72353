import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { documentSourceConformance } from '#test/conformance/document-source.ts';
import { FolderSource } from './folder-source.ts';

const { signal } = new AbortController();

async function keysOf(source: FolderSource): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of source.list(signal)) keys.push(key);
  return keys;
}

async function makeFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'hradlo-folder-'));
  const write = async (key: string, text: string) => {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), text);
  };
  return { folder, write, source: new FolderSource(folder) };
}

documentSourceConformance('folder', async () => {
  const { folder, write, source } = await makeFolder();
  return { source, write, remove: (key) => rm(join(folder, key)) };
});

test('links, hidden files and what programs leave lying about are passed over', async () => {
  const { folder, write, source } = await makeFolder();
  const outside = await makeFolder();
  await outside.write('secret.md', 'secret');
  await symlink(join(outside.folder, 'secret.md'), join(folder, 'link.md'));
  await symlink(outside.folder, join(folder, 'linked'));
  for (const key of ['.hidden', '.git/config', '~$a.docx', 'a.tmp', 'Thumbs.db']) await write(key, 'x');
  await write('a.md', 'x');
  assert.deepEqual(await keysOf(source), ['a.md']);
  assert.equal(await source.fetch('link.md'), undefined);
  await assert.rejects(source.fetch('../x'), RangeError);
});

test('a folder that is not there is unavailable and not empty: else everything would count as gone', async () => {
  const source = new FolderSource(join(tmpdir(), 'hradlo-no-such-folder'));
  await assert.rejects(keysOf(source), { code: 'source.unavailable' });
});
