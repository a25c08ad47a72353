import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AskRequest, toAskInput } from './ask.ts';

const messages = [{ role: 'user', content: 'Jaká je lhůta?' }];

test('a day means its end, as documents that begin to hold on it already do', () => {
  const body = AskRequest.parse({ model: 'hradlo', messages, scope: { as_of: '2024-03-01' } });
  assert.equal(toAskInput(body).scope.validAtMs, Date.UTC(2024, 2, 2) - 1);
});

test('fields that are not known are refused', () => {
  assert.equal(AskRequest.safeParse({ model: 'hradlo', messages, asOf: '2024-03-01' }).success, false);
});
