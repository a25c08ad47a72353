import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';

/** Where the running server is reached: its socket in the data folder, or an address with a key. */
export type ServerAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string; readonly apiKey: string };

/** A failure that the person is told in one line; `exitCode` 2 means the call was wrong, 3 the server. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;
  /** The server could not be reached at all. */
  readonly isAway: boolean;
  constructor(message: string, exitCode: number, isAway = false) {
    super(message);
    this.exitCode = exitCode;
    this.isAway = isAway;
  }
}

/** Speaks HTTP with the running server. */
export class Client {
  readonly #address: ServerAddress;
  constructor(address: ServerAddress) {
    this.#address = address;
  }

  /** Whether the server is reached by an address: it may be another computer, which does not see our files. */
  get isRemote(): boolean {
    return this.#address.kind === 'url';
  }

  /** Sends and gives the response once its head is there. @throws {CliError} when the server says no or is away. */
  send(method: string, path: string, body?: object): Promise<IncomingMessage> {
    const type = body === undefined ? undefined : 'application/json';
    return this.#exchange(
      { method, path, type },
      body === undefined ? [] : [Buffer.from(JSON.stringify(body))],
    );
  }

  /** As `send`, with a body of bytes that is read as it goes. */
  sendStream(method: string, path: string, body: AsyncIterable<Uint8Array>): Promise<IncomingMessage> {
    return this.#exchange({ method, path, type: 'application/octet-stream' }, body);
  }

  async #exchange(
    { method, path, type }: { method: string; path: string; type: string | undefined },
    body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const headers = { ...(type !== undefined && { 'content-type': type }), ...this.#authorization() };
    const address = this.#address;
    const request =
      address.kind === 'socket'
        ? httpRequest(
            { socketPath: address.path, method, path, headers: { ...headers, host: 'localhost' } },
            resolve,
          )
        : (address.url.startsWith('https:') ? httpsRequest : httpRequest)(
            new URL(path, address.url),
            { method, headers },
            resolve,
          );
    request.once('error', (error) => reject(toCliError(error, address)));
    if (Array.isArray(body)) request.end(body[0]);
    else Readable.from(body).once('error', reject).pipe(request);
    const response = await promise;
    if ((response.statusCode ?? 500) < 400) return response;
    throw new CliError(await readMessage(response), 3);
  }

  /** Sends and reads the JSON that comes back. */
  async json(method: string, path: string, body?: object): Promise<unknown> {
    return JSON.parse(await readText(await this.send(method, path, body)));
  }

  #authorization(): { authorization?: string } {
    return this.#address.kind === 'url' && this.#address.apiKey !== ''
      ? { authorization: `Bearer ${this.#address.apiKey}` }
      : {};
  }
}

function toCliError(error: Error, address: ServerAddress): CliError {
  const code = 'code' in error ? error.code : undefined;
  if (address.kind === 'socket' && (code === 'ENOENT' || code === 'ECONNREFUSED')) {
    return new CliError('Hradlo does not run here. Start it with "npm start", then try again.', 3, true);
  }
  if (address.kind === 'socket' && code === 'EACCES') {
    return new CliError('Only the user who runs Hradlo may use it this way. Use --url with an API key.', 3);
  }
  return new CliError(
    `The server cannot be reached (${typeof code === 'string' ? code : error.message}).`,
    3,
    true,
  );
}

/** The whole body as text. */
export async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const part of response) text += String(part);
  return text;
}

async function readMessage(response: IncomingMessage): Promise<string> {
  const text = await readText(response);
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) {
      if ('detail' in body) return String(body.detail);
      if (
        'error' in body &&
        typeof body.error === 'object' &&
        body.error !== null &&
        'message' in body.error
      ) {
        return String(body.error.message);
      }
    }
  } catch {
    // Not ours: something between us and the server answered.
  }
  return `The server answered ${response.statusCode}.`;
}

/** The JSON of each `data:` line until the stream ends. */
export async function* readEvents(response: IncomingMessage): AsyncGenerator {
  response.setEncoding('utf8');
  let rest = '';
  for await (const part of response) {
    const lines = (rest + String(part)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data: ') && line !== 'data: [DONE]') yield JSON.parse(line.slice('data: '.length));
    }
  }
}
