import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { canonicalJson, type Json } from './canonical-json.ts';

const json: fc.Arbitrary<Json> = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)));

function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, field]) => [key, shuffled(field)]),
  );
}

test('canonical JSON is JSON of the same value', () => {
  fc.assert(
    fc.property(json, (value) =>
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value))),
    ),
  );
});

test('the order of keys does not matter', () => {
  fc.assert(fc.property(json, (value) => assert.equal(canonicalJson(value), canonicalJson(shuffled(value)))));
});

test('a number that JSON cannot hold is refused, not written as null', () => {
  assert.throws(() => canonicalJson({ a: Number.NaN }), TypeError);
});
