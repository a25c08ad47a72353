// The one writer: a thread that owns the one connection that writes. Entry point, started by writer-client.ts.
import { enableCompileCache } from 'node:module';
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { createChainEvents } from '#audit/index.ts';
import type { WriteUnit } from '#contracts/index.ts';
import { isAppError } from '#core/index.ts';
import { MIGRATIONS, migrate, openForWriting, UnitWriter, type UnitOutcome } from '#platform/index.ts';
import { isWriterOptions, type WriterReply, type WriterRequest } from './writer-protocol.ts';

enableCompileCache();

const MAX_UNITS_PER_COMMIT = 64;

function toReply(id: number, outcome: UnitOutcome): WriterReply {
  if (outcome.ok) return { type: 'written', id, result: outcome.result };
  const { error } = outcome;
  return isAppError(error)
    ? { type: 'refused', id, code: error.code, message: error.message, details: error.details }
    : { type: 'failed', id, message: error.message, stack: error.stack };
}

/** Takes what has arrived meanwhile, up to one commit's worth: units that wait share one fsync. */
function takeWaiting(port: MessagePort, first: WriterRequest): WriterRequest[] {
  const requests = [first];
  while (requests.length < MAX_UNITS_PER_COMMIT) {
    const waiting: { message: WriterRequest } | undefined = receiveMessageOnPort(port);
    if (waiting === undefined) return requests;
    requests.push(waiting.message);
  }
  return requests;
}

function run(port: MessagePort): void {
  const options: unknown = workerData;
  if (!isWriterOptions(options)) throw new TypeError('the writer was started without its options');
  const database = openForWriting(options.path, options.synchronous);
  migrate(database, MIGRATIONS, options.nowMs);
  const writer = new UnitWriter(database, createChainEvents(options.chainId));
  port.postMessage({ type: 'ready' } satisfies WriterReply);
  port.on('message', (first: WriterRequest) => {
    const requests = takeWaiting(port, first);
    const writes = requests.filter((request) => request.type === 'write');
    const units: WriteUnit[] = writes.map((request) => request.unit);
    const outcomes = units.length === 0 ? [] : writer.writeBatch(units);
    for (const [index, request] of writes.entries()) port.postMessage(toReply(request.id, outcomes[index]!));
    if (!requests.some((request) => request.type === 'close')) return;
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    port.postMessage({ type: 'closed' } satisfies WriterReply);
    port.close();
  });
}

if (parentPort !== null) run(parentPort);
