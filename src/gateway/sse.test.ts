import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { AppError } from '#core/index.ts';
import { EventStream, JSON_LINES, sending, type EventReply } from './sse.ts';

/** A client; a slow one reads nothing. */
class Client extends Writable {
  readonly pieces: string[] = [];
  readonly #isSlow: boolean;

  constructor(isSlow = false) {
    super({ highWaterMark: 1, decodeStrings: false });
    this.#isSlow = isSlow;
  }
  override _write(piece: string, _encoding: string, done: () => void): void {
    this.pieces.push(piece);
    if (!this.#isSlow) done();
  }
}

function makeStream(events: AsyncIterable<object>, signal = new AbortController().signal, opening = 0) {
  const errors: unknown[] = [];
  const reply: EventReply = {
    kind: 'events',
    framing: JSON_LINES,
    opening,
    done: 'done',
    send: sending(events, (event) => [JSON.stringify(event)]),
  };
  const onError = (error: unknown) => void errors.push(error);
  return { stream: new EventStream(reply, { dialect: 'openai', requestId: 'r', signal, onError }), errors };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const ended = (client: Client) => new Promise<void>((resolve) => client.once('close', resolve));

async function* numbers(count: number): AsyncGenerator<object> {
  for (let n = 1; n <= count; n++) yield { n };
}

test('what one turn of the event loop brings leaves as one piece', async () => {
  const { stream } = makeStream(numbers(3));
  const client = new Client();
  await stream.begin();
  stream.open(client);
  await ended(client);
  // The first went out with the head; the rest came in one turn.
  assert.deepEqual(client.pieces, ['{"n":1}\n', '{"n":2}\n{"n":3}\ndone\n']);
});

test('a client that does not read holds up what is behind the stream', async () => {
  let made = 0;
  const { stream } = makeStream(
    (async function* () {
      for (; made < 100; made++) {
        await turn();
        yield { made };
      }
    })(),
  );
  const client = new Client(true);
  await stream.begin();
  stream.open(client);
  for (let turns = 0; turns < 20; turns++) await turn();
  assert.ok(made < 5, `${made} were made`);
  client.destroy();
  await turn();
});

test('a client that goes away ends what is behind the stream', async () => {
  const gone = Promise.withResolvers<void>();
  const { stream, errors } = makeStream(
    (async function* () {
      try {
        for (let n = 0; ; n++) {
          await turn();
          yield { n };
        }
      } finally {
        gone.resolve();
      }
    })(),
  );
  const client = new Client();
  await stream.begin();
  stream.open(client);
  await turn();
  client.destroy();
  await gone.promise;
  assert.deepEqual(errors, []);
});

test('a cut is said at once, also when the next event never comes', async () => {
  const controller = new AbortController();
  const never = Promise.withResolvers<void>();
  const { stream, errors } = makeStream(
    (async function* () {
      yield { n: 1 };
      await never.promise;
      yield { n: 2 };
    })(),
    controller.signal,
  );
  const client = new Client();
  await stream.begin();
  stream.open(client);
  controller.abort(new AppError('auth.required', 'Over.'));
  await ended(client);
  assert.match(client.pieces.join(''), /^\{"n":1\}\n.*Over\..*\n$/);
  assert.equal(errors.length, 1);
  never.resolve();
  await turn();
});

test('a failure while the head is on its way is said in the stream', async () => {
  const controller = new AbortController();
  const { stream, errors } = makeStream(numbers(2), controller.signal);
  await stream.begin();
  controller.abort(new AppError('server.draining', 'Stopping.'));
  const client = new Client();
  stream.open(client);
  await ended(client);
  assert.match(client.pieces.join(''), /Stopping\./);
  assert.ok(!client.pieces.join('').includes('done'));
  assert.equal(errors.length, 1);
});

test('a cut before anything was said is a status', async () => {
  const controller = new AbortController();
  const { stream } = makeStream(numbers(1), controller.signal, 1);
  controller.abort(new AppError('server.draining', 'Stopping.'));
  await assert.rejects(stream.begin(), { code: 'server.draining' });
});
