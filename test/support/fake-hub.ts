import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

const COMMIT = 'a'.repeat(40);

/** How the hub misbehaves, and whether a patient client can still get the file. */
export interface HubFault {
  readonly name: string;
  readonly outcome: 'file' | 'error';
  /** Answers a request for the bytes; false leaves it to the honest hub. `attempt` counts from 1. */
  bytes?(
    request: IncomingMessage,
    response: ServerResponse,
    state: { readonly attempt: number; readonly content: Buffer },
  ): boolean;
  /** Changes the head's headers. */
  head?(headers: Record<string, string>): Record<string, string>;
  readonly headStatus?: number;
}

function honest(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const isPart = request.headers.range !== undefined;
  response.writeHead(isPart ? 206 : 200, {
    'content-length': String(content.length - from),
    ...(isPart && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
  });
  response.end(content.subarray(from));
}

const cut =
  (share: number) =>
  (
    request: IncomingMessage,
    response: ServerResponse,
    { content, attempt }: { attempt: number; content: Buffer },
  ) => {
    if (attempt > 3) return false;
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      'content-length': String(content.length - from),
      ...(request.headers.range !== undefined && {
        'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
      }),
    });
    response.write(content.subarray(from, from + Math.floor((content.length - from) * share)), () =>
      response.destroy(),
    );
    return true;
  };
const status =
  (code: number, times = Infinity) =>
  (_request: IncomingMessage, response: ServerResponse, { attempt }: { attempt: number }) => {
    if (attempt > times) return false;
    response.writeHead(code, { 'content-type': 'text/html' }).end('<html>no</html>');
    return true;
  };

/** Twenty misbehaviours of a hub or of the way to it. */
export const HUB_FAULTS: readonly HubFault[] = [
  { name: 'none', outcome: 'file' },
  { name: 'breaks off in the middle, three times', outcome: 'file', bytes: cut(0.5) },
  { name: 'breaks off after the first bytes', outcome: 'file', bytes: cut(0.01) },
  { name: 'breaks off before the last byte', outcome: 'file', bytes: cut(0.999) },
  { name: 'is busy twice', outcome: 'file', bytes: status(503, 2) },
  { name: 'limits the rate twice', outcome: 'file', bytes: status(429, 2) },
  { name: 'fails once', outcome: 'file', bytes: status(500, 1) },
  {
    name: 'resets the connection once',
    outcome: 'file',
    bytes: (request, _response, { attempt }) => {
      if (attempt > 1) return false;
      request.socket.resetAndDestroy();
      return true;
    },
  },
  {
    name: 'ignores ranges and starts over',
    outcome: 'file',
    bytes: (request, response, state) => {
      if (state.attempt === 1) return cut(0.5)(request, response, state);
      response.writeHead(200, { 'content-length': String(state.content.length) }).end(state.content);
      return true;
    },
  },
  {
    name: 'redirects once, as to a content network',
    outcome: 'file',
    bytes: (request, response) => {
      if (request.url?.startsWith('/cdn/')) return false;
      response.writeHead(302, { location: `/cdn${request.url ?? ''}`, 'content-length': '0' }).end();
      return true;
    },
  },
  {
    name: 'sends one wrong byte',
    outcome: 'error',
    bytes: (_request, response, { content }) => {
      const wrong = Buffer.from(content);
      wrong[wrong.length >> 1]! ^= 1;
      response.writeHead(200, { 'content-length': String(wrong.length) }).end(wrong);
      return true;
    },
  },
  {
    name: 'sends a page instead of the file',
    outcome: 'error',
    bytes: (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
      return true;
    },
  },
  {
    name: 'sends more than the file has',
    outcome: 'error',
    bytes: (_request, response, { content }) => {
      response.writeHead(200).end(Buffer.concat([content, content]));
      return true;
    },
  },
  {
    name: 'answers another range than was asked for',
    outcome: 'error',
    bytes: (request, response, state) => {
      if (state.attempt === 1) return cut(0.5)(request, response, state);
      const part = state.content.subarray(1);
      response
        .writeHead(206, {
          'content-range': `bytes 1-${state.content.length - 1}/${state.content.length}`,
          'content-length': String(part.length),
        })
        .end(part);
      return true;
    },
  },
  {
    name: 'redirects in a circle',
    outcome: 'error',
    bytes: (request, response) => {
      response.writeHead(302, { location: request.url ?? '/', 'content-length': '0' }).end();
      return true;
    },
  },
  {
    name: 'redirects to the metadata service of a cloud',
    outcome: 'error',
    bytes: (_request, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/latest', 'content-length': '0' }).end();
      return true;
    },
  },
  { name: 'never has time', outcome: 'error', bytes: status(503) },
  { name: 'has no such file', outcome: 'error', headStatus: 404 },
  { name: 'asks for a token', outcome: 'error', headStatus: 401 },
  {
    name: 'does not say which bytes the file has',
    outcome: 'error',
    head: ({ 'x-linked-etag': _etag, ...headers }) => headers,
  },
  {
    name: 'names a digest that climbs out of the folder',
    outcome: 'error',
    head: (headers) => ({ ...headers, 'x-linked-etag': '"../../../etc/passwd"' }),
  },
  {
    name: 'falls silent in the middle, once',
    outcome: 'file',
    bytes: (_request, response, { attempt, content }) => {
      if (attempt > 1) return false;
      response.writeHead(200, { 'content-length': String(content.length) });
      response.write(content.subarray(0, content.length >> 1));
      return true;
    },
  },
];

export interface FakeHub extends AsyncDisposable {
  readonly url: string;
  readonly digest: string;
  /** Bytes of the file that left the hub, over all requests. */
  sentBytes(): number;
  /** Bytes of answers that are still under way. */
  openBytes(): number;
  attempts(): number;
  /** Requests of every kind. */
  requests(): number;
}

/** A hub on this machine that speaks the real protocol over one file, `test/model/tiny.gguf`. */
export async function startFakeHub(
  content: Buffer,
  fault: HubFault = HUB_FAULTS[0]!,
  options: { readonly bytesPerSecond?: number } = {},
): Promise<FakeHub> {
  const digest = createHash('sha256').update(content).digest('hex');
  let attempts = 0;
  let requests = 0;
  let sent = 0;
  const underWay = new Set<() => number>();
  const server: Server = createServer((request, response) => {
    response.on('error', () => undefined);
    requests += 1;
    if (request.url?.startsWith('/api/models/')) {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"cardData":{"license":"apache-2.0"}}');
      return;
    }
    if (request.method === 'HEAD') {
      const headers = {
        'x-repo-commit': COMMIT,
        'x-linked-etag': `"${digest}"`,
        'x-linked-size': String(content.length),
      };
      response.writeHead(fault.headStatus ?? 200, fault.head?.(headers) ?? headers).end();
      return;
    }
    attempts += 1;
    const before = request.socket.bytesWritten;
    const open = () => request.socket.bytesWritten - before;
    underWay.add(open);
    response.on('close', () => {
      underWay.delete(open);
      sent += open();
    });
    if (fault.bytes?.(request, response, { attempt: attempts, content }) === true) return;
    if (options.bytesPerSecond === undefined) honest(request, response, content);
    else slowly(request, response, { content, bytesPerSecond: options.bytesPerSecond });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    digest: `sha256:${digest}`,
    sentBytes: () => sent,
    openBytes: () => [...underWay].reduce((sum, bytes) => sum + bytes(), 0),
    attempts: () => attempts,
    requests: () => requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function slowly(
  request: IncomingMessage,
  response: ServerResponse,
  { content, bytesPerSecond }: { content: Buffer; bytesPerSecond: number },
): void {
  let at = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const isPart = request.headers.range !== undefined;
  response.writeHead(isPart ? 206 : 200, {
    'content-length': String(content.length - at),
    ...(isPart && { 'content-range': `bytes ${at}-${content.length - 1}/${content.length}` }),
  });
  const step = Math.ceil(bytesPerSecond / 200);
  const timer = setInterval(() => {
    // What the other side has not taken yet is not sent on top: it would be lost with the connection.
    if (response.writableNeedDrain || request.socket.writableLength > 0) return;
    response.write(content.subarray(at, at + step));
    at += step;
    if (at >= content.length) {
      clearInterval(timer);
      response.end();
    }
  }, 5);
  response.on('close', () => clearInterval(timer));
}
