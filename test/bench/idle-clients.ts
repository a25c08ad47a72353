// Opens connections and keeps them: argument 1 is the port, 2 how many keep-alive connections, 3 how many streams, 4 the
// model of the streams. Prints `ready` when all are open; ends with its parent.
import { connect, type Socket } from 'node:net';

const [port, idle, streams] = process.argv.slice(2, 5).map(Number);
const model = process.argv[5] ?? '';
const AT_ONCE = 50;
const open: Socket[] = [];

/** Sends a request on a connection of its own and resolves when `isEnough` of what came back. */
function hold(request: string, isEnough: (seen: string) => boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(port ?? 0, '127.0.0.1', () => socket.write(request));
  let seen = '';
  socket.setEncoding('latin1');
  socket.on('data', (part: string) => {
    if (seen === 'enough') return;
    seen += part;
    if (!isEnough(seen)) return;
    seen = 'enough';
    resolve();
  });
  socket.once('error', reject);
  socket.once('close', () => reject(new Error(`closed early: ${seen.slice(0, 200)}`)));
  open.push(socket);
  return promise;
}

async function many(count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, count) }, async () => {
      while (left-- > 0) await work();
    }),
  );
}

const probe = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n';
const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Co je nového?' }] });
const ask =
  'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n' +
  `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
await many(idle ?? 0, () => hold(probe, (seen) => seen.includes('\r\n\r\n')));
await many(streams ?? 0, () => hold(ask, (seen) => seen.includes('data: ')));
process.stdout.write('ready\n');
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
