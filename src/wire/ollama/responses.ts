import type { AnswerEvent, Citation } from '#core/index.ts';
import type { ListedModel } from '../openai/models.ts';
import type { MemoryWish } from './requests.ts';

type Start = Extract<AnswerEvent, { type: 'answer-start' }>;
type End = Extract<AnswerEvent, { type: 'answer-end' }>;

const NS_PER_MS = 1_000_000;

/** How one part of an answer looks: a chat has a message, a generation has text. */
type Shape = (content: string, thinking?: string) => object;
export const CHAT_SHAPE: Shape = (content, thinking) => ({
  message: { role: 'assistant', content, ...(thinking !== undefined && { thinking }) },
});
export const GENERATE_SHAPE: Shape = (response, thinking) => ({
  response,
  ...(thinking !== undefined && { thinking }),
});

function toCitation(citation: Citation) {
  const { index, documentId, versionId, title, headingPath, page, span, quote } = citation;
  return {
    index,
    document_id: documentId,
    version_id: versionId,
    title,
    heading_path: headingPath,
    page: page ?? null,
    span,
    quote,
  };
}

function head({ model, createdAtMs }: Start) {
  return { model, created_at: new Date(createdAtMs).toISOString() };
}

function last(start: Start, end: End, options: { shape: Shape; text: string; durationMs: number }) {
  const durationNs = Math.round(options.durationMs * NS_PER_MS);
  return {
    ...head(start),
    ...options.shape(options.text),
    done: true,
    done_reason: end.finishReason === 'length' ? 'length' : 'stop',
    total_duration: durationNs,
    load_duration: 0,
    prompt_eval_count: end.usage.inputTokens,
    prompt_eval_duration: 0,
    eval_count: end.usage.outputTokens,
    eval_duration: durationNs,
    hradlo: {
      answer_id: start.answerId,
      mode: start.mode,
      machine_made: start.mode === 'generated',
      grade: end.grade ?? null,
      ran_on: end.ranOn ?? null,
      as_of: start.asOf === undefined ? null : new Date(start.asOf.validAtMs).toISOString(),
      citations: end.citations.map(toCitation),
    },
  };
}

export interface OllamaAnswerOptions {
  readonly shape: Shape;
  /** Monotonic milliseconds, for the durations that Ollama's clients show. */
  nowMs(): number;
}

/** Encodes the events of one answer as the lines of an Ollama stream. Citations ride on the last line. */
export function encodeLines({
  shape,
  nowMs,
}: OllamaAnswerOptions): (event: AnswerEvent) => readonly string[] {
  const startedAtMs = nowMs();
  let start: Start | undefined;
  const line = (opened: Start, part: object) => [JSON.stringify({ ...head(opened), ...part, done: false })];
  return (event) => {
    if (event.type === 'answer-start') {
      start = event;
      return [];
    }
    if (start === undefined) throw new TypeError('an answer begins with its start');
    if (event.type === 'text-delta') return line(start, shape(event.text));
    if (event.type === 'reasoning-delta') return line(start, shape('', event.text));
    if (event.type !== 'answer-end') return [];
    const durationMs = nowMs() - startedAtMs;
    return [JSON.stringify(last(start, event, { shape, text: '', durationMs }))];
  };
}

/** Answer events as one whole Ollama reply. */
export async function toReply(
  events: AsyncIterable<AnswerEvent>,
  { shape, nowMs }: OllamaAnswerOptions,
): Promise<object> {
  const startedAtMs = nowMs();
  let start: Start | undefined;
  let end: End | undefined;
  let text = '';
  for await (const event of events) {
    if (event.type === 'answer-start') start = event;
    else if (event.type === 'answer-end') end = event;
    else if (event.type === 'text-delta') text += event.text;
  }
  if (start === undefined || end === undefined) throw new TypeError('an answer has a start and an end');
  return last(start, end, { shape, text, durationMs: nowMs() - startedAtMs });
}

/** The reply to a request that asked nothing of the model. */
export function toMemoryReply({ model, action }: MemoryWish, shape: Shape, atMs: number): object {
  return { model, created_at: new Date(atMs).toISOString(), ...shape(''), done: true, done_reason: action };
}

/** A model as Ollama lists it. Sizes and digests are of a file; the answerer over documents has none. */
function toTag({ name, createdAtMs }: ListedModel) {
  return {
    name,
    model: name,
    modified_at: new Date(createdAtMs).toISOString(),
    size: 0,
    digest: '',
    details: {
      parent_model: '',
      format: '',
      family: 'hradlo',
      families: ['hradlo'],
      parameter_size: '',
      quantization_level: '',
    },
  };
}

/** GET /api/tags */
export function toTags(models: readonly ListedModel[]) {
  return { models: models.map(toTag) };
}

/** A model that is in memory, with what it takes there. */
export interface LoadedModel {
  readonly name: string;
  readonly memoryBytes: number;
}

/** GET /api/ps. A model stays until it is unloaded: the time at which it would go by itself is far away. */
export function toLoaded(models: readonly LoadedModel[]) {
  return {
    models: models.map(({ name, memoryBytes }) => {
      const { modified_at: _, ...tag } = toTag({ name, createdAtMs: 0, ownedBy: '' });
      return { ...tag, size: memoryBytes, size_vram: 0, expires_at: '2318-01-01T00:00:00Z' };
    }),
  };
}

/** POST /api/show */
export function toShow(model: ListedModel) {
  const { modified_at, details } = toTag(model);
  return {
    modified_at,
    details,
    modelfile: '',
    parameters: '',
    template: '',
    model_info: {},
    capabilities: ['completion'],
  };
}
