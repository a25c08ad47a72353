// The least that a proxy can be: node:http, one request piped to the engine whose port is the first argument, its
// answer piped back. Prints its port.
import { Agent, createServer, request as ask } from 'node:http';

const agent = new Agent({ keepAlive: true });
const port = Number(process.argv[2]);
const server = createServer((request, response) => {
  const upstream = ask(
    { host: '127.0.0.1', port, agent, method: request.method, path: request.url, headers: request.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  request.pipe(upstream);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
