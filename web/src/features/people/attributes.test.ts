import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRight, namesOf, newRow, toAttributes, toRows } from './attributes.ts';

test('attributes become rows and rows the same attributes', () => {
  const attributes = { region: ['cz', 'sk'], department: ['právní'] };
  assert.deepEqual(
    toRows(attributes).map(({ name, values }) => [name, values]),
    [
      ['department', 'právní'],
      ['region', 'cz, sk'],
    ],
  );
  assert.deepEqual(toAttributes(toRows(attributes)), attributes);
});

test('rows of one name are one attribute, and a row without name or values is none', () => {
  const rows = [
    newRow('region', ['cz']),
    newRow(' region ', ['sk', 'cz']),
    newRow('', ['x']),
    newRow('team'),
  ];
  assert.deepEqual(toAttributes(rows), { region: ['cz', 'sk'] });
});

test('a clearance is one of the levels; other attributes are free', () => {
  assert.equal(isRight(newRow('clearance', ['confidential'])), true);
  assert.equal(isRight(newRow('clearance', ['tajné'])), false);
  assert.equal(isRight(newRow('department', ['tajné'])), true);
});

test('names that others have are offered', () => {
  assert.deepEqual(namesOf([{ attributes: { team: ['a'] } }]), ['clearance', 'department', 'region', 'team']);
});
