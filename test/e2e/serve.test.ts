import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTestServer } from '#test/server.ts';
import { scratchFolder } from '../support/scratch.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const QUESTION = 'Jaká je výpovědní lhůta?';

function hradlo(args: readonly string[], dataFolder: string) {
  const result = spawnSync(join(root, 'hradlo'), [...args, '--data', dataFolder], {
    encoding: 'utf8',
    cwd: tmpdir(),
  });
  return { status: result.status, output: result.stdout, errors: result.stderr };
}

const body = (fields: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'hradlo', messages: [{ role: 'user', content: QUESTION }], ...fields }),
});

test('the command line asks from any directory, and says so when the server is away', async () => {
  using scratch = scratchFolder('e2e');
  const folder = scratch.path;
  await using server = await startTestServer({ dataFolder: folder });
  const answer = hradlo(['ask', QUESTION], folder);
  assert.deepEqual([answer.status, answer.errors], [0, '']);
  assert.match(answer.output, /dva měsíce.*\[1\].*\[1\] Personální pravidla/s);
  assert.equal(hradlo(['ask'], folder).status, 2);
  assert.equal(hradlo(['nonsense'], folder).status, 2);
  assert.equal(statSync(join(folder, 'hradlo.sock')).mode & 0o777, 0o600);
  assert.equal(await server.stop(), 0);
  const away = hradlo(['ask', QUESTION], folder);
  assert.deepEqual([away.status, away.errors.includes('npm start')], [3, true]);
});

test('every answer is in the record with its release, its evidence and two audit events, and no text', async () => {
  using scratch = scratchFolder('e2e');
  const folder = scratch.path;
  {
    await using server = await startTestServer({ dataFolder: folder });
    const response = await fetch(`${server.url}/v1/chat/completions`, body({}));
    const { id } = (await response.json()) as { id: string };
    const database = new DatabaseSync(join(folder, 'hradlo.db'), { readOnly: true });
    const answer = database.prepare('SELECT * FROM answer WHERE id = ?').get(id)!;
    assert.deepEqual([answer['state'], answer['grade'], answer['mode']], ['ended', 'answered', 'quoted']);
    const releases = database
      .prepare('SELECT count(*) AS n FROM release WHERE digest = ?')
      .get(answer['release_digest']!);
    assert.equal(releases?.['n'], 1);
    const events = database
      .prepare('SELECT kind, event FROM audit_event WHERE event LIKE ? ORDER BY sequence')
      .all(`%${id}%`);
    assert.deepEqual(
      events.map((event) => event['kind']),
      ['answer.begun', 'answer.recorded'],
    );
    assert.ok(events.every((event) => !String(event['event']).includes('výpověd')));
    const cited = database
      .prepare('SELECT count(*) AS n FROM answer_evidence WHERE answer_id = ? AND was_cited = 1')
      .get(id);
    assert.ok(Number(cited?.['n']) >= 1);
    assert.ok(
      !server.output().includes('výpověd') ||
        server.output().indexOf('výpověd') > server.output().indexOf('./hradlo ask'),
    );
    database.close();
  }
  await using again = await startTestServer({ dataFolder: folder });
  assert.equal((await fetch(`${again.url}/v1/chat/completions`, body({}))).status, 200);
});

test('a caller who hangs up is recorded as cancelled or ended, never left open', async () => {
  await using server = await startTestServer();
  const hungUp = Promise.withResolvers<void>();
  const url = new URL(`${server.url}/v1/chat/completions`);
  const call = request(
    url,
    { method: 'POST', headers: { 'content-type': 'application/json' } },
    (response) => {
      response.once('data', () => {
        response.destroy();
        hungUp.resolve();
      });
    },
  );
  call.on('error', () => hungUp.resolve());
  call.end(body({ stream: true }).body);
  await hungUp.promise;
  assert.equal(await server.stop(), 0);
  const database = new DatabaseSync(join(server.dataFolder, 'hradlo.db'), { readOnly: true });
  const states = database
    .prepare('SELECT state FROM answer')
    .all()
    .map((row) => row['state']);
  database.close();
  assert.equal(states.length, 1);
  assert.ok(states[0] === 'cancelled' || states[0] === 'ended', String(states[0]));
});

test('a second server on the same port says what to do, and every fault of a configuration is listed', async () => {
  await using server = await startTestServer();
  const port = new URL(server.url).port;
  const second = spawnSync(
    process.execPath,
    [join(root, 'src/main/serve.ts'), '--port', port, '--data', mkdtempSync(join(tmpdir(), 'hradlo-e2e-'))],
    { encoding: 'utf8' },
  );
  assert.equal(second.status, 1);
  assert.match(second.stderr, /Port \d+ is taken.*--port/s);
  const wrong = spawnSync(
    process.execPath,
    [join(root, 'src/main/serve.ts'), '--port', '99999', '--nonsense.key', '1'],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /listen\.port/);
  assert.match(wrong.stderr, /nonsense/);
});

test('errors wear the dialect of their route', async () => {
  await using server = await startTestServer();
  const openai = await fetch(`${server.url}/v1/nothing`);
  const own = await fetch(`${server.url}/hradlo/v1/versions/ver_unknown/passage`);
  assert.equal(openai.status, 404);
  assert.equal(((await openai.json()) as { error: { code: string } }).error.code, 'not_found');
  assert.equal(own.headers.get('content-type'), 'application/problem+json; charset=utf-8');
  assert.equal(((await own.json()) as { code: string }).code, 'document.not_found');
  const broken = await fetch(`${server.url}/v1/chat/completions`, { ...body({}), body: '{' });
  assert.equal(broken.status, 400);
  const large = await fetch(`${server.url}/v1/chat/completions`, {
    ...body({}),
    body: `"${'x'.repeat(5 * 1024 * 1024)}"`,
  });
  assert.deepEqual([large.status, /too large/.test(await large.text())], [413, true]);
});
