import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isAppError } from '#core/index.ts';
import { Egress } from '#platform/index.ts';
import { HUB_FAULTS, startFakeHub, type HubFault } from '#test/fake-hub.ts';
import { scratchFolder } from '#test/scratch.ts';
import { download } from './download.ts';
import { HubClient } from './hub-client.ts';
import { parseHubReference } from './hub-reference.ts';

const CONTENT = randomBytes(300_000);
const reference = parseHubReference('hf:test/model/tiny.gguf')!;

async function pull(fault: HubFault, folder: string) {
  await using hub = await startFakeHub(CONTENT, fault);
  await using egress = new Egress(
    { kind: 'named', origins: new Set([hub.url]) },
    { connectMs: 300, firstByteMs: 300, idleMs: 300 },
  );
  const client = new HubClient({
    baseUrl: new URL(hub.url),
    token: undefined,
    send: (call) => egress.send(call),
  });
  const { signal } = new AbortController();
  try {
    const file = await client.describe(reference, signal);
    const path = await download({
      hub: client,
      reference,
      file,
      folder,
      signal,
      onProgress: () => undefined,
      pause: async () => undefined,
    });
    return { path, error: undefined };
  } catch (error) {
    return { path: undefined, error };
  }
}

for (const fault of HUB_FAULTS) {
  test(`a hub that ${fault.name}: ${fault.outcome === 'file' ? 'the right file' : 'a clear error and no file'}`, async () => {
    using scratch = scratchFolder('pull');
    const folder = scratch.path;
    const { path, error } = await pull(fault, folder);
    if (fault.outcome === 'file') {
      assert.equal(error, undefined);
      assert.ok(readFileSync(path!).equals(CONTENT));
    } else {
      assert.ok(isAppError(error), String(error));
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.endsWith('.gguf')),
        [],
      );
    }
  });
}

test('a reference names a file of a repository and nothing else', () => {
  assert.deepEqual(parseHubReference('hf:org/repo/dir/a.Q4_0.gguf@v1'), {
    repository: 'org/repo',
    path: 'dir/a.Q4_0.gguf',
    revision: 'v1',
  });
  for (const text of [
    'hf:org/a.gguf',
    'hf:org/repo/../x.gguf',
    'hf:org/repo/a.bin',
    'https://x/a/b.gguf',
    'hf:org/repo/a.gguf@../x',
    'hf:../repo/a.gguf',
  ]) {
    assert.equal(parseHubReference(text), undefined, text);
  }
});
