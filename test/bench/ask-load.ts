// Asks a running server one question after the other for some seconds and prints how long each took, in milliseconds,
// as one line of JSON. A process of its own, so that it takes nothing of the server's loop.
import { Visitor } from '../support/visitor.ts';

const [url = '', key = '', secondsText = '5'] = process.argv.slice(2);
const QUESTIONS = [
  'Jaká je výpovědní lhůta?',
  'Kolik dní dovolené mám?',
  'Kdo schvaluje služební cestu?',
  'What is the notice period?',
  'Jak se hlásí pracovní úraz?',
];
const WARM_UP = 5;

const visitor = new Visitor(url, key);
const times: number[] = [];
const endMs = performance.now() + Number(secondsText) * 1000;
for (let asked = 0; performance.now() < endMs || asked <= WARM_UP; asked++) {
  const content = QUESTIONS[asked % QUESTIONS.length];
  const startedAt = performance.now();
  await visitor.expect(200, 'POST', '/v1/chat/completions', {
    model: 'hradlo',
    messages: [{ role: 'user', content }],
  });
  if (asked >= WARM_UP) times.push(performance.now() - startedAt);
}
console.log(JSON.stringify(times));
