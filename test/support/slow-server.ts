import { setTimeout } from 'node:timers/promises';
import { expectDigest, type AnswerEvent, type AnswerRequest } from '#core/index.ts';
import { createGateway } from '#gateway/index.ts';
import { randomId } from '#platform/index.ts';
import { composeParts } from '../../src/main/compose.ts';
import { ConfigSchema } from '../../src/main/config-schema.ts';
import { openEntrance } from '../../src/main/entrance.ts';
import { ensureTenant } from '../../src/main/first-start.ts';
import { listenOn } from '../../src/main/listen.ts';
import { startModels } from '../../src/main/models.ts';
import { createRoutes } from '../../src/main/routes.ts';

const WORD_INTERVAL_MS = 100;

/** An answer that does not end by itself: a word each tenth of a second, whatever becomes of `signal`. */
async function* endlessAnswer(_request: AnswerRequest): AsyncGenerator<AnswerEvent> {
  yield {
    type: 'answer-start',
    answerId: randomId('answer'),
    model: 'hradlo',
    mode: 'generated',
    createdAtMs: Date.now(),
    releaseDigest: expectDigest(`sha256:${'0'.repeat(64)}`),
  };
  for (;;) {
    await setTimeout(WORD_INTERVAL_MS, undefined, { ref: false });
    yield { type: 'text-delta', text: 'slovo ', isQuote: false, isContext: false };
  }
}

/**
 * The product over a planted folder, with everything in its place but a model that never ends and does not listen
 * to being cut.
 */
export async function startEndlessServer(
  folder: string,
): Promise<AsyncDisposable & { readonly url: string }> {
  const stack = new AsyncDisposableStack();
  const config = ConfigSchema.parse({
    listen: { port: 0 },
    log: { level: 'silent' },
    samples: { load: false },
    data: { folder },
  });
  const parts = await composeParts(config, stack);
  await ensureTenant(parts);
  await parts.indexReady;
  const entrance = openEntrance(parts, stack);
  const app = createGateway({
    routes: createRoutes(parts, {
      session: entrance.session,
      models: await startModels(parts, stack),
      isReady: () => true,
      answerChat: endlessAnswer,
    }),
    limits: config.http,
    logger: parts.logger,
    metrics: parts.metrics,
    ...entrance.gateway,
    newRequestId: () => crypto.randomUUID(),
  });
  stack.defer(() => app.close());
  const port = await listenOn(app, '127.0.0.1', 0);
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
