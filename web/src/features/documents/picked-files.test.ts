import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairFiles } from './picked-files.ts';

const found = (...paths: string[]) =>
  paths.map((path) => ({ path, file: new File(['x'], path.split('/').at(-1) ?? '') }));

test('files come in the order of their paths, without what systems and editors leave behind', () => {
  const picked = pairFiles(
    found(
      'smlouvy/najem.pdf',
      'smlouvy/.DS_Store',
      'smlouvy/~$najem.docx',
      'smlouvy/Thumbs.db',
      'smlouvy/.git/config',
      'smlouvy/.versions/najem.pdf/2023-01-01.pdf',
      'a.md',
      'smlouvy/rozepsano.tmp',
    ),
  );
  assert.deepEqual(
    picked.map(({ path }) => path),
    ['a.md', 'smlouvy/.versions/najem.pdf/2023-01-01.pdf', 'smlouvy/najem.pdf'],
  );
});

test('a sidecar goes with its file, and not by itself', () => {
  const picked = pairFiles(found('x/mzdy.pdf', 'x/mzdy.pdf.hradlo.yaml', 'x/nic.hradlo.yaml', 'x/rad.md'));
  assert.deepEqual(
    picked.map(({ path, sidecar }) => [path, sidecar?.name]),
    [
      ['x/mzdy.pdf', 'mzdy.pdf.hradlo.yaml'],
      ['x/rad.md', undefined],
    ],
  );
});
