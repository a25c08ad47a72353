import assert from 'node:assert/strict';
import { test } from 'node:test';
import { componentsOf, readAbout } from './about.ts';
import { INSTALLATION } from './product.ts';

test('what is only for development is not part of what runs, and the same package is named once', () => {
  const lock = JSON.stringify({
    packages: {
      '': { name: 'hradlo', version: '1.0.0' },
      'node_modules/zod': { version: '4.0.0', license: 'MIT' },
      'node_modules/a/node_modules/zod': { version: '4.0.0', license: 'MIT' },
      'node_modules/@x/y': { version: '1.0.0' },
      'node_modules/vite': { version: '8.0.0', license: 'MIT', dev: true },
    },
  });
  assert.deepEqual(componentsOf(lock), [
    { name: '@x/y', version: '1.0.0', licence: '–' },
    { name: 'zod', version: '4.0.0', licence: 'MIT' },
  ]);
});

test('every package that the product runs on says its licence', async () => {
  const { components, version } = await readAbout(INSTALLATION);
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.ok(components.length > 50, String(components.length));
  assert.deepEqual(
    components.filter(({ licence }) => licence === '–'),
    [],
  );
});
