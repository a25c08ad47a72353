import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { test } from 'node:test';
import { makeSelfSigned } from '#platform/index.ts';
import { setUpAdministrator, startTestServer } from '#test/running-server.ts';
import { Visitor } from '#test/visitor.ts';
import { ConfigSchema } from '../../src/main/config-schema.ts';
import { scratchFolder } from '#test/scratch.ts';

test('beyond this machine nothing starts in the clear, and the fault says what to do', () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'server.firma.cz']) {
    const result = ConfigSchema.safeParse({ listen: { host } });
    assert.equal(result.success, false, host);
    assert.match(result.error?.issues[0]?.message ?? '', /--tls self-signed/);
    for (const way of [{ tls: { mode: 'self-signed' } }, { http: { behindProxy: 'true' } }])
      assert.equal(ConfigSchema.safeParse({ listen: { host }, ...way }).success, true);
  }
  assert.equal(ConfigSchema.safeParse({ tls: { cert: 'a.pem' } }).success, false, 'a key is missing');
});

test('with a certificate made here people sign in, and their cookie is bound to this host', async () => {
  await using running = await startTestServer({ tls: { mode: 'self-signed' } });
  assert.match(running.url, /^https:/);
  assert.match(running.server.fingerprint ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  const administrator = await setUpAdministrator(running);
  assert.match(administrator.cookie ?? '', /^__Host-hradlo=/);
  const signedIn = await new Visitor(running.url).say('POST', '/hradlo/v1/session', {
    body: { name: 'spravce', passphrase: 'tři hrušky na stole' },
  });
  const [cookie] = signedIn.headers['set-cookie'] ?? [];
  for (const part of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'])
    assert.ok(cookie?.split('; ').includes(part), part);
  assert.ok(signedIn.headers['strict-transport-security']);
});

test('a certificate of one’s own is served', async () => {
  using scratch = scratchFolder('tls');
  const folder = scratch.path;
  const made = makeSelfSigned(['127.0.0.1'], { serial: randomBytes(16), nowMs: Date.now() });
  const cert = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  writeFileSync(cert, made.certificatePem);
  writeFileSync(key, made.keyPem);
  {
    await using running = await startTestServer({ tls: { cert, key } });
    await new Visitor(running.url).expect(200, 'GET', '/healthz');
  }
  await assert.rejects(startTestServer({ tls: { cert: join(folder, 'none.pem'), key } }), /--tls-cert/);
});

test('behind a proxy nobody is let in for looking local, and clients are told apart', async () => {
  await using running = await startTestServer({ http: { behindProxy: true } });
  const visitor = new Visitor(running.url);
  assert.equal((await visitor.say('GET', '/hradlo/v1/collections')).status, 401);
  const administrator = await setUpAdministrator(running);
  await new Visitor(running.url).say('POST', '/hradlo/v1/session', {
    headers: { 'x-forwarded-for': '1.2.3.4, 203.0.113.7' },
    body: { name: 'spravce', passphrase: 'tři hrušky na stole' },
  });
  const { sessions } = await administrator.expect(200, 'GET', '/hradlo/v1/sessions');
  const addresses = (sessions as { address: string }[]).map(({ address }) => address);
  assert.ok(addresses.includes('203.0.113.7'), 'the last hop counts, not what the client wrote');
});

/** Which certificate a new connection is shown. */
async function fingerprintAt(url: string): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

test('a new certificate is served without a restart, and a bad one is not', async () => {
  using scratch = scratchFolder('tls');
  const folder = scratch.path;
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const put = () => {
    const made = makeSelfSigned(['127.0.0.1'], { serial: randomBytes(16), nowMs: Date.now() });
    writeFileSync(cert, made.certificatePem);
    writeFileSync(key, made.keyPem);
    return new X509Certificate(made.certificatePem).fingerprint256;
  };
  const first = put();
  {
    await using running = await startTestServer({ tls: { cert, key } });
    assert.equal(await fingerprintAt(running.url), first);
    const { hostname: host, port } = new URL(running.url);
    const open = connect({ host, port: Number(port), rejectUnauthorized: false });
    await once(open, 'secureConnect');
    const second = put();
    assert.equal(running.server.reloadCertificate(), second);
    assert.equal(await fingerprintAt(running.url), second);
    open.write(`GET /healthz HTTP/1.1\r\nhost: ${host}:${port}\r\nconnection: close\r\n\r\n`);
    const [reply] = (await once(open, 'data')) as [Buffer];
    assert.match(reply.toString(), /^HTTP\/1\.1 200/, 'a connection that was open goes on');
    writeFileSync(key, makeSelfSigned(['x'], { serial: randomBytes(16), nowMs: Date.now() }).keyPem);
    assert.equal(running.server.reloadCertificate(), second, 'a key of another certificate');
    writeFileSync(cert, 'nothing');
    assert.equal(running.server.reloadCertificate(), second, 'no certificate');
    assert.equal(await fingerprintAt(running.url), second);
  }
  await assert.rejects(startTestServer({ tls: { cert, key } }), /not PEM/);
});
