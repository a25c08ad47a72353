import { setTimeout } from 'node:timers/promises';
import { expectDigest, type AnswerEvent, type AnswerRequest } from '#core/index.ts';
import { randomId } from '#platform/index.ts';
import { createAnswering } from '../../src/main/answering.ts';
import { ConfigSchema } from '../../src/main/config-schema.ts';
import { startServer, type RunningServer } from '../../src/main/start.ts';

const WORD_INTERVAL_MS = 100;

/** An answer that does not end by itself: a word each tenth of a second, until nobody reads on. */
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
export function startEndlessServer(folder: string): Promise<RunningServer> {
  const config = ConfigSchema.parse({
    listen: { port: 0 },
    log: { level: 'silent' },
    samples: { load: false },
    data: { folder },
  });
  return startServer(config, (parts, routeFor) => ({
    ...createAnswering(parts, routeFor),
    answer: endlessAnswer,
  }));
}
