import {
  AppError,
  type AnswerEvent,
  type AnswerInput,
  type AnswerRequest,
  type Principal,
} from '#core/index.ts';
import {
  CHAT_SHAPE,
  encodeLines,
  fromChat,
  fromGenerate,
  GENERATE_SHAPE,
  type LoadedModel,
  type MemoryWish,
  OllamaChatRequest,
  OllamaGenerateRequest,
  OllamaShowRequest,
  toLoaded,
  toMemoryReply,
  toMemoryWish,
  toReply,
  toShow,
  toTags,
} from '#wire/ollama/index.ts';
import type { ListedModel } from '#wire/openai/index.ts';
import { defineRoute, type Call, type Reply, type Route } from '../route.ts';
import { JSON_LINES, sending } from '../sse.ts';

export interface OllamaDeps {
  answerChat(request: AnswerRequest): AsyncIterable<AnswerEvent>;
  listModels(principal: Principal): Promise<readonly ListedModel[]>;
  /** Of those that the principal may ask, the models that are in the memory of this machine. */
  listLoaded(principal: Principal): readonly LoadedModel[];
  /** Loads a model, or takes it out of memory. @throws AppError model.not_found, auth.forbidden */
  changeMemory(principal: Principal, wish: MemoryWish): Promise<void>;
  nowMs(): number;
  monotonicMs(): number;
  readonly version: string;
}

interface Asked {
  readonly input: AnswerInput;
  readonly wish: MemoryWish | undefined;
  readonly isStream: boolean;
  readonly shape: typeof CHAT_SHAPE;
}

/** Answers as Ollama does: a stream of lines unless the client asks for one reply. */
async function answer(
  deps: OllamaDeps,
  call: Pick<Call<unknown, unknown, unknown>, 'principal' | 'signal'>,
  asked: Asked,
): Promise<Reply> {
  const { principal, signal } = call;
  if (asked.wish !== undefined) {
    await deps.changeMemory(principal, asked.wish);
    return { kind: 'json', body: toMemoryReply(asked.wish, asked.shape, deps.nowMs()) };
  }
  const events = deps.answerChat({ ...asked.input, principal, dialect: 'ollama', signal });
  const options = { shape: asked.shape, nowMs: deps.monotonicMs };
  if (!asked.isStream) return { kind: 'json', body: await toReply(events, options) };
  return { kind: 'events', framing: JSON_LINES, opening: 0, send: sending(events, encodeLines(options)) };
}

/** Ollama's dialect, so that its clients need only our address. */
export function ollamaRoutes(deps: OllamaDeps): Route[] {
  return [...askingRoutes(deps), ...listingRoutes(deps)];
}

function askingRoutes(deps: OllamaDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/api/chat',
      permission: 'ask',
      summary: "Ask a question, in Ollama's dialect.",
      body: OllamaChatRequest,
      handle: (call) =>
        answer(deps, call, {
          input: fromChat(call.body),
          wish: toMemoryWish(call.body),
          isStream: call.body.stream !== false,
          shape: CHAT_SHAPE,
        }),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/generate',
      permission: 'ask',
      summary: "Ask with one prompt, in Ollama's dialect.",
      body: OllamaGenerateRequest,
      handle: (call) =>
        answer(deps, call, {
          input: fromGenerate(call.body),
          wish: toMemoryWish(call.body),
          isStream: call.body.stream !== false,
          shape: GENERATE_SHAPE,
        }),
    }),
  ];
}

function listingRoutes(deps: OllamaDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/tags',
      permission: 'ask',
      summary: "Models, in Ollama's dialect.",
      handle: async ({ principal }) => ({ kind: 'json', body: toTags(await deps.listModels(principal)) }),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/ps',
      permission: 'ask',
      summary: "Models in memory, in Ollama's dialect.",
      handle: async ({ principal }) => ({ kind: 'json', body: toLoaded(deps.listLoaded(principal)) }),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/show',
      permission: 'ask',
      summary: "One model, in Ollama's dialect.",
      body: OllamaShowRequest,
      async handle({ principal, body }) {
        const name = body.model.replace(/:latest$/, '');
        const found = (await deps.listModels(principal)).find((model) => model.name === name);
        if (found === undefined) throw new AppError('model.not_found', `No model is called "${name}".`);
        return { kind: 'json', body: toShow(found) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/version',
      permission: 'ask',
      summary: 'Version of this server.',
      handle: async () => ({ kind: 'json', body: { version: deps.version } }),
    }),
  ];
}
