import assert from 'node:assert/strict';
import { test } from 'node:test';
import { place } from './placement.ts';

const WINDOW = { width: 400, height: 600 };
const SIZE = { width: 200, height: 100 };

test('a box goes to the wished side when it fits there, else to the other', () => {
  const middle = { left: 50, top: 300, width: 20, height: 20 };
  assert.deepEqual(place(middle, SIZE, WINDOW, 'above'), { left: 50, top: 194 });
  assert.deepEqual(place(middle, SIZE, WINDOW, 'below'), { left: 50, top: 326 });
  assert.equal(place({ ...middle, top: 20 }, SIZE, WINDOW, 'above').top, 46);
  assert.equal(place({ ...middle, top: 560 }, SIZE, WINDOW, 'below').top, 454);
});

test('a box never leaves the window', () => {
  assert.equal(place({ left: 390, top: 300, width: 10, height: 10 }, SIZE, WINDOW, 'below').left, 192);
  assert.equal(place({ left: -40, top: 300, width: 10, height: 10 }, SIZE, WINDOW, 'below').left, 8);
});
