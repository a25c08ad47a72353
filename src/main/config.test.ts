import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '#test/scratch.ts';
import { ConfigError, readConfig } from './config.ts';

test('defaults hold when nothing is said', () => {
  const config = readConfig([], {});
  assert.deepEqual([config.listen.host, config.data.synchronous], ['127.0.0.1', 'FULL']);
});

test('a flag wins over the environment, and the environment over the file', () => {
  using scratch = scratchFolder('config');
  const folder = scratch.path;
  const file = join(folder, 'hradlo.yaml');
  writeFileSync(file, 'listen: { port: 1, host: ::1 }\nlog: { level: debug }\n');
  const environment = { HRADLO_LISTEN__PORT: '2', HRADLO_HTTP__BODY_BYTES: '2048' };
  const config = readConfig(['--config', file, '--port=3'], environment);
  assert.deepEqual(
    [config.listen.port, config.listen.host, config.log.level, config.http.bodyBytes],
    [3, '::1', 'debug', 2048],
  );
  assert.equal(readConfig(['--config', file], environment).listen.port, 2);
});

test('every fault is listed at once, unknown keys among them', () => {
  const faulty = () =>
    readConfig(['--port', '99999', '--log.level', 'loud', '--nothing.here', 'x'], {
      HRADLO_DATA__FOLDER: '',
    });
  assert.throws(faulty, (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    const text = error.faults.join('\n');
    for (const place of ['listen.port', 'log.level', 'nothing', 'data.folder'])
      assert.ok(text.includes(place), place);
    return true;
  });
});

test('a file that is not there is said, not skipped', () => {
  assert.throws(() => readConfig(['--config', '/nowhere/hradlo.yaml'], {}), ConfigError);
});
