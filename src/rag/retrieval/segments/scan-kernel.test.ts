import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { bindKernel, compileKernel } from './scan-kernel.ts';

const ROWS = 5;
const VECTORS = 1024;

test('the kernel gives the exact integer times the scale, also at the ends of the range', () => {
  const int8 = fc.oneof(fc.integer({ min: -127, max: 127 }), fc.constantFrom(-127, 127));
  const int7 = fc.oneof(fc.integer({ min: 1, max: 127 }), fc.constantFrom(1, 127));
  for (const stride of [16, 48, 384]) {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const scan = bindKernel(compileKernel(stride), memory);
    const [scales, sums, out] = [
      VECTORS + ROWS * stride,
      VECTORS + ROWS * stride + 64,
      VECTORS + ROWS * stride + 128,
    ];
    fc.assert(
      fc.property(
        fc.array(int8, { minLength: ROWS * stride, maxLength: ROWS * stride }),
        fc.array(int7, { minLength: stride, maxLength: stride }),
        fc.tuple(fc.nat(ROWS), fc.nat(ROWS)),
        (rows, query, [a, b]) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          new Int8Array(memory.buffer, VECTORS).set(rows);
          new Uint8Array(memory.buffer).set(query);
          const scale = new Float32Array(memory.buffer, scales, ROWS).fill(0.37);
          const sum = new Int32Array(memory.buffer, sums, ROWS);
          for (let row = 0; row < ROWS; row++) {
            sum[row] =
              64 * rows.slice(row * stride, (row + 1) * stride).reduce((total, value) => total + value, 0);
          }
          scan(VECTORS, scales, sums, 0, out, from, to);
          const wanted = Array.from({ length: to - from }, (_, index) => {
            const start = (from + index) * stride;
            const dot = query.reduce((total, value, at) => total + (value - 64) * rows[start + at]!, 0);
            return Math.fround(Math.fround(dot) * scale[0]!);
          });
          assert.deepEqual([...new Float32Array(memory.buffer, out, to - from)], wanted);
        },
      ),
      { numRuns: 100 },
    );
  }
});
