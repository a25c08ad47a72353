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
  readonly language: string;
  readonly kind: 'answerable' | 'unanswerable' | 'swapped' | 'as-of' | 'restricted';
  readonly document?: string;
  readonly answer?: string;
  readonly asOf?: string;
  readonly principal?: { readonly groups: readonly string[] };
  readonly half: 'calibrate' | 'report';
}

/** What came back for one question, and what was expected. */
interface Asked {
  readonly question: Question;
  readonly grade: string;
  /** One of the citations covers the sentence and is at most twice as long. */
  readonly isRight: boolean;
  /** The sentence stands in one of the first five chunks that were found. */
  readonly isRecalled: boolean;
}

const LEAST_RECALL = 0.92;
const LEAST_RIGHT_SPANS = 0.85;
const LEAST_RIGHT_REFUSALS = 0.85;
const MOST_FALSE_REFUSALS = 0.15;
const RECALL_CUTOFF = 5;
const FALSE_REFUSALS = 'false refusals';

function readQuestions(): Question[] {
  return readFileSync(join(root, 'samples/questions.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Question);
}

/** Text as the questions give it: the cells of a table row joined by one space. */
const plain = (text: string): string =>
  text
    .replaceAll(/\s*\|\s*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

interface Completion {
  readonly choices: readonly [
    { readonly message: { readonly content: string; readonly annotations?: readonly Annotation[] } },
  ];
  readonly hradlo: { readonly grade: string; readonly nearby: readonly { readonly title: string }[] };
}
interface Annotation {
  readonly url_citation: { readonly title: string };
  readonly hradlo: { readonly quote: string };
}
interface Found {
  readonly evidence: readonly { readonly text: string; readonly title: string }[];
}

async function complete(program: Visitor, { question, asOf }: Question): Promise<Completion> {
  const body = await program.expect(200, 'POST', '/v1/chat/completions', {
    model: 'hradlo',
    messages: [{ role: 'user', content: question }],
    ...(asOf !== undefined && { hradlo: { as_of: asOf } }),
  });
  return body as unknown as Completion;
}

async function retrieve(program: Visitor, { question, asOf }: Question): Promise<Found> {
  const body = await program.expect(200, 'POST', '/hradlo/v1/retrieve', {
    question,
    limit: RECALL_CUTOFF,
    ...(asOf !== undefined && { scope: { as_of: asOf } }),
  });
  return body as unknown as Found;
}

async function ask(program: Visitor, question: Question): Promise<Asked> {
  const { choices, hradlo } = await complete(program, question);
  const { evidence } = await retrieve(program, question);
  const gold = plain(question.answer ?? '');
  const isRight = (choices[0].message.annotations ?? []).some(({ hradlo: { quote } }) => {
    const cited = plain(quote);
    return gold !== '' && cited.includes(gold) && cited.length <= 2 * gold.length;
  });
  const isRecalled = gold !== '' && evidence.some(({ text }) => plain(text).includes(gold));
  return { question, grade: hradlo.grade, isRight, isRecalled };
}

const share = (asked: readonly Asked[], has: (one: Asked) => boolean): number =>
  asked.length === 0 ? 0 : asked.filter(has).length / asked.length;
const percent = (ratio: number, of: readonly unknown[]): string => `${ratio.toFixed(3)} of ${of.length}`;

function judge(half: Question['half'], asked: readonly Asked[], isQuick: boolean): Figure[] {
  const own = asked.filter(({ question }) => question.half === half);
  const answerable = own.filter(({ question }) => question.kind === 'answerable');
  const isLacking = ({ question }: Asked): boolean =>
    question.kind === 'unanswerable' || question.kind === 'swapped';
  const unanswerable = own.filter(isLacking);
  const swapped = own.filter(({ question }) => question.kind === 'swapped');
  const shown = answerable.filter(({ grade }) => grade !== 'insufficient');
  const recall = share(answerable, ({ isRecalled }) => isRecalled);
  const right = share(shown, ({ isRight }) => isRight);
  const refused = share(unanswerable, ({ grade }) => grade === 'insufficient');
  const falsely = share(answerable, ({ grade }) => grade === 'insufficient');
  const figures = [
    judged('Recall@5', percent(recall, answerable), `≥ ${LEAST_RECALL}`, recall >= LEAST_RECALL),
    judged(
      'right span of those shown',
      percent(right, shown),
      `≥ ${LEAST_RIGHT_SPANS}`,
      right >= LEAST_RIGHT_SPANS,
    ),
    judged(
      'right refusals',
      percent(refused, unanswerable),
      `≥ ${LEAST_RIGHT_REFUSALS}`,
      refused >= LEAST_RIGHT_REFUSALS,
    ),
    judged(
      FALSE_REFUSALS,
      percent(falsely, answerable),
      `≤ ${MOST_FALSE_REFUSALS}`,
      falsely <= MOST_FALSE_REFUSALS,
    ),
    informative(
      'unanswerable and not claimed to be answered',
      percent(
        share(unanswerable, ({ grade }) => grade !== 'answered'),
        unanswerable,
      ),
    ),
    informative(
      'right refusals, name or number swapped',
      percent(
        share(swapped, ({ grade }) => grade === 'insufficient'),
        swapped,
      ),
    ),
  ];
  // The quick form keeps what holds from breaking; what falls short is judged by the whole.
  if (half === 'report')
    return figures.map((figure) =>
      isQuick && figure.name === FALSE_REFUSALS ? informative(figure.name, figure.value) : figure,
    );
  // Thresholds were set on this half: its figures prove nothing. Only of it are single questions named.
  const wrong = answerable.filter((one) => !one.isRight).map(({ question }) => question.id);
  return [...figures, informative('wrong or refused', wrong.join(' '))].map(({ name, value }) =>
    informative(`(calibrating half) ${name}`, value),
  );
}

/** Titles of documents that a question's answer, its citations or its suggestions name. */
function titlesIn({ choices, hradlo }: Completion): string[] {
  const cited = (choices[0].message.annotations ?? []).map(({ url_citation: { title } }) => title);
  return [...cited, ...hradlo.nearby.map(({ title }) => title)];
}

async function countLeaks(
  outsider: Visitor,
  questions: readonly Question[],
  titles: ReadonlySet<string>,
): Promise<number> {
  let leaks = 0;
  for (const question of questions) {
    const completion = await complete(outsider, question);
    const { evidence } = await retrieve(outsider, question);
    const named = [...titlesIn(completion), ...evidence.map(({ title }) => title)];
    const gold = plain(question.answer ?? '');
    const says = plain(completion.choices[0].message.content).includes(gold);
    if (says || named.some((title) => titles.has(title))) leaks += 1;
  }
  return leaks;
}

const RESTRICTED_TITLES = new Set(['Mzdový řád', 'Záměr rozšíření výroby']);

export const proof: Proof = {
  promise: 'Our own questions over the sample documents are answered with the right sentence, or refused.',
  async run({ isQuick }) {
    await using server = await startTestServer({ samples: { load: true } });
    const administrator = await setUpAdministrator(server);
    await untilRead(administrator);
    const listed = await administrator.expect(200, 'GET', '/admin/v1/groups');
    const known = listed['groups'] as readonly { readonly id: string; readonly name: string }[];
    const person = async (name: string, groupNames: readonly string[]): Promise<Visitor> => {
      const groups = known.filter((group) => groupNames.includes(group.name)).map(({ id }) => id);
      const { visitor } = await addPerson(administrator, server.url, { name, groups, roles: ['user'] });
      return (await addKey(visitor, server.url)).program;
    };
    const outsider = await person('host', []);
    const insiders = new Map<string, Visitor>();
    for (const group of ['hr', 'vedeni']) insiders.set(group, await person(group, [group]));
    const questions = readQuestions();
    const asked: Asked[] = [];
    for (const question of questions) {
      const group = question.principal?.groups[0];
      asked.push(await ask((group === undefined ? undefined : insiders.get(group)) ?? outsider, question));
    }
    const restricted = questions.filter(({ kind }) => kind === 'restricted');
    const leaks = await countLeaks(outsider, restricted, RESTRICTED_TITLES);
    const dated = asked.filter(({ question }) => question.kind === 'as-of');
    const datedRight = share(dated, ({ isRight }) => isRight);
    const members = asked.filter(({ question }) => question.kind === 'restricted');
    return {
      figures: [
        ...judge('report', asked, isQuick),
        judged('as of a date, right version', percent(datedRight, dated), '1', datedRight === 1),
        judged('leaks to those who may not read', leaks, '0', leaks === 0),
        informative(
          'restricted, asked by who may read',
          percent(
            share(members, ({ isRight }) => isRight),
            members,
          ),
        ),
        ...judge('calibrate', asked, isQuick),
      ],
    };
  },
};
