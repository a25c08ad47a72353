import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request in the server's place; false lets it pass, at once or after a while. */
export type Answer = (incoming: IncomingMessage, reply: ServerResponse) => boolean | Promise<boolean>;

/** A server between the browser and the product: what it does not answer itself passes through unchanged. */
export interface Between extends AsyncDisposable {
  readonly url: string;
  /** Changes who answers from now on; undefined lets everything pass. */
  answerWith(answer: Answer | undefined): void;
  /** Breaks every line that is open. */
  cut(): void;
}

/** Sends a JSON reply. */
export function sendJson(reply: ServerResponse, status: number, body: object): true {
  reply.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  return true;
}

/** Sends events as the product streams them. */
export function sendEvents(reply: ServerResponse, events: readonly object[]): true {
  reply.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  reply.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
  return true;
}

/** Starts it on a free port of this machine. */
export async function startBetween(target: string): Promise<Between> {
  let answer: Answer | undefined;
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, reply) => {
    void answerOrPass(incoming, reply);
  });
  const answerOrPass = async (incoming: IncomingMessage, reply: ServerResponse) => {
    if ((await answer?.(incoming, reply)) !== true) pass(incoming, reply);
  };
  const pass = (incoming: IncomingMessage, reply: ServerResponse) => {
    const onward = request(
      { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (response) => {
        reply.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(reply);
      },
    );
    onward.on('error', () => reply.destroy());
    reply.on('close', () => onward.destroy());
    incoming.pipe(onward);
  };
  const ready = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => ready.resolve());
  await ready.promise;
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    answerWith: (next) => {
      answer = next;
    },
    cut: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
