// Asks a running server the questions of a file, some of them at the same time, and prints how long each took, in
// milliseconds, as one line of JSON. `retrieve` asks for the evidence alone. A process of its own, so that it takes
// nothing of the server's.
import { readFileSync } from 'node:fs';
import { Visitor } from '../support/visitor.ts';

const [url = '', key = '', what = 'ask', texts = '', fromText = '0', countText = '100', streamsText = '1'] =
  process.argv.slice(2);
const questions: string[] = JSON.parse(readFileSync(texts, 'utf8'));
const visitor = new Visitor(url, key);
const times: number[] = [];
const end = Number(fromText) + Number(countText);
let next = Number(fromText);

async function askOne(question: string): Promise<void> {
  const startedAt = performance.now();
  if (what === 'retrieve') await visitor.expect(200, 'POST', '/hradlo/v1/retrieve', { question });
  else {
    await visitor.expect(200, 'POST', '/v1/chat/completions', {
      model: 'hradlo',
      messages: [{ role: 'user', content: question }],
    });
  }
  times.push(performance.now() - startedAt);
}

async function stream(): Promise<void> {
  while (next < end) await askOne(questions[next++ % questions.length]!);
}

await Promise.all(Array.from({ length: Number(streamsText) }, stream));
console.log(JSON.stringify(times));
