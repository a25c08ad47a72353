import { createServer } from 'node:http';
import { chmodSync, rmSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/** The address could not be taken, said so that a person knows what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Listens on an address; resolves with the port. @throws {ListenError} */
export async function listenOn(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new ListenError(
        `Port ${port} is taken, perhaps by a Hradlo that already runs. Choose another: --port 7374.`,
      );
    }
    if (code === 'EACCES')
      throw new ListenError(`Port ${port} may not be opened by this user. Choose one above 1024.`);
    if (code === 'EADDRNOTAVAIL') throw new ListenError(`This machine has no address ${host}. Check --host.`);
    throw error;
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Serves the same routes on a socket in the data folder that only its owner can open. */
export async function listenOnSocket(app: FastifyInstance, path: string): Promise<AsyncDisposable> {
  rmSync(path, { force: true });
  const server = createServer((request, response) => app.routing(request, response));
  const ready = Promise.withResolvers<void>();
  server.once('error', ready.reject);
  server.listen(path, () => ready.resolve());
  await ready.promise;
  chmodSync(path, 0o600);
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeIdleConnections();
      await closed.promise;
      rmSync(path, { force: true });
    },
  };
}
