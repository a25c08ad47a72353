import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from '../clients/node_modules/openai/index.mjs';
import { root } from '../../scripts/steps.ts';
import { startTestServer } from '../support/server.ts';
import { judged, type Proof } from './proof.ts';

interface Question {
  readonly id: string;
  readonly question: string;
  readonly document: string;
  readonly heading: string;
  readonly answer: string;
  readonly set?: string;
}

interface Annotation {
  readonly url_citation: { readonly url: string };
  readonly hradlo: { readonly heading_path: readonly string[]; readonly quote: string };
}

const WANTED = 16;

function firstQuestions(): Question[] {
  return readFileSync(join(root, 'samples/questions.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): Question => JSON.parse(line))
    .filter((question) => question.set === 'first');
}

async function readVersion(url: string, citation: string): Promise<string> {
  const place = new URL(citation, url);
  const response = await fetch(`${url}/hradlo/v1/versions/${place.pathname.split('/').at(-1)}/passage`);
  const { chunks } = (await response.json()) as { chunks: { text: string }[] };
  return chunks.map((chunk) => chunk.text).join('');
}

/** Sentences of an answer without its markers: each stands on its own line. */
function quotedLines(content: string): string[] {
  return content
    .split('\n')
    .map((line) => line.replaceAll(/\s*\[\d+\]/g, '').trim())
    .filter((line) => line !== '' && !/^(Možná souvisí|Possibly related):$/.test(line));
}

export const proof: Proof = {
  promise: 'the first questions are answered verbatim from the right paragraph, through the openai client',
  async run() {
    await using server = await startTestServer();
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
    const questions = firstQuestions();
    let right = 0;
    let sentences = 0;
    let verbatim = 0;
    const wrong: string[] = [];
    for (const { id, question, heading } of questions) {
      const completion = await client.chat.completions.create({
        model: 'hradlo',
        messages: [{ role: 'user', content: question }],
      });
      const message = completion.choices[0]!.message;
      const annotations = (message.annotations ?? []) as unknown as Annotation[];
      if (annotations.some((annotation) => annotation.hradlo.heading_path.join(' > ') === heading))
        right += 1;
      else wrong.push(id);
      const texts = await Promise.all(
        annotations.map(({ url_citation }) => readVersion(server.url, url_citation.url)),
      );
      const lines = annotations.length === 0 ? [] : quotedLines(message.content ?? '');
      sentences += lines.length;
      verbatim += lines.filter((line) => texts.some((text) => text.includes(line))).length;
    }
    return {
      figures: [
        judged(
          'questions that cite the right paragraph',
          `${right} of ${questions.length}`,
          `≥ ${WANTED} of 20`,
          questions.length === 20 && right >= WANTED,
        ),
        judged(
          'quoted sentences verbatim in the cited version',
          `${verbatim} of ${sentences}`,
          'all',
          sentences > 0 && verbatim === sentences,
        ),
      ],
      note: wrong.length > 0 ? `not at the right paragraph: ${wrong.join(', ')}` : '',
    };
  },
};
