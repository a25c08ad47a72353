// The thread that chooses sentences, so that the main thread only passes them on. Entry point, started by
// quoting-client.ts.
import { parentPort, type MessagePort } from 'node:worker_threads';
import { isAppError } from '#core/index.ts';
import { createExtractiveModel, loadBundledEmbedding } from '#rag/index.ts';
import type { QuotingReply, QuotingRequest } from './quoting-protocol.ts';

function run(port: MessagePort): void {
  const model = createExtractiveModel({ embedding: loadBundledEmbedding() });
  const never = new AbortController().signal;
  const answer = async ({ id, request }: QuotingRequest): Promise<QuotingReply> => {
    try {
      return { type: 'answered', id, deltas: await Array.fromAsync(model.stream(request, never)) };
    } catch (error) {
      const code = isAppError(error) ? error.code : undefined;
      return { type: 'failed', id, code, message: error instanceof Error ? error.message : 'failed' };
    }
  };
  port.on('message', (request: QuotingRequest) => {
    void answer(request).then((reply) => port.postMessage(reply));
  });
}

if (parentPort !== null) run(parentPort);
