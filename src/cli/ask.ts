import { ChatCompletionChunk } from '#wire/openai/index.ts';
import { CliError, readEvents, type Client } from './client.ts';

export interface AskOptions {
  readonly question: string;
  readonly model: string;
  readonly asOf: string | undefined;
  readonly isJson: boolean;
}

/** `hradlo ask`: prints the answer as it comes, then the places it rests on. */
export async function ask(client: Client, options: AskOptions, print: (text: string) => void): Promise<void> {
  const body = {
    model: options.model,
    stream: !options.isJson,
    messages: [{ role: 'user', content: options.question }],
    ...(options.asOf !== undefined && { hradlo: { as_of: options.asOf } }),
  };
  if (options.isJson) {
    print(`${JSON.stringify(await client.json('POST', '/v1/chat/completions', body), null, 2)}\n`);
    return;
  }
  for await (const event of readEvents(await client.send('POST', '/v1/chat/completions', body))) {
    const chunk = ChatCompletionChunk.parse(event);
    if (chunk.error !== undefined) throw new CliError(chunk.error.message, 3);
    for (const { delta } of chunk.choices) {
      print(delta.content ?? '');
      for (const { hradlo, url_citation } of delta.annotations ?? []) {
        const page = hradlo.page === null ? '' : `, p. ${hradlo.page}`;
        const place = [url_citation.title, ...hradlo.heading_path.slice(1)].join(' › ');
        print(`[${hradlo.index}] ${place}${page}\n`);
      }
    }
    if (chunk.hradlo !== undefined) {
      for (const near of chunk.hradlo.nearby)
        print(`  ~ ${[near.title, ...near.heading_path.slice(1)].join(' › ')}\n`);
      print(`\n${chunk.hradlo.answer_id}\n`);
    }
  }
}
