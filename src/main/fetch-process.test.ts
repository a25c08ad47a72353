import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { expectDigest, isAppError } from '#core/index.ts';
import { artifactPath } from '#registry/index.ts';
import { HUB_FAULTS, startFakeHub, type FakeHub } from '#test/fake-hub.ts';
import { fetchApart } from './fetch-process.ts';
import type { FetchOrder } from './fetch-protocol-schema.ts';

const CONTENT = randomBytes(400_000);

function orderFrom({ url, digest }: FakeHub, folder: string): FetchOrder {
  return {
    hub: { url, retryPauseMs: 1 },
    reference: { repository: 'test/model', path: 'tiny.gguf', revision: 'main' },
    file: { commit: 'a'.repeat(40), sizeBytes: CONTENT.length, digest: expectDigest(digest) },
    folder,
  };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hradlo-fetch-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a fetch that is stopped goes on where it was, and no byte comes twice', () =>
  inFolder(async (folder) => {
    await using hub = await startFakeHub(CONTENT, HUB_FAULTS[0], { bytesPerSecond: 2_000_000 });
    const order = orderFrom(hub, folder);
    const partial = join(folder, 'partial', `${hub.digest.replace(':', '-')}.part`);
    const stop = new AbortController();
    const stopped = fetchApart(order, {
      signal: stop.signal,
      onProgress: (doneBytes) => {
        if (doneBytes > CONTENT.length / 4) stop.abort(new Error('stopped'));
      },
    });
    await assert.rejects(stopped, /^Error: stopped$/);
    const keptBytes = statSync(partial).size;
    assert.ok(keptBytes > 0 && keptBytes < CONTENT.length);
    await fetchApart(order, { signal: new AbortController().signal, onProgress: () => undefined });
    assert.ok(readFileSync(artifactPath(folder, order.file.digest)).equals(CONTENT));
    assert.equal(hub.attempts(), 2);
    assert.ok(hub.sentBytes() < CONTENT.length * 1.1, `${hub.sentBytes()} bytes`);
  }));

test('what the hub does wrong is said by its code, from the other process too', () =>
  inFolder(async (folder) => {
    const wrongByte = HUB_FAULTS.find(({ name }) => name === 'sends one wrong byte');
    await using hub = await startFakeHub(CONTENT, wrongByte);
    const watch = { signal: new AbortController().signal, onProgress: () => undefined };
    await assert.rejects(fetchApart(orderFrom(hub, folder), watch), (error) =>
      isAppError(error, 'input.invalid'),
    );
  }));
