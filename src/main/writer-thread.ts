// The one writer: a thread that owns the one connection that writes. Entry point, started by writer-client.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { isWriterOptions } from './writer-protocol.ts';
import { WriterLoop } from './writer-loop.ts';

if (parentPort !== null) {
  const options: unknown = workerData;
  if (!isWriterOptions(options)) throw new TypeError('the writer was started without its options');
  new WriterLoop(parentPort, options).start();
}
