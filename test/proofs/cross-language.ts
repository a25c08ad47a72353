// English questions about Czech documents: how many are answered in full, and whether an answer is ever a false one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/steps.ts';
import { addKey, addPerson, setUpAdministrator, startTestServer } from '../support/running-server.ts';
import { untilRead } from '../support/samples-read.ts';
import type { Visitor } from '../support/visitor.ts';
import { informative, judged, type Figure, type Proof } from './proof.ts';

interface Question {
  readonly id: string;
  readonly question: string;
  readonly kind: string;
  readonly answer?: string;
  readonly half: 'calibrate' | 'report';
}
interface Asked {
  readonly question: Question;
  readonly grade: string;
  /** A quotation holds the sentence that answers. */
  readonly isRight: boolean;
}
interface Completion {
  readonly choices: readonly [
    {
      readonly message: { readonly annotations?: readonly { readonly hradlo: { readonly quote: string } }[] };
    },
  ];
  readonly hradlo: { readonly grade: string };
}

const LEAST_RIGHT = 0.9;
const LEAST_ANSWERED = 0.2;

function readLines<Row>(path: string): Row[] {
  const lines = readFileSync(join(root, path), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Row);
}

/** The Czech questions of the samples, asked in English. */
function readQuestions(): Question[] {
  const known = new Map(readLines<Question>('samples/questions.jsonl').map((one) => [one.id, one]));
  const asked = readLines<Pick<Question, 'id' | 'question'>>('samples/questions-in-english.jsonl');
  return asked.map(({ id, question }) => ({ ...known.get(id)!, question }));
}

/** The cells of a table row joined by one space. */
const plain = (text: string): string => text.replaceAll(/[\s|]+/g, ' ').trim();

async function ask(program: Visitor, question: Question): Promise<Asked> {
  const messages = [{ role: 'user', content: question.question }];
  const said = await program.expect(200, 'POST', '/v1/chat/completions', { model: 'hradlo', messages });
  const { choices, hradlo } = said as unknown as Completion;
  const quotes = (choices[0].message.annotations ?? []).map((one) => plain(one.hradlo.quote));
  const gold = plain(question.answer ?? '');
  return {
    question,
    grade: hradlo.grade,
    isRight: gold !== '' && quotes.some((quote) => quote.includes(gold)),
  };
}

function figuresOf(half: Question['half'], asked: readonly Asked[]): Figure[] {
  const own = asked.filter(({ question }) => question.half === half);
  const answerable = own.filter(({ question }) => question.kind === 'answerable');
  const others = own.filter(({ question }) => question.kind !== 'answerable');
  const answered = answerable.filter(({ grade }) => grade === 'answered');
  const right = answered.filter(({ isRight }) => isRight).length;
  const falsely = others.filter(({ grade }) => grade === 'answered').length;
  const shown = answerable.filter(({ grade, isRight }) => isRight && grade !== 'insufficient').length;
  const figures = [
    judged(
      'answered in full',
      `${answered.length} of ${answerable.length}`,
      `≥ ${LEAST_ANSWERED}`,
      answered.length >= LEAST_ANSWERED * answerable.length,
    ),
    judged(
      'of these with the right sentence',
      `${right} of ${answered.length}`,
      `≥ ${LEAST_RIGHT}`,
      right >= LEAST_RIGHT * answered.length,
    ),
    judged(
      'answered although no document says it, or not of this name or number',
      `${falsely} of ${others.length}`,
      '0',
      falsely === 0,
    ),
    informative('the right sentence shown, as an answer or as related', `${shown} of ${answerable.length}`),
  ];
  if (half === 'report') return figures;
  return figures.map(({ name, value }) => informative(`(calibrating half) ${name}`, value));
}

export const proof: Proof = {
  promise:
    'English questions about Czech documents are answered where the evidence carries it, and never falsely.',
  async run({ isQuick }) {
    await using server = await startTestServer({ samples: { load: true } });
    const administrator = await setUpAdministrator(server);
    await untilRead(administrator);
    const { visitor } = await addPerson(administrator, server.url, { name: 'host', roles: ['user'] });
    const { program } = await addKey(visitor, server.url);
    const questions = readQuestions().filter(({ half }) => !isQuick || half === 'report');
    const asked: Asked[] = [];
    for (const question of questions) asked.push(await ask(program, question));
    return {
      figures: [...figuresOf('report', asked), ...(isQuick ? [] : figuresOf('calibrate', asked))],
    };
  },
};
