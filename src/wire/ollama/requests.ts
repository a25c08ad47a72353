import { z } from 'zod';
import type { AnswerInput, ChatMessage, Sampling } from '#core/index.ts';
import { AnswerScopeFields, toScope } from '../openai/chat-completion-request.ts';

const MAX_MESSAGES = 2_000;

const Options = z.looseObject({
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  min_p: z.number().min(0).max(1).optional(),
  num_predict: z.int().optional(),
  seed: z.int().optional(),
  stop: z.array(z.string()).max(16).optional(),
  frequency_penalty: z.number().optional(),
  presence_penalty: z.number().optional(),
});

/** Nanoseconds to hours, as Go writes durations; the value counts only where it is none at all. */
const NO_TIME = /^0+(\.0+)?(ns|us|µs|ms|s|m|h)?$/;

const Common = {
  keep_alive: z.union([z.number(), z.string().max(40)]).nullish(),
  model: z.string().min(1).max(200),
  stream: z.boolean().optional(),
  options: Options.nullish(),
  hradlo: AnswerScopeFields.optional(),
};

/** POST /api/chat */
export const OllamaChatRequest = z.looseObject({
  ...Common,
  messages: z
    .array(z.looseObject({ role: z.enum(['system', 'user', 'assistant', 'tool']), content: z.string() }))
    .max(MAX_MESSAGES)
    .default([]),
});
export type OllamaChatRequest = z.infer<typeof OllamaChatRequest>;

/** POST /api/generate */
export const OllamaGenerateRequest = z.looseObject({
  ...Common,
  prompt: z.string().default(''),
  system: z.string().optional(),
});
export type OllamaGenerateRequest = z.infer<typeof OllamaGenerateRequest>;

/** POST /api/show */
export const OllamaShowRequest = z.looseObject({ model: z.string().min(1).max(200) });

function toSampling(options: z.infer<typeof Options> | null | undefined): Sampling {
  if (options == null) return {};
  // Ollama's -1 means no limit: ours is then the model's own.
  const limit =
    options.num_predict !== undefined && options.num_predict > 0 ? options.num_predict : undefined;
  return {
    ...(options.temperature !== undefined && { temperature: options.temperature }),
    ...(options.top_p !== undefined && { topP: options.top_p }),
    ...(options.top_k !== undefined && { topK: options.top_k }),
    ...(options.min_p !== undefined && { minP: options.min_p }),
    ...(limit !== undefined && { maxOutputTokens: limit }),
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.stop !== undefined && { stop: options.stop }),
    ...toPenalties(options),
  };
}

function toPenalties(options: z.infer<typeof Options>): Sampling {
  return {
    ...(options.frequency_penalty !== undefined && { frequencyPenalty: options.frequency_penalty }),
    ...(options.presence_penalty !== undefined && { presencePenalty: options.presence_penalty }),
  };
}

/** What a request without a prompt asks for: the model in memory or, with no time to stay there, out of it. */
export interface MemoryWish {
  readonly model: string;
  readonly action: 'load' | 'unload';
}

/** The wish of a request that asks nothing of the model; undefined for one that does. */
export function toMemoryWish(body: OllamaChatRequest | OllamaGenerateRequest): MemoryWish | undefined {
  const isAsking =
    'messages' in body && Array.isArray(body.messages) ? body.messages.length > 0 : body.prompt !== '';
  if (isAsking) return undefined;
  const { model, keep_alive: keepAlive } = body;
  return { model: toModelName(model), action: NO_TIME.test(String(keepAlive)) ? 'unload' : 'load' };
}

// Ollama's clients add a tag to a name that has none.
const toModelName = (name: string): string => name.replace(/:latest$/, '');

/** A chat as the pipeline takes it. */
export function fromChat(body: OllamaChatRequest): AnswerInput {
  const messages = body.messages.map(({ role, content }): ChatMessage => ({ role, content }));
  return {
    model: toModelName(body.model),
    messages,
    sampling: toSampling(body.options),
    scope: toScope(body.hradlo),
  };
}

/** A prompt as the pipeline takes it: one user turn, after the system's if there is one. */
export function fromGenerate(body: OllamaGenerateRequest): AnswerInput {
  const system: ChatMessage[] = body.system === undefined ? [] : [{ role: 'system', content: body.system }];
  return {
    model: toModelName(body.model),
    messages: [...system, { role: 'user', content: body.prompt }],
    sampling: toSampling(body.options),
    scope: toScope(body.hradlo),
  };
}
