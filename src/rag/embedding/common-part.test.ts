import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { commonPartOf, withoutCommonPart } from './common-part.ts';
import { UNRELATED_TEXTS } from './unrelated-texts.ts';

const unit = (values: readonly number[]): Float32Array => {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);
/** Directions of their own beside one that all share. */
const crowded = (share: number): Float32Array[] =>
  Array.from({ length: 8 }, (_, own) =>
    unit([share, ...Array.from({ length: 8 }, (__, at) => (at === own ? 1 : 0))]),
  );

test('what all vectors share is taken away, and what tells them apart stays', () => {
  const vectors = crowded(3);
  assert.ok(cosine(vectors[0]!, vectors[1]!) > 0.85);
  const common = commonPartOf(vectors);
  const [a, b] = vectors.map((vector) => withoutCommonPart(vector, common));
  assert.ok(Math.abs(cosine(a!, b!)) < 0.2);
  assert.ok(Math.abs(cosine(a!, a!) - 1) < 1e-6);
});

test('vectors that are spread well are left as they are', () => {
  const vectors = crowded(0);
  const common = commonPartOf(vectors);
  assert.ok(common.every((value) => value === 0));
  assert.deepEqual(withoutCommonPart(vectors[2]!, common), vectors[2]);
});

test('a vector is of length 1 or of zeros, whatever is taken away', () => {
  const vector = fc.array(fc.float({ noNaN: true, min: -1, max: 1 }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(vector, vector, (values, common) => {
      const rest = withoutCommonPart(Float32Array.from(values), Float32Array.from(common));
      const length = Math.hypot(...rest);
      assert.ok(Math.abs(length - 1) < 1e-4 || rest.every((value) => value === 0));
    }),
  );
});

test('one vector has no mean cosine, and no two of the fixed texts are alike', () => {
  assert.throws(() => commonPartOf([unit([1, 0])]), RangeError);
  assert.equal(new Set(UNRELATED_TEXTS).size, UNRELATED_TEXTS.length);
});
