import { z } from 'zod';
import { PURPOSE, type AnswerInput, type AnswerScope, type ChatMessage, type Sampling } from '#core/index.ts';

const MAX_MESSAGES = 2_000;
const MAX_STOP = 16;
const MAX_CHOICES = 8;

const TextPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const Content = z.union([z.string(), z.array(TextPart)]);

const Message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: Content.nullish(),
});

const dateOrTime = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/,
    'a date such as 2024-03-01, or a time with a zone',
  )
  .refine((text) => Number.isFinite(Date.parse(text)), 'not a date of the calendar');

const OneOf = z.array(z.union([z.string().max(500), z.number(), z.boolean()])).max(50);
const Bound = z.union([z.string().max(500), z.number()]);
const Between = z
  .strictObject({ from: Bound.optional(), to: Bound.optional() })
  .refine(({ from, to }) => from !== undefined || to !== undefined, 'from, to or both');

/** Our own fields beside OpenAI's. */
export const AnswerScopeFields = z
  .strictObject({
    collections: z
      .array(z.string().min(1).max(200))
      .max(100)
      .optional()
      .describe('Names of collections to look in.'),
    as_of: dateOrTime.optional().describe('Answer from the versions that were valid then.'),
    known_at: dateOrTime.optional().describe('Answer from what was recorded by then.'),
    purpose: z
      .string()
      .regex(PURPOSE, 'a label of letters, digits and . _ -')
      .optional()
      .describe('Why you want to read: what rules on a purpose go by.'),
    filters: z
      .record(z.string(), z.union([OneOf, Between]))
      .optional()
      .describe('Metadata that must match, by key: one of some values, or between `from` and `to`.'),
    half_life_days: z
      .number()
      .positive()
      .max(36_500)
      .optional()
      .describe('Prefer what began to hold later: after so many days half of what age can take is gone.'),
  })
  .describe('Where to look for evidence.');

/** The body of POST /v1/chat/completions. Fields we do not know are let pass, as OpenAI's clients send many. */
export const ChatCompletionRequest = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(Message).min(1).max(MAX_MESSAGES),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(MAX_STOP)]).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  n: z
    .int()
    .min(1)
    .max(MAX_CHOICES, `at most ${MAX_CHOICES} choices per request are made here`)
    .nullish()
    .describe('How many answers to make; each is an answer of its own, on record and counted.'),
  hradlo: AnswerScopeFields.optional(),
});
export type ChatCompletionRequest = z.infer<typeof ChatCompletionRequest>;

function toText(content: z.infer<typeof Content> | null | undefined): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text).join('\n');
}

function toMessage(message: z.infer<typeof Message>): ChatMessage {
  const role = message.role === 'developer' ? 'system' : message.role;
  return { role, content: toText(message.content) };
}

function toSampling(body: ChatCompletionRequest): Sampling {
  const maxOutputTokens = body.max_completion_tokens ?? body.max_tokens;
  const stop = typeof body.stop === 'string' ? [body.stop] : body.stop;
  return {
    ...(body.temperature != null && { temperature: body.temperature }),
    ...(body.top_p != null && { topP: body.top_p }),
    ...(maxOutputTokens != null && { maxOutputTokens }),
    ...(body.seed != null && { seed: body.seed }),
    ...(stop != null && { stop }),
    ...(body.frequency_penalty != null && { frequencyPenalty: body.frequency_penalty }),
    ...(body.presence_penalty != null && { presencePenalty: body.presence_penalty }),
  };
}

const DAY_MS = 86_400_000;

/** Our scope fields as core has them. A bare date means the end of that day, UTC. */
export function toScope(fields: z.infer<typeof AnswerScopeFields> = {}): AnswerScope {
  const { collections, purpose, filters } = fields;
  return {
    ...(collections && { collections }),
    ...(fields.as_of && { validAtMs: endOf(fields.as_of) }),
    ...(fields.known_at && { recordedAtMs: endOf(fields.known_at) }),
    ...(purpose && { purpose }),
    ...(filters && { metadata: filters }),
    ...(fields.half_life_days && { halfLifeMs: fields.half_life_days * DAY_MS }),
  };
}

function endOf(text: string): number {
  return text.includes('T') ? Date.parse(text) : Date.parse(text) + DAY_MS - 1;
}

/** The request as the pipeline takes it. */
export function toAnswerInput(body: ChatCompletionRequest): AnswerInput {
  return {
    model: body.model,
    messages: body.messages.map(toMessage),
    sampling: toSampling(body),
    scope: toScope(body.hradlo),
  };
}
