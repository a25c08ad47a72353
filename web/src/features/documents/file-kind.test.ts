import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf } from './file-kind.ts';

test('a file is called by its ending, shortly', () => {
  assert.deepEqual(['smlouvy/najem.pdf', 'a.DOCX', 'readme.markdown', 'scan.tiff'].map(kindOf), [
    'PDF',
    'DOCX',
    'MD',
    'TIF',
  ]);
});

test('what is no ending is not shown as one', () => {
  assert.deepEqual(['bez-pripony', '.gitignore', 'verze 1.2 konecna', 'a.somethinglong'].map(kindOf), [
    '',
    '',
    '',
    '',
  ]);
});
