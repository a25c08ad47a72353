import { ChatCompletionChunk } from '#wire/openai/index.ts';

export interface Source {
  readonly index: number;
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly url: string;
  readonly quote: string;
}

export interface Answer {
  readonly text: string;
  readonly sources: readonly Source[];
  readonly nearby: readonly string[];
  readonly state: 'streaming' | 'done' | 'failed';
}

export const EMPTY: Answer = { text: '', sources: [], nearby: [], state: 'streaming' };

/** The answer after one more chunk of the stream. */
export function addChunk(answer: Answer, chunk: ChatCompletionChunk): Answer {
  if (chunk.error !== undefined) return { ...answer, text: chunk.error.message, state: 'failed' };
  const deltas = chunk.choices.map((choice) => choice.delta);
  const sources = deltas.flatMap((delta) =>
    (delta.annotations ?? []).map(({ hradlo, url_citation }) => ({
      index: hradlo.index,
      title: url_citation.title,
      headingPath: hradlo.heading_path,
      url: url_citation.url,
      quote: hradlo.quote,
    })),
  );
  const nearby = chunk.hradlo?.nearby.map((near) => near.heading_path.join(' › ')) ?? [];
  return {
    text: answer.text + deltas.map((delta) => delta.content ?? '').join(''),
    sources: [...answer.sources, ...sources],
    nearby: [...answer.nearby, ...nearby],
    state: chunk.hradlo === undefined ? answer.state : 'done',
  };
}

/** Asks, and yields the answer as it grows. */
export async function* ask(question: string, signal: AbortSignal): AsyncGenerator<Answer> {
  const response = await fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'hradlo', stream: true, messages: [{ role: 'user', content: question }] }),
    signal,
  });
  let answer = EMPTY;
  for await (const data of readData(response)) {
    answer = addChunk(answer, ChatCompletionChunk.parse(data));
    yield answer;
  }
}

async function* readData(response: Response): AsyncGenerator {
  if (response.body === null) return;
  if (!response.ok) {
    yield await response.json();
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data: ') && line !== 'data: [DONE]') yield JSON.parse(line.slice('data: '.length));
    }
  }
}
