import { ChatCompletionChunk } from '#wire/openai/index.ts';
import { CliError, readEvents } from './client.ts';
import type { Command, CommandValues } from './command.ts';

function toBody(words: readonly string[], values: CommandValues): object {
  const question = words.join(' ').trim();
  if (question === '') throw new CliError('What is the question? hradlo ask "…"', 2);
  const asOf = values['as-of'];
  return {
    model: values.model ?? (values.collection === undefined ? 'hradlo' : `hradlo/${values.collection}`),
    stream: !values.json,
    messages: [{ role: 'user', content: question }],
    ...(asOf !== undefined && { hradlo: { as_of: asOf } }),
  };
}

type Annotations = NonNullable<ChatCompletionChunk['choices'][number]['delta']['annotations']>;

function printPlaces(annotations: Annotations, print: (text: string) => void): void {
  print('\n\n');
  for (const { hradlo, url_citation } of annotations) {
    const page = hradlo.page === null ? '' : `, p. ${hradlo.page}`;
    const place = [url_citation.title, ...hradlo.heading_path.slice(1)].join(' › ');
    print(`[${hradlo.index}] ${place}${page}\n`);
  }
}

/** `hradlo ask`: prints the answer as it comes, then the places it rests on. */
export const ask: Command = async ({ words, values, client, print }) => {
  const body = toBody(words, values);
  if (values.json) {
    print(`${JSON.stringify(await client.json('POST', '/v1/chat/completions', body), null, 2)}\n`);
    return;
  }
  for await (const event of readEvents(await client.send('POST', '/v1/chat/completions', body))) {
    const chunk = ChatCompletionChunk.parse(event);
    if (chunk.error !== undefined) throw new CliError(chunk.error.message, 3);
    for (const { delta } of chunk.choices) {
      print(delta.content ?? '');
      if (delta.annotations !== undefined) printPlaces(delta.annotations, print);
    }
    if (chunk.hradlo !== undefined) {
      if (chunk.hradlo.as_of?.named_by === 'question')
        print(`\n\nValid on ${chunk.hradlo.as_of.valid_at.slice(0, 10)}, as the question says.`);
      if (chunk.hradlo.nearby.length > 0) print('\n\nNearest documents:\n');
      for (const near of chunk.hradlo.nearby)
        print(`  ~ ${[near.title, ...near.heading_path.slice(1)].join(' › ')}\n`);
      print(`\n${chunk.hradlo.answer_id}\n`);
    }
  }
};
