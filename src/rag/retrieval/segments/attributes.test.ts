import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meets } from './attributes.ts';

const document = { year: ['2024'], department: ['hr', 'pravni'], code: ['9'] };

test('what is stated as text lies between numbers as a number, and between texts as a text', () => {
  assert.ok(meets(document, { type: 'between', name: 'year', atLeast: 2020, atMost: 2024 }));
  assert.ok(!meets(document, { type: 'between', name: 'year', atLeast: 2025 }));
  assert.ok(meets(document, { type: 'between', name: 'code', atMost: 10 }));
  assert.ok(!meets(document, { type: 'between', name: 'code', atMost: '10' }));
  assert.ok(!meets(document, { type: 'between', name: 'department', atLeast: 0 }));
});

test('of several values one suffices, and a missing attribute meets nothing', () => {
  assert.ok(meets(document, { type: 'one-of', name: 'department', values: ['it', 'pravni'] }));
  assert.ok(!meets(document, { type: 'one-of', name: 'author', values: ['it'] }));
});
