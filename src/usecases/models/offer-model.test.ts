import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, expectDigest } from '#core/index.ts';
import { OfferModel, type OfferDeps } from './offer-model.ts';

const GIB = 1024 ** 3;
const FILE = {
  commit: 'a'.repeat(40),
  sizeBytes: 100_000_000,
  digest: expectDigest(`sha256:${'1'.repeat(64)}`),
};
const hardware = { memoryBytes: 8 * GIB, freeDiskBytes: 100 * GIB, cores: 4 };
const never = () => new AbortController().signal;

function world(over: Partial<OfferDeps['hub']> = {}) {
  const time = { nowMs: 0, parts: 0 };
  const asked: string[] = [];
  async function* parts(): AsyncGenerator<Uint8Array> {
    for (;;) {
      time.nowMs += 100;
      time.parts += 1;
      yield new Uint8Array(1_000_000);
    }
  }
  const hub: OfferDeps['hub'] = {
    async describe({ path }) {
      asked.push(path);
      return FILE;
    },
    licenceOf: async () => 'apache-2.0',
    read: async () => ({ offset: 0, body: parts() }),
    ...over,
  };
  const clock = { monotonicMs: () => time.nowMs };
  const make = (isOffered = true) => new OfferModel({ hub, clock, isOffered, readHardware: () => hardware });
  return { make, asked, time };
}

test('an offer asks nobody; a look says size, licence and time, and stops reading once it knows', async () => {
  const { make, asked, time } = world();
  const offered = make();
  assert.equal(offered.offer()?.name, 'qwen3-1.7b');
  assert.deepEqual(asked, []);
  // A megabyte in a tenth of a second.
  assert.deepEqual(await offered.look(never()), {
    isReachable: true,
    sizeBytes: FILE.sizeBytes,
    licence: 'apache-2.0',
    seconds: 10,
  });
  assert.deepEqual([asked, time.parts], [['Qwen3-1.7B-Q8_0.gguf'], 5]);
});

test('without internet a look says so and does not fail', async () => {
  const { make } = world({
    describe: () => Promise.reject(new AppError('engine.unavailable', 'The hub cannot be reached.')),
  });
  assert.deepEqual(await make().look(never()), { isReachable: false, reason: 'The hub cannot be reached.' });
});

test('where offers are turned off nothing is offered, and a look goes nowhere', async () => {
  const { make, asked } = world();
  assert.equal(make(false).offer(), undefined);
  assert.equal((await make(false).look(never())).isReachable, false);
  assert.deepEqual(asked, []);
});

test('a look that nobody waits for any more ends', async () => {
  const { make } = world({
    describe: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });
  const gone = new AbortController();
  const look = make().look(gone.signal);
  gone.abort();
  await assert.rejects(look, { name: 'AbortError' });
});
