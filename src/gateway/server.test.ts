import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { AppError, ERROR_CODES, expectId, type Principal } from '#core/index.ts';
import { createLogger, Metrics } from '#platform/index.ts';
import { toErrorResponse } from './error-body.ts';
import { defineRoute, type Route } from './route.ts';
import { createGateway } from './server.ts';
import { sending, SERVER_SENT_EVENTS, type EventReply } from './sse.ts';

const ANNA: Principal = {
  tenantId: expectId('tenant', `ten_${'0'.repeat(26)}`),
  issuer: 'test',
  subject: 'anna',
  displayName: 'Anna',
  groups: [],
  roles: ['user'],
  attributes: {},
  authentication: { kind: 'system' },
};

const route = (path: `/${string}`, handle: Route['handle']) =>
  defineRoute({ method: 'GET', path, permission: 'ask', summary: 'Test.', handle });

/** Events as an OpenAI stream. */
const streaming = (events: AsyncIterable<object>, opening = 0): EventReply => ({
  kind: 'events',
  framing: SERVER_SENT_EVENTS,
  opening,
  done: '[DONE]',
  send: sending(events, (event) => [JSON.stringify(event)]),
});

function gateway(routes: readonly Route[], principal: Principal = ANNA) {
  return createGateway({
    routes,
    limits: {
      bodyBytes: 1024,
      headersTimeoutMs: 1000,
      requestTimeoutMs: 1000,
      keepAliveTimeoutMs: 1000,
      maxConnections: 10,
    },
    logger: createLogger('silent'),
    metrics: new Metrics(),
    tls: undefined,
    isSecure: false,
    limitHeaders: async () => ({}),
    origins: { hosts: [] },
    authenticate: async () => ({ principal, setCookie: undefined }),
    anonymous: { ...ANNA, roles: [] },
    watch: () => ({ [Symbol.dispose]: () => undefined }),
    newRequestId: () => 'req-1',
    isDraining: () => false,
  });
}

test('every code has a body in every dialect', () => {
  for (const code of ERROR_CODES) {
    for (const dialect of ['openai', 'ollama', 'problem'] as const) {
      const { status, body } = toErrorResponse(new AppError(code, 'Said.'), dialect, 'req-1');
      assert.ok(status >= 400 && status < 600);
      assert.match(JSON.stringify(body), /Said\./);
    }
  }
});

test('busy is told with a time to come back', () => {
  assert.equal(
    toErrorResponse(new AppError('limit.exceeded', 'x', { retryAfterSeconds: 7 }), 'openai', 'r')
      .retryAfterSeconds,
    7,
  );
  assert.equal(toErrorResponse(new AppError('engine.overloaded', 'x'), 'openai', 'r').retryAfterSeconds, 1);
  assert.equal(
    toErrorResponse(new AppError('input.invalid', 'x'), 'openai', 'r').retryAfterSeconds,
    undefined,
  );
});

test('a bug is told by its request id and nothing else', async () => {
  const app = gateway([
    route('/v1/bug', async () => {
      throw new Error('heslo je tajné');
    }),
  ]);
  const response = await app.inject({ url: '/v1/bug' });
  assert.equal(response.statusCode, 500);
  assert.ok(!response.body.includes('tajné') && response.body.includes('req-1'));
});

test('a route is not reached without its permission', async () => {
  const app = gateway([route('/v1/x', () => assert.fail('reached'))], { ...ANNA, roles: [] });
  assert.equal((await app.inject({ url: '/v1/x' })).statusCode, 403);
});

test('a wrong body names the field, and a request id from outside is kept only if it is harmless', async () => {
  const echo = defineRoute({
    method: 'POST',
    path: '/v1/echo',
    permission: 'ask',
    summary: 'Test.',
    body: z.object({ count: z.number() }),
    handle: async ({ body }) => ({ kind: 'json', body: { twice: body.count * 2 } }),
  });
  const app = gateway([echo]);
  const call = (payload: object, id = 'abc') =>
    app.inject({ method: 'POST', url: '/v1/echo', payload, headers: { 'x-request-id': id } });
  assert.deepEqual((await call({ count: 2 })).json(), { twice: 4 });
  const wrong = await call({ count: 'two' });
  assert.deepEqual([wrong.statusCode, wrong.json().error.param], [400, 'count']);
  assert.equal((await call({ count: 1 })).headers['x-request-id'], 'abc');
  assert.equal((await call({ count: 1 }, 'a b<script>')).headers['x-request-id'], 'req-1');
});

test('what curl posts without a type is read as JSON by the routes of Ollama, and never from a browser', async () => {
  const echo = (path: `/${string}`) =>
    defineRoute({
      method: 'POST',
      path,
      permission: 'ask',
      summary: 'Test.',
      body: z.object({ count: z.number() }),
      handle: async ({ body }) => ({ kind: 'json', body }),
    });
  const app = gateway([echo('/api/echo'), echo('/v1/echo')]);
  const status = async (url: string, payload: string, headers: Record<string, string> = {}) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await app.inject({ method: 'POST', url, payload, headers: { ...type, ...headers } })).statusCode;
  };
  const good = '{"count":1}';
  assert.equal(await status('/api/echo', good), 200);
  assert.equal(await status('/api/echo', 'count=1'), 400);
  assert.equal(await status('/v1/echo', good), 400);
  assert.equal(await status('/api/echo', good, { cookie: 'session=x' }), 400);
  assert.notEqual(await status('/api/echo', good, { origin: 'http://localhost' }), 200);
});

test('a stream that fails half-way ends with an error event and no [DONE]', async () => {
  async function* events() {
    yield { n: 1 };
    throw new AppError('engine.crashed', 'Gone.');
  }
  const app = gateway([route('/v1/stream', async () => streaming(events()))]);
  const { body, statusCode } = await app.inject({ url: '/v1/stream' });
  const lines = body.split('\n\n').filter(Boolean);
  assert.equal(statusCode, 200);
  assert.equal(lines[0], 'data: {"n":1}');
  assert.match(lines[1]!, /engine_crashed/);
  assert.equal(lines.length, 2);
});

test('a stream that fails after its opening is a status, too', async () => {
  async function* events(): AsyncGenerator<object> {
    yield { role: 'assistant' };
    throw new AppError('engine.overloaded', 'Too much.', { retryAfterSeconds: 3 });
  }
  const app = gateway([route('/v1/stream', async () => streaming(events(), 1))]);
  const { statusCode, headers } = await app.inject({ url: '/v1/stream' });
  assert.deepEqual([statusCode, headers['retry-after']], [503, '3']);
});

test('a stream that fails before its first event is a status', async () => {
  // oxlint-disable-next-line require-yield
  async function* events(): AsyncGenerator<object> {
    throw new AppError('model.not_found', 'None.');
  }
  const app = gateway([route('/v1/stream', async () => streaming(events()))]);
  assert.equal((await app.inject({ url: '/v1/stream' })).statusCode, 404);
});
