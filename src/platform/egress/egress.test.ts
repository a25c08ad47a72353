import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { isPermittedAddress } from './address-policy.ts';
import { Egress, EgressError, type EgressTimeouts } from './egress.ts';

const TIMEOUTS: EgressTimeouts = { connectMs: 500, firstByteMs: 200, idleMs: 200 };
const signal = new AbortController().signal;
let server: Server;
let port = 0;
let hits = 0;

before(async () => {
  server = createServer((request, response) => {
    hits += 1;
    if (request.url === '/silent') return;
    if (request.url === '/half') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
      return;
    }
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const named = (host = '127.0.0.1') =>
  new Egress({ kind: 'named', origins: new Set([`http://${host}:${port}`]) }, TIMEOUTS);
const get = (egress: Egress, url: string) => egress.send({ url: new URL(url), method: 'GET', signal });

test('a named place is reached, and no other', async () => {
  await using egress = named();
  assert.equal((await get(egress, `http://127.0.0.1:${port}/`)).status, 200);
  await assert.rejects(get(egress, `http://127.0.0.1:${port + 1}/`), { reason: 'refused-address' });
  await assert.rejects(get(egress, 'file:///etc/passwd'), { reason: 'refused-address' });
  await assert.rejects(get(egress, `http://user:pass@127.0.0.1:${port}/`), { reason: 'refused-address' });
});

test('no spelling of this machine is the open internet', async () => {
  await using egress = new Egress({ kind: 'public' }, TIMEOUTS);
  const before = hits;
  for (const host of [
    '127.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '0x7f.1',
    '0',
    '127.1',
    '0177.0.0.1',
    'localhost',
    '169.254.169.254',
    '10.0.0.1',
    '[fd00::1]',
  ]) {
    for (const scheme of ['http', 'https']) {
      await assert.rejects(get(egress, `${scheme}://${host}:${port}/`), { reason: 'refused-address' }, host);
    }
  }
  assert.equal(hits, before);
});

test('a name whose addresses are half inside is refused when the connection is made', async () => {
  const rebinding = ((_host: string, _options: object, callback: (...result: unknown[]) => void) =>
    callback(null, [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ])) as never;
  await using egress = new Egress({ kind: 'public' }, TIMEOUTS, rebinding);
  await assert.rejects(get(egress, `https://rebind.example:${port}/`), { reason: 'refused-address' });
});

test('addresses that no engine has are refused even when named', () => {
  for (const address of ['169.254.169.254', '0.0.0.0', '224.0.0.1', 'fe80::1', 'not an address']) {
    assert.ok(!isPermittedAddress(address, { kind: 'named', origins: new Set() }), address);
  }
});

test('silence ends in time, and a broken body is an error, not an end', async () => {
  await using egress = named();
  await assert.rejects(get(egress, `http://127.0.0.1:${port}/silent`), { reason: 'timed-out' });
  const half = await get(egress, `http://127.0.0.1:${port}/half`);
  await assert.rejects(
    Array.fromAsync(half.body),
    (error) => error instanceof EgressError && error.reason === 'broken-off',
  );
});
