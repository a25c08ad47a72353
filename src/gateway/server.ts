import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { Readable } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AppError, hasPermission, isAppError, type Principal } from '#core/index.ts';
import { withTrace, type CertifiedKey, type Logger, type Metrics } from '#platform/index.ts';
import { dialectOf, toErrorResponse } from './error-body.ts';
import { notJsonType, readFormAsJson } from './form-body.ts';
import type { Reply, Route } from './route.ts';
import { statedPurpose } from './security/purpose.ts';
import { securityHeaders } from './security/headers.ts';
import { checkHost, checkOrigin, type OriginSettings } from './security/same-origin.ts';
import { EventStream, type EventReply } from './sse.ts';

/** Every limit of the HTTP side, in one place. */
export interface GatewayLimits {
  readonly bodyBytes: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
}

/** Who calls, and the cookie that their browser should carry from now on, when it should change it. */
export interface Caller {
  readonly principal: Principal;
  readonly setCookie: string | undefined;
}

export interface GatewayDeps {
  readonly routes: readonly Route[];
  readonly limits: GatewayLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Key and certificate when TLS ends here. */
  readonly tls: CertifiedKey | undefined;
  /** Whether people reach it over TLS, here or at a proxy of ours. */
  readonly isSecure: boolean;
  readonly origins: OriginSettings;
  /** Who calls. @throws AppError auth.required, origin.refused */
  authenticate(request: IncomingMessage): Promise<Caller>;
  /** Who calls a route that asks nothing. */
  readonly anonymous: Principal;
  /** Watches a request for as long as it runs: `abort` cuts it when the caller loses their rights. */
  watch(principal: Principal, abort: (reason: AppError) => void): Disposable;
  /** How the caller's limits stand, as headers of a reply. */
  limitHeaders(principal: Principal): Promise<Readonly<Record<string, string>>>;
  newRequestId(): string;
  /** The server stops: what runs goes on, nothing new begins. */
  isDraining(): boolean;
}

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
const CHECK_INTERVAL_MS = 1_000;
const MAX_READ_AWAY_BYTES = 64 * 1024 * 1024;
/** Answered to the last: they say how it stands. */
const PROBES = new Set(['/healthz', '/readyz']);
const REQUEST_ID = /^[\w.-]{1,100}$/;

function createHttpServer({ limits, tls }: GatewayDeps, handler: RequestListener): Server {
  const options = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
  };
  const server = tls
    ? createTlsServer({ ...options, ...secureContext(tls) }, handler)
    : createServer(options, handler);
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = limits.maxConnections;
  return server;
}

const secureContext = ({ keyPem, certificatePem }: CertifiedKey) =>
  ({ key: keyPem, cert: certificatePem, minVersion: 'TLSv1.2' }) as const;

/** Serves another certificate from the next handshake on; connections that are open stay as they are. */
export function swapCertificate({ server }: FastifyInstance, certified: CertifiedKey): void {
  if (server instanceof TlsServer) server.setSecureContext(secureContext(certified));
}

/** The HTTP side of the product: every route of the table, one mapping of errors, explicit limits. */
export function createGateway(deps: GatewayDeps): FastifyInstance {
  const app = fastify({
    serverFactory: (handler) => createHttpServer(deps, handler),
    bodyLimit: deps.limits.bodyBytes,
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : deps.newRequestId();
    },
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
  });
  // Without these a form of another site could post what is read as JSON.
  app.removeContentTypeParser('text/plain');
  const headers = securityHeaders(deps.isSecure);
  app.addHook('onRequest', (request, reply, next) => {
    void reply.headers(headers).header('x-request-id', request.id);
    withTrace(request.id, next);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!deps.isDraining()) return;
    void reply.header('connection', 'close');
    if (!PROBES.has(request.url))
      throw new AppError('server.draining', 'The server stops. Ask again in a moment.');
  });
  app.addHook('onRequest', async (request) => {
    checkHost(request.raw, deps.origins);
    checkOrigin(request.raw);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    deps.metrics.countRequest(request.method, route, reply.statusCode);
    const durationMs = Math.round(reply.elapsedTime);
    deps.logger.info(
      { method: request.method, route, status: reply.statusCode, durationMs },
      'request.served',
    );
  });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, readFormAsJson);
  // Left unread for the route that takes it; where no route does, nobody waits for it.
  app.addContentTypeParser('application/octet-stream', (_request, _payload, done) => done(null));
  app.setErrorHandler((error, request, reply) => sendError(deps, error, { request, reply }));
  app.setNotFoundHandler((request, reply) => {
    const error = new AppError(
      'request.not_found',
      `There is nothing at ${request.method} ${request.url.split('?')[0]}.`,
    );
    return sendError(deps, error, { request, reply });
  });
  for (const route of deps.routes) addRoute(app, deps, route);
  return app;
}

function addRoute(app: FastifyInstance, deps: GatewayDeps, route: Route): void {
  app.route({
    method: route.method,
    url: route.path,
    ...(route.bodyLimitBytes !== undefined && { bodyLimit: route.bodyLimitBytes }),
    handler: async (request, reply) => {
      const principal = await admit(deps, route, { request, reply });
      const signal = abortWhenDone(reply, (abort) => deps.watch(principal, abort));
      const call = {
        principal,
        params: parse(route.params, request.params, 'path'),
        query: parse(route.query, request.query, 'query'),
        body: parse(route.body, request.body, 'body'),
        signal,
        requestId: request.id,
        raw: request.raw,
      };
      const answer = await handle(deps, route, { call, request, reply });
      return send(answer, reply);
    },
  });
}

function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const param = issue?.path.join('.') ?? '';
  const place = param === '' ? `The ${where}` : `"${param}" in the ${where}`;
  throw new AppError('input.invalid', `${place} is not right: ${issue?.message ?? 'unreadable'}.`, {
    details: { param },
  });
}

/** @throws {AppError} auth.required, auth.forbidden */
async function admit(deps: GatewayDeps, route: Route, { request, reply }: Exchange): Promise<Principal> {
  if (route.permission === 'public') return deps.anonymous;
  const { principal, setCookie } = await deps.authenticate(request.raw);
  if (setCookie !== undefined) void reply.header('set-cookie', setCookie);
  void reply.header('cache-control', 'no-store');
  if (hasPermission(principal, route.permission)) return { ...principal, ...statedPurpose(request.raw) };
  throw new AppError('auth.forbidden', 'You may not do this.', { details: { permission: route.permission } });
}

/** Asking takes from limits, and so does looking for what an answer would rest on. */
const isLimited = ({ permission, path }: Route): boolean =>
  permission === 'ask' || path === '/hradlo/v1/retrieve';

/** An answer that can be sent: of a stream the beginning is there. */
type Ready =
  | Exclude<Reply, EventReply>
  | { readonly kind: 'stream'; readonly stream: EventStream; readonly contentType: string };

/** Handles a call, and tells the caller of a limited route how their limits stand, also when it refused. */
async function handle(
  deps: GatewayDeps,
  route: Route,
  { call, request, reply }: Exchange & { readonly call: Parameters<Route['handle']>[0] },
): Promise<Ready> {
  try {
    const answer = await route.handle(call);
    if (answer.kind !== 'events') return answer;
    const stream = new EventStream(answer, {
      dialect: dialectOf(request.url),
      requestId: request.id,
      signal: call.signal,
      onError: (error) => report(deps, error, request),
    });
    await stream.begin();
    return { kind: 'stream', stream, contentType: answer.framing.contentType };
  } finally {
    if (isLimited(route)) void reply.headers(await deps.limitHeaders(call.principal));
  }
}

/** Aborts when the client hangs up, and with a reason when the watch says so. */
function abortWhenDone(
  reply: FastifyReply,
  watch: (abort: (reason: AppError) => void) => Disposable,
): AbortSignal {
  const controller = new AbortController();
  const watched = watch((reason) => controller.abort(reason));
  reply.raw.once('close', () => {
    watched[Symbol.dispose]();
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function send(answer: Ready, reply: FastifyReply): FastifyReply {
  if (answer.kind === 'json')
    return reply
      .status(answer.status ?? 200)
      .headers(answer.headers ?? {})
      .send(answer.body);
  if (answer.kind === 'bytes') {
    return reply
      .status(answer.status ?? 200)
      .headers(answer.headers ?? {})
      .type(answer.contentType)
      .send(answer.bytes);
  }
  if (answer.kind === 'text') return reply.type(answer.contentType).send(Readable.from(answer.parts));
  // Events go straight to the socket: a stream in between would handle each of them three times.
  void reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' }).type(answer.contentType);
  void reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(200);
  answer.stream.open(reply.raw);
  return reply;
}

/** Fastify's own refusals as ours. */
function toAppError(error: unknown): unknown {
  if (isAppError(error) || !(error instanceof Error) || !('statusCode' in error)) return error;
  if (error.statusCode === 413)
    return new AppError('input.too_large', 'The request body is too large.', { cause: error });
  if (error.statusCode === 415) return notJsonType(error);
  if (error.statusCode === 400)
    return new AppError('input.invalid', 'The request body is not JSON.', { cause: error });
  return error;
}

/**
 * Reads what a client still sends of a body that is refused, up to a bound. Closing at once would reset the
 * connection, and the client would see a broken line where it should read why it was refused.
 */
function readAway({ raw }: FastifyRequest, reply: FastifyReply): void {
  void reply.removeHeader('connection');
  let bytes = 0;
  raw.on('data', (part: Buffer) => {
    bytes += part.byteLength;
    if (bytes > MAX_READ_AWAY_BYTES) raw.destroy();
  });
}

function sendError(deps: GatewayDeps, thrown: unknown, { request, reply }: Exchange): FastifyReply {
  const error = toAppError(thrown);
  report(deps, error, request);
  const response = toErrorResponse(error, dialectOf(request.url), request.id);
  if (response.status === 413) readAway(request, reply);
  if (response.retryAfterSeconds !== undefined) {
    void reply.header('retry-after', String(Math.max(1, Math.ceil(response.retryAfterSeconds))));
  }
  return reply.status(response.status).type(response.contentType).send(JSON.stringify(response.body));
}

function report(deps: GatewayDeps, error: unknown, request: FastifyRequest): void {
  const route = request.routeOptions.url ?? 'unknown';
  if (isAppError(error)) deps.logger.info({ code: error.code, route }, 'request.refused');
  else deps.logger.error({ error, route }, 'request.failed');
}
