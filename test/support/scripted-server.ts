import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectDigest, type AnswerEvent, type AnswerRequest } from '#core/index.ts';
import { randomId } from '#platform/index.ts';
import { createAnswering } from '../../src/main/answering.ts';
import { ConfigSchema } from '../../src/main/config-schema.ts';
import { startServer, type RunningServer } from '../../src/main/start.ts';

/** An answer that says what it is told, when it is told. */
export interface ScriptedAnswer {
  say(text: string): void;
  end(): void;
  /** Whether it came to its end or was stopped. */
  readonly ended: Promise<'done' | 'stopped'>;
}

/** The product with everything in its place but a model that a test speaks for. */
export interface ScriptedServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly url: string;
  /** The next answer that somebody asks for. */
  nextAnswer(): Promise<ScriptedAnswer>;
}

const endOf = (finishReason: 'stop' | 'cancelled'): AnswerEvent => ({
  type: 'answer-end',
  finishReason,
  grade: 'answered',
  citations: [],
  support: [],
  nearby: [],
  contact: undefined,
  dataClass: 'internal',
  usage: { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 },
});

/** One answer: the side that the test holds, and the side that the product reads. */
function makeAnswer(signal: AbortSignal) {
  const said: string[] = [];
  let isOver = false;
  let changed = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<'done' | 'stopped'>();
  const tell = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  signal.addEventListener('abort', tell);
  async function* events(): AsyncGenerator<AnswerEvent> {
    yield {
      type: 'answer-start',
      answerId: randomId('answer'),
      model: 'hradlo',
      mode: 'generated',
      createdAtMs: Date.now(),
      releaseDigest: expectDigest(`sha256:${'0'.repeat(64)}`),
    };
    for (let at = 0; !signal.aborted;) {
      const waiting = changed.promise;
      const text = said[at];
      if (text !== undefined) {
        at += 1;
        yield { type: 'text-delta', text, isQuote: false, isContext: false };
      } else if (isOver) break;
      else await waiting;
    }
    ended.resolve(signal.aborted ? 'stopped' : 'done');
    yield endOf(signal.aborted ? 'cancelled' : 'stop');
  }
  const answer: ScriptedAnswer = {
    say: (text) => {
      said.push(text);
      tell();
    },
    end: () => {
      isOver = true;
      tell();
    },
    ended: ended.promise,
  };
  return { answer, events };
}

/** Starts it over an empty folder, or over one that is there. */
export async function startScriptedServer(
  folder = mkdtempSync(join(tmpdir(), 'hradlo-test-')),
): Promise<ScriptedServer> {
  const waiting: PromiseWithResolvers<ScriptedAnswer>[] = [];
  const made: ScriptedAnswer[] = [];
  const config = ConfigSchema.parse({
    listen: { port: 0 },
    log: { level: 'silent' },
    samples: { load: false },
    audit: { checkpointFile: join(folder, 'elsewhere.checkpoints') },
    data: { folder },
  });
  const server = await startServer(config, (parts, routeFor) => ({
    ...createAnswering(parts, routeFor),
    answer: ({ signal }: AnswerRequest) => {
      const { answer, events } = makeAnswer(signal);
      const first = waiting.shift();
      if (first === undefined) made.push(answer);
      else first.resolve(answer);
      return events();
    },
  }));
  return {
    server,
    url: server.url,
    nextAnswer() {
      const known = made.shift();
      if (known !== undefined) return Promise.resolve(known);
      const next = Promise.withResolvers<ScriptedAnswer>();
      waiting.push(next);
      return next.promise;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
