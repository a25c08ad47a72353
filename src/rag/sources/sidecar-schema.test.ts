import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readDatedPath } from './dated-path.ts';
import { readSidecar } from './sidecar-schema.ts';

const SAMPLES = fileURLToPath(new URL('../../../samples/corpus', import.meta.url));

test('a sidecar says id, title, days, labels, class and who may read', () => {
  const { sidecar } = readSidecar(`
id: mzdovy-rad
title: Mzdový řád
valid-from: 2026-01-01
valid-to: 2026-12-31
data-class: confidential
attributes: { kind: directive, department: [personalni, mzdy] }
grants:
  - group: hr
    right: read
  - user: anna
`);
  assert.deepEqual(sidecar, {
    id: 'mzdovy-rad',
    title: 'Mzdový řád',
    validFromMs: Date.UTC(2026, 0, 1),
    validToMs: Date.UTC(2027, 0, 1),
    dataClass: 'confidential',
    attributes: { kind: ['directive'], department: ['personalni', 'mzdy'] },
    grants: [
      { kind: 'group', name: 'hr' },
      { kind: 'user', name: 'anna' },
    ],
    rules: [],
  });
});

test('rules of a sidecar ask attributes, clearance, purpose and days of whoever reads', () => {
  const { sidecar } = readSidecar(`
rules:
  - department: [pravni, mzdy]
    region: cz
    not: { employment: external }
  - clearance: confidential
  - purpose: audit
  - from: 2026-01-01
    until: 2026-12-31
`);
  assert.deepEqual(sidecar?.rules, [
    {
      kind: 'all',
      of: [
        { kind: 'anyOf', attribute: 'department', values: ['pravni', 'mzdy'] },
        { kind: 'anyOf', attribute: 'region', values: ['cz'] },
        { kind: 'noneOf', attribute: 'employment', values: ['external'] },
      ],
    },
    { kind: 'all', of: [{ kind: 'clearance', atLeast: 'confidential' }] },
    { kind: 'all', of: [{ kind: 'purpose', values: ['audit'] }] },
    { kind: 'all', of: [{ kind: 'during', fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2027, 0, 1) }] },
  ]);
  const wrong = [
    '[{}]',
    '[{ clearance: cosmic }]',
    '[{ Department: x }]',
    '[{ department: {} }]',
    'all',
    '[{ not: x }]',
  ];
  for (const rules of wrong) assert.match(readSidecar(`rules: ${rules}`).faults?.[0] ?? '', /rules/, rules);
});

test('a misspelt key is a fault, because it might have been meant to close something', () => {
  assert.match(readSidecar('grant:\n  - group: hr\n').faults?.[0] ?? '', /"grant"/);
  assert.match(readSidecar('grants:\n  - grup: hr\n').faults?.[0] ?? '', /grants\.0: name one of/);
  assert.match(readSidecar('grants: []\n').faults?.[0] ?? '', /at least one/);
  assert.match(readSidecar('grants:\n  - group: hr\n    right: write\n').faults?.[0] ?? '', /grants\.0/);
});

test('faults say where and what', () => {
  assert.deepEqual(readSidecar('valid-from: 2026-02-30').faults, ['valid-from: there is no such day']);
  assert.deepEqual(readSidecar('valid-from: soon').faults, ['valid-from: write the day as YYYY-MM-DD']);
  assert.match(readSidecar('a: 1\nid: [').faults?.[0] ?? '', /^line \d/);
  assert.match(readSidecar('valid-from: 2026-02-02\nvalid-to: 2026-01-01').faults?.[0] ?? '', /before/);
  assert.match(readSidecar('id: a\nid: b').faults?.[0] ?? '', /^line 2.*unique/i);
});

test('an empty sidecar says nothing, and aliases are refused', () => {
  assert.equal(readSidecar('').sidecar?.grants, undefined);
  assert.match(readSidecar('attributes:\n  a: &x [b]\n  c: *x\n').faults?.[0] ?? '', /alias/);
});

test('every sidecar of the samples is right', () => {
  const files = globSync('**/*.hradlo.yaml', { cwd: SAMPLES }).concat(
    globSync('.versions/**/*.hradlo.yaml', { cwd: SAMPLES }),
  );
  assert.ok(files.length > 15);
  for (const file of files) {
    assert.equal(readSidecar(readFileSync(`${SAMPLES}/${file}`, 'utf8')).faults, undefined, file);
  }
});

test('the place of a file tells its document and its day', () => {
  const day = Date.UTC(2024, 2, 1);
  assert.deepEqual(readDatedPath('.versions/2024-03-01/hr/a.md'), {
    documentPath: 'hr/a.md',
    validFromMs: day,
    isOlderVersion: true,
  });
  assert.equal(readDatedPath('x/.versions/2024-03-01/a.md').documentPath, 'x/a.md');
  for (const name of [
    'ceník 2024-03-01.pdf',
    'cenik_20240301.pdf',
    'Ceník 1. 3. 2024.pdf',
    'c-01.03.2024.pdf',
  ]) {
    assert.equal(readDatedPath(`dir/${name}`).validFromMs, day, name);
  }
  for (const name of ['2024.pdf', 'od 2024-01-01 do 2024-12-31.pdf', '2024-13-01.pdf', 'č. 123456789.pdf']) {
    assert.equal(readDatedPath(name).validFromMs, undefined, name);
  }
});
