// An engine that streams as many chunks as the model's name says, as fast as it says: `chunks-400-5` is 400 chunks, one
// each 5 ms; `chunks-2000-0` is all of them as fast as they go. Prints its port.
import { createServer, type ServerResponse } from 'node:http';

const chunk = (content: string, finish: string | null) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'chunks',
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  })}\n\n`;
const ORDINARY = chunk('slovo ', null);
const END = `${chunk('', 'stop')}data: [DONE]\n\n`;

function stream(response: ServerResponse, count: number, everyMs: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  if (everyMs === 0) {
    const fill = (): void => {
      for (; sent < count; sent++)
        if (!response.write(ORDINARY)) {
          sent += 1;
          response.once('drain', fill);
          return;
        }
      response.end(END);
    };
    fill();
    return;
  }
  response.write(ORDINARY);
  sent = 1;
  const timer = setInterval(() => {
    response.write(ORDINARY);
    sent += 1;
    if (sent < count) return;
    clearInterval(timer);
    response.end(END);
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part: string) => (body += part));
  request.on('end', () => {
    const [, count = '1', everyMs = '0'] = /"chunks-(\d+)-(\d+)"/.exec(body) ?? [];
    stream(response, Number(count), Number(everyMs));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
