import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseHubReference } from './hub/hub-reference.ts';
import { offerFor } from './offered-models.ts';

const GIB = 1024 ** 3;
const LARGE = { memoryBytes: 64 * GIB, freeDiskBytes: 500 * GIB, cores: 16 };

test('the largest model that runs well is offered, and on a small machine a small one', () => {
  assert.equal(offerFor(LARGE)?.name, 'qwen3-4b');
  assert.equal(offerFor({ ...LARGE, cores: 4 })?.name, 'qwen3-1.7b');
  assert.equal(offerFor({ ...LARGE, memoryBytes: 4 * GIB })?.name, 'qwen3-0.6b');
});

test('nothing is offered that the machine or its disk cannot hold', () => {
  assert.equal(offerFor({ ...LARGE, memoryBytes: 2 * GIB }), undefined);
  assert.equal(offerFor({ ...LARGE, freeDiskBytes: 2 * GIB }), undefined);
  const sizes = fc.nat({ max: 2 ** 37 });
  fc.assert(
    fc.property(sizes, sizes, fc.integer({ min: 1, max: 64 }), (memoryBytes, freeDiskBytes, cores) => {
      const offer = offerFor({ memoryBytes, freeDiskBytes, cores });
      if (offer === undefined) return;
      assert.ok(offer.sizeBytes < memoryBytes && offer.sizeBytes < freeDiskBytes);
      assert.ok(parseHubReference(offer.source) !== undefined);
    }),
  );
});
