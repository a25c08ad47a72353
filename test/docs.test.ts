import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PLAN } from '#test/borders.ts';
import { referencePages } from '../scripts/reference-pages.ts';

test('the reference is what the code says; "npm run reference" writes it', () => {
  for (const [name, text] of Object.entries(referencePages())) {
    assert.equal(readFileSync(`docs/reference/${name}`, 'utf8'), text, name);
  }
});

test('each kind of test has files, so that an empty run cannot pass for a green one', () => {
  for (const pattern of [
    'src/**/*.test.ts',
    'web/src/**/*.test.ts',
    'test/*.test.ts',
    'test/e2e/*.test.ts',
    'test/clients/*.test.ts',
  ]) {
    assert.ok(globSync(pattern, { exclude: ['**/node_modules/**'] }).length > 0, pattern);
  }
});

test('the architecture page names every module that exists and none that does not', () => {
  const page = readFileSync('ARCHITECTURE.md', 'utf8');
  const table = [...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]!);
  const existing = [...PLAN.keys()].filter((module) => existsSync(`src/${module}`));
  assert.deepEqual(table.toSorted(), existing.toSorted());
});

test('every link between documents leads to a file', () => {
  const pages = globSync(['*.md', 'docs/**/*.md', 'samples/*.md']);
  const broken = pages.flatMap((page) => {
    const folder = page.includes('/') ? page.slice(0, page.lastIndexOf('/') + 1) : '';
    return [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)]
      .map((match) => `${folder}${match[1]}`)
      .filter((target) => !existsSync(target))
      .map((target) => `${page} -> ${target}`);
  });
  assert.ok(pages.length > 3);
  assert.deepEqual(broken, []);
});

test('nothing committed names a path of one machine', () => {
  const files = globSync(
    ['src/**/*.ts', 'web/src/**/*', 'test/**/*.ts', 'scripts/**/*', '*.md', 'docs/**/*.md', 'package.json'],
    {
      exclude: ['**/node_modules/**'],
    },
  ).filter((file) => /\.\w+$/.test(file));
  const faulty = files.filter((file) =>
    /(^|[^a-zA-Z.\w])\/(work|root|farm)\//m.test(readFileSync(file, 'utf8')),
  );
  assert.deepEqual(
    faulty.filter((file) => file !== 'test/docs.test.ts'),
    [],
  );
});
