import { request as httpRequest, type Agent, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** A response, read to its end. */
export interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; an empty object when it is none. */
  readonly body: Record<string, unknown>;
}

export interface Said {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | undefined;
  /** Sent as it is, in place of a body; its type is in the headers. */
  readonly bytes?: string | undefined;
  /** Local address to connect from. */
  readonly from?: string;
}

const isLines = (headers: IncomingHttpHeaders): boolean => /ndjson|jsonl/.test(headers['content-type'] ?? '');

/** One caller of a running server: a browser with its cookie and token, or a program with its key. */
export class Visitor {
  readonly #base: URL;
  readonly #key: string | undefined;
  readonly #agent: Agent | undefined;
  cookie: string | undefined;
  csrfToken: string | undefined;

  /** @param agent keeps connections; without one each request has its own. */
  constructor(url: string, key?: string, agent?: Agent) {
    this.#base = new URL(url);
    this.#key = key;
    this.#agent = agent;
  }

  /** What this caller sends with everything: its key, or its cookie and token. */
  headers(): Record<string, string> {
    return {
      ...(this.#key && { authorization: `Bearer ${this.#key}` }),
      ...(this.cookie && { cookie: this.cookie }),
      ...(this.csrfToken && { 'x-hradlo-csrf': this.csrfToken }),
    };
  }

  /** Sends a request and hears it out; keeps a cookie that it is given. */
  async say(method: string, path: string, said: Said = {}): Promise<Heard> {
    const { promise, resolve, reject } = Promise.withResolvers<Heard>();
    const bytes = said.bytes ?? (said.body === undefined ? undefined : JSON.stringify(said.body));
    const isTls = this.#base.protocol === 'https:';
    const sent = (isTls ? httpsRequest : httpRequest)(
      {
        ...(isTls && { rejectUnauthorized: false }),
        host: this.#base.hostname,
        port: this.#base.port,
        method,
        path,
        agent: this.#agent ?? false,
        ...(said.from && { localAddress: said.from }),
        headers: {
          host: this.#base.host,
          ...(bytes !== undefined && {
            'content-type': 'application/json',
            // Said for DELETE too, of which Node would not say it.
            'content-length': String(Buffer.byteLength(bytes)),
          }),
          ...this.headers(),
          ...said.headers,
        },
      },
      (response) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (part: string) => (text += part));
        response.on('error', reject);
        response.on('end', () => {
          this.#keepCookie(response.headers['set-cookie']);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body:
              /json/.test(response.headers['content-type'] ?? '') && !isLines(response.headers)
                ? JSON.parse(text)
                : {},
          });
        });
      },
    );
    sent.once('error', reject);
    sent.end(bytes);
    return promise;
  }

  /** Sends a file. */
  upload(path: string, bytes: string): Promise<Heard> {
    return this.say('POST', path, { bytes, headers: { 'content-type': 'application/octet-stream' } });
  }

  /** Says it and takes nothing but success. @throws {Error} with what was answered. */
  async expect(status: number, method: string, path: string, body?: object): Promise<Heard['body']> {
    const heard = await this.say(method, path, { body });
    if (heard.status !== status)
      throw new Error(`${method} ${path} answered ${heard.status} instead of ${status}: ${heard.text}`);
    if (typeof heard.body['csrfToken'] === 'string') this.csrfToken = heard.body['csrfToken'];
    return heard.body;
  }

  #keepCookie(lines: readonly string[] | undefined): void {
    for (const line of lines ?? []) {
      const [pair = '', ...attributes] = line.split('; ');
      this.cookie = attributes.includes('Max-Age=0') ? undefined : pair;
    }
  }
}
