import type { AnswerEvent, Citation, FinishReason, Usage } from '#core/index.ts';

/** A citation in OpenAI's annotation shape, with our fields beside. Snake case because it leaves the program. */
interface Annotation {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly url: string;
    readonly title: string;
    readonly start_index: number;
    readonly end_index: number;
  };
  readonly hradlo: {
    readonly index: number;
    readonly document_id: string;
    readonly version_id: string;
    readonly chunk_id: string;
    readonly heading_path: readonly string[];
    readonly page: number | null;
    readonly span: { readonly start: number; readonly end: number };
    readonly quote: string;
  };
}

/** Where a citation's paragraph is opened: our own path, never text of a model. */
export function citationUrl(citation: Citation): string {
  const { versionId, span } = citation;
  return `/evidence/${versionId}?from=${span.start}&to=${span.end}`;
}

function toAnnotation(citation: Citation, text: string): Annotation {
  const marker = `[${citation.index}]`;
  const at = text.indexOf(marker);
  return {
    type: 'url_citation',
    url_citation: {
      url: citationUrl(citation),
      title: citation.title,
      start_index: Math.max(at, 0),
      end_index: Math.max(at, 0) + marker.length,
    },
    hradlo: {
      index: citation.index,
      document_id: citation.documentId,
      version_id: citation.versionId,
      chunk_id: citation.chunkId,
      heading_path: citation.headingPath,
      page: citation.page ?? null,
      span: citation.span,
      quote: citation.quote,
    },
  };
}

function toFinishReason(reason: FinishReason): 'stop' | 'length' | 'content_filter' {
  if (reason === 'content-filter') return 'content_filter';
  return reason === 'length' ? 'length' : 'stop';
}

function toUsage(usage: Usage) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
  };
}

/** The beginning of an answer. */
export type Start = Extract<AnswerEvent, { type: 'answer-start' }>;
type End = Extract<AnswerEvent, { type: 'answer-end' }>;

function head(start: Start, object: string) {
  return {
    id: start.answerId,
    object,
    created: Math.floor(start.createdAtMs / 1000),
    model: start.model,
    system_fingerprint: start.releaseDigest,
  };
}

function toHradlo(start: Start, end: End) {
  return {
    answer_id: start.answerId,
    mode: start.mode,
    /** `quoted` answers are verbatim; `generated` ones were made by a machine. */
    machine_made: start.mode === 'generated',
    grade: end.grade ?? null,
    /** Where it ran: `here`, or the name of an engine. */
    ran_on: end.ranOn ?? null,
    /** The time whose valid versions the answer is made of, and whether the request or the question named it. */
    as_of:
      start.asOf === undefined
        ? null
        : { valid_at: new Date(start.asOf.validAtMs).toISOString(), named_by: start.asOf.namedBy },
    data_class: end.dataClass,
    /** Whom to ask when there is no answer. */
    contact: end.contact ?? null,
    /** What became of each sentence; offsets are in `content`. */
    support: end.support,
    nearby: end.nearby.map((near) => ({
      document_id: near.documentId,
      version_id: near.versionId,
      title: near.title,
      heading_path: near.headingPath,
    })),
  };
}

const CHUNK = 'chat.completion.chunk';

/** Which of the choices of a completion an answer is. */
export interface ChoiceOptions {
  readonly index: number;
  /** The answer that gives the completion its id: that of the first choice. */
  shownAs(own: Start): Start;
}

const ONLY_CHOICE: ChoiceOptions = { index: 0, shownAs: (own) => own };

/**
 * Encodes the events of one answer as the chunks of a streamed completion, as JSON. Citations ride on the last delta.
 * What all chunks of an answer have in common is encoded once.
 */
export function encodeChunks(
  options: { readonly includeUsage: boolean },
  choice: ChoiceOptions = ONLY_CHOICE,
): (event: AnswerEvent) => readonly string[] {
  let answer: (Said & { delta(field: string, text: string): string }) | undefined;
  let text = '';
  return (event) => {
    if (event.type === 'answer-start') {
      const said = { own: event, shown: choice.shownAs(event), index: choice.index };
      answer = { ...said, delta: deltaEncoder(said) };
      return [JSON.stringify(chunk(said, { role: 'assistant', content: '' }))];
    }
    if (answer === undefined) throw new TypeError('an answer begins with its start');
    if (event.type === 'text-delta') {
      text += event.text;
      return [answer.delta('content', event.text)];
    }
    if (event.type === 'reasoning-delta') return [answer.delta('reasoning_content', event.text)];
    return event.type === 'answer-end' ? lastChunks(answer, event, { ...options, text }) : [];
  };
}

/** An answer as one of the choices of a completion. */
interface Said {
  readonly own: Start;
  readonly shown: Start;
  readonly index: number;
}

/** Encodes chunks that bring nothing but a text: `chunk(said, { [field]: text })` as JSON. */
function deltaEncoder(said: Said): (field: string, text: string) => string {
  const hole = '"delta":{';
  const whole = JSON.stringify(chunk(said, {}));
  // The model's name comes before and may say anything; the one of the choices is the last.
  const at = whole.lastIndexOf(hole) + hole.length;
  const [before, after] = [whole.slice(0, at), whole.slice(at)];
  return (field, text) => `${before}"${field}":${JSON.stringify(text)}${after}`;
}

function lastChunks(
  said: Said,
  end: End,
  { text, includeUsage }: { readonly text: string; readonly includeUsage: boolean },
): string[] {
  const annotations = end.citations.map((citation) => toAnnotation(citation, text));
  const delta = annotations.length > 0 ? { annotations } : {};
  const last = { ...chunk(said, delta, toFinishReason(end.finishReason)), hradlo: toHradlo(said.own, end) };
  return includeUsage ? [JSON.stringify(last), encodeUsage(said.shown, end.usage)] : [JSON.stringify(last)];
}

/** The chunk that says what a completion took. */
export function encodeUsage(start: Start, usage: Usage): string {
  return JSON.stringify({ ...head(start, CHUNK), choices: [], usage: toUsage(usage) });
}

function chunk({ shown, index }: Said, delta: object, finishReason: string | null = null) {
  return {
    ...head(shown, CHUNK),
    choices: [{ index, delta, logprobs: null, finish_reason: finishReason }],
  };
}

/** A completion as it is sent. */
export interface Completion {
  readonly [field: string]: unknown;
  readonly choices: readonly object[];
  readonly usage: ReturnType<typeof toUsage>;
  readonly hradlo: ReturnType<typeof toHradlo>;
}

/** Answer events as one whole completion. */
export async function toCompletion(events: AsyncIterable<AnswerEvent>): Promise<Completion> {
  let start: Start | undefined;
  let end: End | undefined;
  let text = '';
  let reasoning = '';
  for await (const event of events) {
    if (event.type === 'answer-start') start = event;
    else if (event.type === 'answer-end') end = event;
    else if (event.type === 'text-delta') text += event.text;
    else if (event.type === 'reasoning-delta') reasoning += event.text;
  }
  if (start === undefined || end === undefined) throw new TypeError('an answer has a start and an end');
  const message = {
    role: 'assistant',
    content: text,
    refusal: null,
    annotations: end.citations.map((citation) => toAnnotation(citation, text)),
    ...(reasoning !== '' && { reasoning_content: reasoning }),
  };
  return {
    ...head(start, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: toFinishReason(end.finishReason) }],
    usage: toUsage(end.usage),
    hradlo: toHradlo(start, end),
  };
}
