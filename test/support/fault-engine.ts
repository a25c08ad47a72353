import { createServer, type Server, type Socket } from 'node:net';

/** What a caller must see of a misbehaviour. */
export type Expected = 'answer' | 'error' | 'error-after-text';

export interface Misbehaviour {
  readonly name: string;
  readonly expected: Expected;
  /** Plays the engine's side after the request's head arrived; `attempt` counts from 1. */
  play(socket: Socket, attempt: number): void;
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const delta = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
const frame = (text: string | Buffer) => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
};
const LAST = Buffer.concat([Buffer.from('0\r\n\r\n')]);
const status = (code: number, body = '{}') =>
  `HTTP/1.1 ${code} X\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const whole = Buffer.concat([
  frame(delta('Dva ')),
  frame(delta('měsíce.', 'stop')),
  frame('data: [DONE]\n\n'),
  LAST,
]);
const send = (socket: Socket, ...parts: readonly (string | Buffer)[]) => {
  for (const part of parts) socket.write(part);
};
/** Byte by byte, each in a turn of its own: a timer would make it slow on a busy machine, which is another fault. */
const drip = (socket: Socket, bytes: Buffer) => {
  socket.setNoDelay(true);
  let at = 0;
  const next = (): void => {
    if (socket.destroyed || at >= bytes.length) return;
    socket.write(bytes.subarray(at, at + 1));
    at += 1;
    setImmediate(next);
  };
  next();
};

/** Twenty-five ways in which an engine behind us can go wrong, or merely be odd. */
export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  { name: 'a plain answer', expected: 'answer', play: (s) => send(s, CHUNKED, whole) },
  {
    name: 'an answer cut at every byte',
    expected: 'answer',
    play: (s) => drip(s, Buffer.concat([Buffer.from(CHUNKED), whole])),
  },
  {
    name: 'comments and empty lines between events',
    expected: 'answer',
    play: (s) => send(s, CHUNKED, frame(': ping\n\n\n'), whole),
  },
  {
    name: 'carriage returns as line ends',
    expected: 'answer',
    play: (s) =>
      send(
        s,
        CHUNKED,
        frame(delta('Dva ').replaceAll('\n', '\r\n')),
        frame(delta('měsíce.', 'stop').replaceAll('\n', '\r\n')),
        LAST,
      ),
  },
  {
    name: 'an end without [DONE] after a finish reason',
    expected: 'answer',
    play: (s) => send(s, CHUNKED, frame(delta('Dva měsíce.', 'stop')), LAST),
  },
  {
    name: 'unknown fields and null deltas',
    expected: 'answer',
    play: (s) => send(s, CHUNKED, frame('data: {"choices":[{"delta":null}],"x":1}\n\n'), whole),
  },
  {
    name: 'busy once, then an answer',
    expected: 'answer',
    play: (s, n) => (n === 1 ? send(s, status(503)) : send(s, CHUNKED, whole)),
  },
  {
    name: 'refused connection state: reset at once, then an answer',
    expected: 'answer',
    play: (s, n) => (n === 1 ? s.resetAndDestroy() : send(s, CHUNKED, whole)),
  },
  { name: 'busy for ever', expected: 'error', play: (s) => send(s, status(503)) },
  { name: 'status 500', expected: 'error', play: (s) => send(s, status(500, '{"error":"tajné"}')) },
  { name: 'status 404', expected: 'error', play: (s) => send(s, status(404)) },
  {
    name: 'a redirect',
    expected: 'error',
    play: (s) => send(s, 'HTTP/1.1 302 X\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n'),
  },
  { name: 'silence after the request', expected: 'error', play: () => {} },
  { name: 'a head and then silence', expected: 'error', play: (s) => send(s, CHUNKED) },
  {
    name: 'text and then silence',
    expected: 'error-after-text',
    play: (s) => send(s, CHUNKED, frame(delta('Dva '))),
  },
  {
    name: 'text and then a reset',
    expected: 'error-after-text',
    play: (s) => {
      send(s, CHUNKED, frame(delta('Dva ')));
      setTimeout(() => s.resetAndDestroy(), 20);
    },
  },
  {
    name: 'text and then a half-closed connection',
    expected: 'error-after-text',
    play: (s) => {
      send(s, CHUNKED, frame(delta('Dva ')));
      setTimeout(() => s.end(), 20);
    },
  },
  {
    name: 'a clean end without a finish',
    expected: 'error-after-text',
    play: (s) => send(s, CHUNKED, frame(delta('Dva ')), LAST),
  },
  {
    name: 'garbage instead of JSON',
    expected: 'error-after-text',
    play: (s) => send(s, CHUNKED, frame(delta('Dva ')), frame('data: {"choi\n\n')),
  },
  {
    name: 'bytes that are not UTF-8',
    expected: 'error-after-text',
    play: (s) => {
      send(s, CHUNKED, frame(delta('Dva ')));
      setTimeout(() => s.write(frame(Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0xfe, 0x0a]))), 20);
    },
  },
  {
    name: 'a line without an end',
    expected: 'error',
    play: (s) => {
      send(s, CHUNKED);
      const mebibyte = frame(Buffer.alloc(1 << 20, 120));
      for (let i = 0; i < 4; i++) s.write(mebibyte);
    },
  },
  {
    name: 'an error inside the stream',
    expected: 'error-after-text',
    play: (s) =>
      send(s, CHUNKED, frame(delta('Dva ')), frame('data: {"error":{"message":"CUDA tajné"}}\n\n'), LAST),
  },
  {
    name: 'a length that promises more than comes',
    expected: 'error-after-text',
    play: (s) => {
      send(s, `${HEAD}content-length: 5000\r\n\r\n`, delta('Dva '));
      setTimeout(() => s.end(), 20);
    },
  },
  { name: 'a head that is not HTTP', expected: 'error', play: (s) => send(s, 'BLAH BLAH\r\n\r\n') },
  {
    name: 'a broken chunk size',
    expected: 'error-after-text',
    play: (s) => send(s, CHUNKED, frame(delta('Dva ')), 'ZZZ\r\nx\r\n'),
  },
];

/** An engine that plays one misbehaviour to every call; `url` is its base. */
export async function startFaultEngine(
  misbehaviour: Misbehaviour,
): Promise<AsyncDisposable & { readonly url: string; attempts(): number }> {
  let attempts = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let seen = '';
    socket.on('data', (part) => {
      seen += part.toString('latin1');
      const at = seen.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(seen)?.[1] ?? 0);
      if (at < 0 || seen.length < at + 4 + length) return;
      seen = '';
      attempts += 1;
      misbehaviour.play(socket, attempts);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    attempts: () => attempts,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
