import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, errors, request } from 'undici';
import { AppError } from '#core/index.ts';
import { isPermittedAddress, isPermittedUrl, type Destination } from './address-policy.ts';

/** How long each part of a call may take, in milliseconds. */
export interface EgressTimeouts {
  readonly connectMs: number;
  /** From the request's end to the response's head. */
  readonly firstByteMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
}

export interface EgressRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface EgressResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Pieces as they arrive; ends early with an error when the peer breaks off or falls silent. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What went wrong on the way: the caller says in its own words what that means. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly reason: 'refused-address' | 'unreachable' | 'timed-out' | 'broken-off';
  constructor(reason: EgressError['reason'], cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

type Lookup = typeof systemLookup;

/** The only way out of the program: every connection is checked where it is made, not where it is asked for. */
export class Egress implements AsyncDisposable {
  readonly #agent: Agent;
  readonly #destination: Destination;

  /** @param lookup handed in by tests, to play a name that changes its mind. */
  constructor(destination: Destination, timeouts: EgressTimeouts, lookup: Lookup = systemLookup) {
    this.#destination = destination;
    this.#agent = new Agent({
      connect: guardedConnector(destination, timeouts.connectMs, lookup),
      headersTimeout: timeouts.firstByteMs,
      bodyTimeout: timeouts.idleMs,
      // A pipeline would let one slow answer hold up another.
      pipelining: 1,
    });
  }

  /**
   * Asks, and resolves with the head of the response. Redirects are not followed: their target is the caller's to
   * judge. @throws {EgressError}; the signal's own reason when it aborted.
   */
  async send(call: EgressRequest): Promise<EgressResponse> {
    if (!isPermittedUrl(call.url, this.#destination)) throw new EgressError('refused-address');
    try {
      const response = await request(call.url, {
        dispatcher: this.#agent,
        method: call.method,
        headers: { ...call.headers },
        signal: call.signal,
        ...(call.body !== undefined && { body: call.body }),
      });
      return {
        status: response.statusCode,
        headers: response.headers,
        body: translated(response.body, call.signal),
      };
    } catch (error) {
      throw toEgressError(error, call.signal, 'unreachable');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}

async function* translated(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw toEgressError(error, signal, 'broken-off');
  }
}

function toEgressError(error: unknown, signal: AbortSignal, otherwise: EgressError['reason']): unknown {
  if (signal.aborted || error instanceof EgressError) return error;
  const isTimeout =
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError;
  return new EgressError(isTimeout ? 'timed-out' : otherwise, error);
}

function guardedConnector(
  destination: Destination,
  timeoutMs: number,
  lookup: Lookup,
): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(destination, lookup) });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // A literal address is never looked up, so the guarded look-up would not see it.
    if (isIP(host) !== 0 && !isPermittedAddress(host, destination)) {
      callback(new EgressError('refused-address'), null);
      return;
    }
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      const remote = socket.remoteAddress;
      if (remote !== undefined && isPermittedAddress(remote, destination)) return callback(null, socket);
      socket.destroy();
      return callback(new EgressError('refused-address'), null);
    });
  };
}

/** Refuses a name when any of its addresses is refused: a name that is half inside is a trick. */
function guardedLookup(destination: Destination, lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const [first] = addresses;
      const isPermitted = addresses.every(({ address }) => isPermittedAddress(address, destination));
      if (first === undefined || !isPermitted) return callback(new EgressError('refused-address'), '', 0);
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

/** The whole body as text. @throws {AppError} engine.unavailable when it is longer than `maxBytes`. */
export async function readLimited(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.byteLength;
    if (size > maxBytes)
      throw new AppError('engine.unavailable', 'The engine answered with more than it may.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
