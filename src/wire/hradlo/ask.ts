import { z } from 'zod';
import type { AnswerAsOf, AnswerEvent, AnswerInput, Citation } from '#core/index.ts';
import { AnswerScopeFields, toScope } from '../openai/chat-completion-request.ts';

const MAX_TURNS = 400;
const MAX_CHARACTERS = 200_000;
const ID = z.string().max(40);

/** The body of POST /hradlo/v1/answers: a conversation whose last turn is the question. */
export const AskRequest = z.strictObject({
  model: z.string().min(1).max(200),
  messages: z
    .array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string().max(MAX_CHARACTERS) }))
    .min(1)
    .max(MAX_TURNS),
  scope: AnswerScopeFields.optional(),
  conversation: z
    .strictObject({ id: ID, turn: ID, replaces: ID.optional(), goesOn: z.boolean().optional() })
    .optional()
    .describe(
      'Keeps question and answer, under ids that the caller makes; `replaces` is a turn asked anew. With `goesOn` the answer is made to its end although the caller hangs up: it is read on at …/turns/{turn}/events, and ended at …/stop.',
    ),
});
export type AskRequest = z.infer<typeof AskRequest>;

const AskCitation = z.object({
  index: z.number(),
  documentId: z.string(),
  versionId: z.string(),
  collectionId: z.string(),
  chunkId: z.string(),
  title: z.string(),
  headingPath: z.array(z.string()),
  page: z.number().nullable(),
  start: z.number(),
  end: z.number(),
  quote: z.string(),
});
/** A place in a version of a document; `start` and `end` are offsets in its canonical text (UTF-16). */
export type AskCitation = z.infer<typeof AskCitation>;

const NearbyPlace = z.object({
  documentId: z.string(),
  versionId: z.string(),
  title: z.string(),
  headingPath: z.array(z.string()),
});

/** What became of a sentence; `start` and `end` are offsets in the answer's text (UTF-16). */
const AskSupport = z.object({
  start: z.number(),
  end: z.number(),
  verdict: z.enum(['quoted', 'supported', 'unsupported', 'uncited']),
  citations: z.array(z.number()),
  lacking: z.array(z.string()),
});
export type AskSupport = z.infer<typeof AskSupport>;

/** One event of an answer's stream, in this order: start, then text and citations, then end. */
export const AskEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    answerId: z.string(),
    model: z.string(),
    mode: z.enum(['quoted', 'generated']),
    asOf: z
      .exactOptional(z.object({ validAt: z.string(), namedBy: z.enum(['request', 'question']) }))
      .describe('The time whose valid versions the answer is made of, where one was named, and where.'),
  }),
  z.object({ type: z.literal('text'), text: z.string(), isQuote: z.boolean(), isContext: z.boolean() }),
  z.object({ type: z.literal('reasoning'), text: z.string() }),
  z.object({ type: z.literal('citation'), citation: AskCitation }),
  z.object({
    type: z.literal('end'),
    finishReason: z.enum(['stop', 'length', 'content-filter', 'cancelled']),
    grade: z.enum(['answered', 'related', 'insufficient']).nullable(),
    nearby: z.array(NearbyPlace),
    contact: z.string().nullable().default(null),
    support: z.array(AskSupport).default([]),
    dataClass: z.enum(['public', 'internal', 'confidential', 'restricted']),
    inputTokens: z.number(),
    outputTokens: z.number(),
    ranOn: z.exactOptional(z.string()).describe('Where it ran: `here`, or the name of an engine.'),
  }),
]);
export type AskEvent = z.infer<typeof AskEvent>;

/** Number of an event of an answer that goes on, from 1: where to read on from. */
export const EventNumber = z.object({ at: z.number().int().min(1) });

/** GET /hradlo/v1/conversations/{conversationId}/turns/{turnId}/events */
export const TurnEventsQuery = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('`at` of the last event that one has.'),
});

/** The request as the pipeline takes it. */
export function toAskInput(body: AskRequest): AnswerInput {
  return { model: body.model, messages: body.messages, sampling: {}, scope: toScope(body.scope) };
}

function toAskCitation(citation: Citation): AskCitation {
  const { span, page, headingPath, ...rest } = citation;
  return { ...rest, headingPath: [...headingPath], page: page ?? null, start: span.start, end: span.end };
}

function toAskAsOf({ validAtMs, namedBy }: AnswerAsOf) {
  return { validAt: new Date(validAtMs).toISOString(), namedBy };
}

/** One event as it is sent and kept. */
export function toAskEvent(event: AnswerEvent): AskEvent {
  if (event.type === 'answer-start') {
    const { answerId, model, mode, asOf } = event;
    return { type: 'start', answerId, model, mode, ...(asOf !== undefined && { asOf: toAskAsOf(asOf) }) };
  }
  if (event.type === 'text-delta') {
    return { type: 'text', text: event.text, isQuote: event.isQuote, isContext: event.isContext };
  }
  if (event.type === 'reasoning-delta') return { type: 'reasoning', text: event.text };
  if (event.type === 'citation') return { type: 'citation', citation: toAskCitation(event.citation) };
  return {
    type: 'end',
    finishReason: event.finishReason,
    grade: event.grade ?? null,
    nearby: event.nearby.map(({ documentId, versionId, title, headingPath }) => {
      return { documentId, versionId, title, headingPath: [...headingPath] };
    }),
    contact: event.contact ?? null,
    support: event.support.map((one) => {
      return { ...one, citations: [...one.citations], lacking: [...one.lacking] };
    }),
    dataClass: event.dataClass,
    inputTokens: event.usage.inputTokens,
    outputTokens: event.usage.outputTokens,
    ...(event.ranOn !== undefined && { ranOn: event.ranOn }),
  };
}
