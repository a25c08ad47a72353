import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TextStream } from './text-stream.ts';

/** Bytes of a text in pieces of the given sizes. */
function pieces(text: string, sizes: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(text);
  const parts: Uint8Array[] = [];
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}

function run(text: string, stops: readonly string[], sizes: readonly number[]) {
  const stream = new TextStream(stops);
  const shown: string[] = [];
  for (const part of pieces(text, sizes)) {
    const { text: now, isStopped } = stream.push(part);
    shown.push(now);
    if (isStopped) return { shown, isStopped: true };
  }
  return { shown: [...shown, stream.finish()], isStopped: false };
}

const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });

test('characters are never split, whatever the tokens are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), sizes, (text, cut) => {
      const { shown } = run(text.toWellFormed(), [], cut);
      assert.equal(shown.join(''), text.toWellFormed());
      for (const part of shown) assert.ok(!part.includes('\uFFFD') || text.toWellFormed().includes('\uFFFD'));
    }),
  );
});

test('what is shown ends before the first stop string, and no part of one is shown', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ž'), maxLength: 30 });
  const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'ž'), minLength: 1, maxLength: 4 }), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(text, stops, sizes, (whole, stopList, cut) => {
      const result = run(whole, stopList, cut);
      const shown = result.shown.join('');
      assert.ok(whole.startsWith(shown));
      for (const stop of stopList) assert.ok(!shown.includes(stop));
      assert.equal(
        result.isStopped,
        stopList.some((stop) => whole.includes(stop)),
      );
      if (!result.isStopped) assert.equal(shown, whole);
    }),
  );
});

test('bytes that are no text become a sign for it, and an unfinished character at the end is dropped', () => {
  const stream = new TextStream([]);
  assert.equal(stream.push(Buffer.from([0xff])).text, '\uFFFD');
  assert.equal(stream.push(Buffer.from([0xc5])).text, '');
  assert.equal(stream.finish(), '');
});
