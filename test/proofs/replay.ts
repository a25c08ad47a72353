import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { scratchFolder } from '../support/scratch.ts';
import { ServerProcess } from '../support/server-process.ts';
import { informative, judged, type Proof } from './proof.ts';

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));
const QUESTIONS = readFileSync(join(SAMPLES, 'questions.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => (JSON.parse(line) as { question: string }).question);

/** Lets the documents of a folder come in and waits until none waits. */
async function ingest(server: ServerProcess, folder: string): Promise<void> {
  const { body } = await server.json('POST', '/hradlo/v1/sources', { folder, collection: 'pravidla' });
  const id = String(body.id ?? body.source?.id);
  await server.json('POST', `/hradlo/v1/sources/${id}/scan`, {});
  for (let look = 0; look < 300; look++) {
    await setTimeout(500);
    const { body: jobs } = await server.json('GET', '/admin/v1/jobs?limit=1000');
    const open = (jobs.jobs as { state: string; kind: string }[]).filter(
      ({ state, kind }) =>
        /^(source\.scan|document\.ingest)$/.test(kind) && ['queued', 'running'].includes(state),
    );
    if (open.length === 0) return;
  }
  throw new Error('the documents did not come in');
}

export const proof: Proof = {
  promise: 'answers are made again from their record, also after documents changed',
  async run({ isQuick }) {
    using scratch = scratchFolder('replay');
    const corpus = join(scratch.path, 'corpus');
    cpSync(join(SAMPLES, 'corpus'), corpus, { recursive: true });
    await using server = await ServerProcess.start({
      folder: join(scratch.path, 'data'),
      flags: ['--samples.load', 'false'],
    });
    await ingest(server, corpus);
    const answers: string[] = [];
    const total = isQuick ? 24 : 200;
    for (let turn = 0; turn < total; turn++) {
      const { status, body } = await server.ask(QUESTIONS[turn % QUESTIONS.length]!);
      if (status === 200) answers.push(String(body.hradlo?.answer_id));
    }
    const files = readdirSync(corpus).filter((name) => name.endsWith('.md'));
    const all = readdirSync(corpus, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const changed = files.slice(0, Math.ceil(all.length / 10));
    for (const name of changed) {
      const text = readFileSync(join(corpus, name), 'utf8');
      writeFileSync(join(corpus, name), `${text.replaceAll(/\d+/g, '7')}\n\nPoslední odstavec je nový.\n`);
    }
    await ingest(server, corpus);
    const found = { equalPrompts: 0, equalAnswers: 0 };
    const faults: string[] = [];
    for (const id of answers) {
      const { body } = await server.json('POST', `/hradlo/v1/answers/${id}/replay`, {});
      if (body.prompt === 'equal') found.equalPrompts += 1;
      if (body.answer === 'equal') found.equalAnswers += 1;
      else faults.push(`${id}: ${JSON.stringify(body)}`);
    }
    const count = answers.length;
    return {
      figures: [
        informative('documents changed', `${changed.length} of ${all.length}`),
        judged('answers asked for and recorded', count, String(total), count === total),
        judged(
          'prompts that are equal byte for byte',
          found.equalPrompts,
          String(count),
          found.equalPrompts === count,
        ),
        judged(
          'extractive answers that are equal',
          found.equalAnswers,
          String(count),
          found.equalAnswers === count,
        ),
      ],
      note: faults.slice(0, 3).join('\n'),
    };
  },
};
