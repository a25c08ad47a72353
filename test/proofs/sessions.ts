import { connect } from 'node:net';
import { crc32 } from 'node:zlib';
import { addKey, PASSPHRASE, setUpAdministrator, startTestServer } from '../support/running-server.ts';
import { Visitor } from '../support/visitor.ts';
import { informative, judged, timing, type Figure, type Proof } from './proof.ts';

const COOKIE_MARKS = ['HttpOnly', 'SameSite=Lax', 'Path=/'];

/** How many of the cases ended as they should, and the names of those that did not. */
function tally(name: string, cases: readonly (readonly [string, boolean])[]): Figure {
  const failed = cases.filter(([, isRefused]) => !isRefused).map(([label]) => label);
  const value =
    failed.length === 0 ? `${cases.length} of ${cases.length}` : `let through: ${failed.join(', ')}`;
  return judged(name, value, 'all refused', failed.length === 0);
}

const isRefused = (status: number): boolean => status >= 400 && status < 500;

async function fixation(url: string): Promise<Figure> {
  const planted = 'A'.repeat(43);
  const visitor = new Visitor(url);
  visitor.cookie = `hradlo=${planted}`;
  const body = { name: 'spravce', passphrase: PASSPHRASE };
  await visitor.say('POST', '/hradlo/v1/session', { body });
  const isNew = visitor.cookie !== `hradlo=${planted}`;
  const thief = new Visitor(url);
  thief.cookie = `hradlo=${planted}`;
  const stolen = await thief.say('GET', '/hradlo/v1/sessions');
  const doubled = new Visitor(url);
  doubled.cookie = `hradlo=${planted}; ${visitor.cookie}`;
  const twice = await doubled.say('GET', '/hradlo/v1/sessions');
  return tally('session fixation', [
    ['a planted token becomes the session', isNew],
    ['the planted token is signed in', stolen.status === 401],
    ['two cookies of one name', twice.status === 401],
  ]);
}

async function forgery(administrator: Visitor, url: string): Promise<Figure> {
  const cases: [string, boolean][] = [];
  const attempts: [string, Record<string, string>, string | undefined][] = [
    ['no token', {}, undefined],
    ['another token', {}, 'f'.repeat(64)],
    ['foreign origin', { origin: 'https://evil.example' }, administrator.csrfToken],
    ['opaque origin', { origin: 'null' }, administrator.csrfToken],
    ['cross-site fetch', { 'sec-fetch-site': 'cross-site' }, administrator.csrfToken],
    ['same-site fetch', { 'sec-fetch-site': 'same-site' }, administrator.csrfToken],
    ['another port', { origin: 'http://127.0.0.1:1' }, administrator.csrfToken],
  ];
  for (const [label, headers, csrfToken] of attempts) {
    const browser = new Visitor(url);
    browser.cookie = administrator.cookie;
    browser.csrfToken = csrfToken;
    const { status } = await browser.say('POST', '/admin/v1/groups', { headers, body: { name: label } });
    cases.push([label, status === 403]);
  }
  const forms = ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'];
  for (const type of forms) {
    const browser = new Visitor(url);
    browser.cookie = administrator.cookie;
    const said = { headers: { 'content-type': type }, body: { name: 'form' } };
    cases.push([type, isRefused((await browser.say('POST', '/admin/v1/groups', said)).status)]);
  }
  const { groups } = await administrator.expect(200, 'GET', '/admin/v1/groups');
  cases.push(['a group was made', (groups as unknown[]).length === 0]);
  return tally('forged changes', cases);
}

async function rebinding(url: string, port: string): Promise<Figure> {
  const visitor = new Visitor(url);
  const { paths } = await visitor.expect(200, 'GET', '/openapi.json');
  const cases: [string, boolean][] = [];
  const hosts = ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.nip.io', 'a b'];
  for (const path of [...Object.keys(paths as object), '/nothing']) {
    const target = path.replaceAll(/\{\w+\}/g, 'x');
    for (const host of hosts) {
      const { status } = await visitor.say('GET', target, { headers: { host } });
      cases.push([`${host} at ${path}`, status === 421 || status === 400]);
    }
    const foreign = await visitor.say('GET', target, { headers: { origin: 'https://evil.example' } });
    cases.push([`foreign origin at ${path}`, foreign.status === 403]);
  }
  return tally('foreign hosts and origins, every path of the interface', cases);
}

async function guessing(administrator: Visitor, url: string, rounds: number): Promise<Figure[]> {
  const { text } = await addKey(administrator, url);
  let letIn = 0;
  const flip = (at: number): string =>
    text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1);
  const seal = (body: string): string => `${body}_${crc32(body).toString(16).padStart(8, '0')}`;
  for (let round = 0; round < rounds; round++) {
    const changed = flip(4 + (round % (text.length - 4)));
    // With a right checksum too, so that the comparison of secrets is what refuses.
    for (const guess of [changed, seal(changed.slice(0, changed.lastIndexOf('_')))]) {
      if (guess === text) continue;
      const { status } = await new Visitor(url, guess).say('GET', '/v1/models');
      if (status !== 401) letIn += 1;
    }
  }
  let slowed = 0;
  const waits: number[] = [];
  for (let attempt = 0; attempt < 12; attempt++) {
    const body = { name: 'spravce', passphrase: `hádání číslo ${attempt}` };
    const heard = await new Visitor(url).say('POST', '/hradlo/v1/session', { body, from: '127.0.0.9' });
    if (heard.status === 429) slowed += 1;
    waits.push(Number(heard.headers['retry-after'] ?? 0));
  }
  const body = { name: 'spravce', passphrase: PASSPHRASE };
  const owner = await new Visitor(url).say('POST', '/hradlo/v1/session', { body });
  return [
    judged('keys guessed out of near misses', `${letIn} of ${rounds * 2}`, '0', letIn === 0),
    judged('guesses of a passphrase slowed down', `${slowed} of 12`, '≥ 6', slowed >= 6),
    judged('the owner signs in meanwhile, from elsewhere', owner.status, '200', owner.status === 200),
    informative('longest wait that a guesser was told', `${Math.max(...waits)} s`),
  ];
}

/** Milliseconds until the server closes a connection that sends this and then one byte each half second. */
async function lingers(port: number, head: string): Promise<number> {
  const startedAt = performance.now();
  const socket = connect(port, '127.0.0.1');
  const closed = Promise.withResolvers<void>();
  socket.on('close', () => closed.resolve());
  socket.on('error', () => closed.resolve());
  socket.resume();
  socket.write(head);
  const timer = setInterval(() => socket.write('x'), 500);
  await closed.promise;
  clearInterval(timer);
  return performance.now() - startedAt;
}

export const proof: Proof = {
  promise: 'sessions, keys and connections withstand what browsers and strangers try',
  async run({ isQuick }) {
    await using running = await startTestServer({
      http: { headersTimeoutMs: 1500, requestTimeoutMs: 2500 },
    });
    const { port } = new URL(running.url);
    const administrator = await setUpAdministrator(running);
    const signedIn = await new Visitor(running.url).say('POST', '/hradlo/v1/session', {
      body: { name: 'spravce', passphrase: PASSPHRASE },
    });
    const cookie = String(signedIn.headers['set-cookie']);
    const slow = await Promise.all([
      lingers(Number(port), 'GET / HTTP/1.1\r\nhost: localhost\r\nx-a: '),
      lingers(
        Number(port),
        'POST /hradlo/v1/session HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99999\r\n\r\n{',
      ),
    ]);
    const bounds = [1500 + 2000, 2500 + 2000];
    return {
      figures: [
        await fixation(running.url),
        await forgery(administrator, running.url),
        await rebinding(running.url, port),
        tally(
          'marks of the cookie missing',
          COOKIE_MARKS.map((mark) => [mark, cookie.split('; ').includes(mark)]),
        ),
        ...(await guessing(administrator, running.url, isQuick ? 60 : 1000)),
        ...slow.map((ms, index) =>
          timing(
            index === 0 ? 'slow headers closed after' : 'slow body closed after',
            `${Math.round(ms)} ms`,
            `≤ ${bounds[index]} ms`,
            ms <= bounds[index]!,
          ),
        ),
      ],
    };
  },
};
