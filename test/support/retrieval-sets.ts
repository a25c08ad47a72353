import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text of a test collection. */
export interface SetDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly language: string;
}

/** A question with its judgements: grade by document. */
export interface SetQuery {
  readonly id: string;
  readonly text: string;
  readonly language: string;
  readonly relevant: ReadonlyMap<string, number>;
}

/** Documents and judged questions. */
export interface RetrievalSet {
  readonly name: string;
  readonly documents: readonly SetDocument[];
  readonly queries: readonly SetQuery[];
}

/** A paragraph of XQuAD with its questions. `article` numbers what it is from. */
export interface QuestionedParagraph {
  readonly context: string;
  readonly article: number;
  readonly questions: readonly {
    readonly id: string;
    readonly text: string;
    readonly answer: string;
    readonly start: number;
  }[];
}

const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

function readJsonLines<Row>(folder: string, path: string): Row[] {
  return read(folder, path)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 16_777_619) >>> 0;
  return value;
}

/** Whether a course document is kept out of the bilingual table, so that it can be tested with it. */
export function isHeldOut(path: string): boolean {
  return hash(path) % 5 === 0;
}

function cranfield(data: string): RetrievalSet {
  const documents = [
    ...read(data, 'retrieval/cranfield/cran.all.1400.xml').matchAll(
      /<docno>\s*(\d+)\s*<\/docno>[\s\S]*?<title>([\s\S]*?)<\/title>[\s\S]*?<text>([\s\S]*?)<\/text>/g,
    ),
  ].map(([, id = '', title = '', text = '']) => {
    const body = text.trim();
    const heading = title.trim();
    const isRepeated = body.startsWith(heading);
    return {
      id,
      title: heading,
      text: isRepeated ? body.slice(heading.length).trim() : body,
      language: 'en',
    };
  });
  const judgements = new Map<string, Map<string, number>>();
  for (const line of read(data, 'retrieval/cranfield/cranqrel.trec.txt').trim().split('\n')) {
    const [query = '', , document = '', grade = ''] = line.trim().split(/\s+/);
    if (Number(grade) > 0) judge(judgements, query, document, Number(grade));
  }
  const queries = [
    ...read(data, 'retrieval/cranfield/cran.qry.xml').matchAll(/<title>([\s\S]*?)<\/title>/g),
  ].map(([, text = ''], index) => toQuery(String(index + 1), text.trim(), 'en', judgements));
  return { name: 'cranfield', documents, queries };
}

function judge(
  judgements: Map<string, Map<string, number>>,
  query: string,
  document: string,
  grade: number,
): void {
  const own = judgements.get(query) ?? new Map<string, number>();
  judgements.set(query, own);
  own.set(document, grade);
}

function toQuery(
  id: string,
  text: string,
  language: string,
  judgements: ReadonlyMap<string, ReadonlyMap<string, number>>,
): SetQuery {
  return { id, text, language, relevant: judgements.get(id) ?? new Map() };
}

function cisi(data: string): RetrievalSet {
  const records = (path: string): string[] => read(data, path).split(/^\.I /m).slice(1);
  const field = (record: string, pattern: RegExp): string => pattern.exec(record)?.[1] ?? '';
  const idOf = (record: string): string => /^\d+/.exec(record)?.[0] ?? '';
  const documents = records('retrieval/cisi/CISI.ALL').map((record) => ({
    id: idOf(record),
    title: field(record, /\n\.T\s*\n([\s\S]*?)(?=\n\.[AWXB])/),
    text: field(record, /\n\.W\s*\n([\s\S]*?)(?=\n\.[XI]|$)/),
    language: 'en',
  }));
  const judgements = new Map<string, Map<string, number>>();
  for (const line of read(data, 'retrieval/cisi/CISI.REL').trim().split('\n')) {
    const [query = '', document = ''] = line.trim().split(/\s+/);
    judge(judgements, query, document, 1);
  }
  const queries = records('retrieval/cisi/CISI.QRY')
    .map((record) => {
      const title = field(record, /\n\.T\s*\n([\s\S]*?)(?=\n\.[AWXB])/);
      const body = field(record, /\n\.W\s*\n([\s\S]*?)(?=\n\.[XIB]|$)/);
      return toQuery(idOf(record), `${title} ${body}`, 'en', judgements);
    })
    .filter((query) => query.relevant.size > 0);
  return { name: 'cisi', documents, queries };
}

interface JsonText {
  readonly id: string;
  readonly title?: string;
  readonly text: string;
  readonly lang: string;
}

function jsonDocuments(data: string, folder: string): SetDocument[] {
  return readJsonLines<JsonText>(data, `retrieval/${folder}/corpus.jsonl`).map(
    ({ id, title, text, lang }) => {
      return { id, title: title ?? '', text, language: lang };
    },
  );
}

function tsvJudgements(data: string, folder: string): Map<string, Map<string, number>> {
  const judgements = new Map<string, Map<string, number>>();
  for (const line of read(data, `retrieval/${folder}/qrels.tsv`).trim().split('\n').slice(1)) {
    const [query = '', document = '', grade = ''] = line.split('\t');
    judge(judgements, query, document, folder === 'ms-known-item' ? 1 : Number(grade));
  }
  return judgements;
}

function ctkfacts(data: string): RetrievalSet {
  const judgements = tsvJudgements(data, 'ctkfacts-cs');
  const queries = readJsonLines<JsonText>(data, 'retrieval/ctkfacts-cs/queries.jsonl')
    .map(({ id, text }) => toQuery(id, text, 'cs', judgements))
    .filter((query) => query.relevant.size > 0);
  return { name: 'ctkfacts-cs', documents: jsonDocuments(data, 'ctkfacts-cs'), queries };
}

/** The paragraphs of XQuAD in English, as they are. */
export function readXquad(data: string): QuestionedParagraph[] {
  interface Source {
    readonly data: readonly {
      readonly paragraphs: readonly {
        readonly context: string;
        readonly qas: readonly {
          readonly id: string;
          readonly question: string;
          readonly answers: readonly { readonly text: string; readonly answer_start: number }[];
        }[];
      }[];
    }[];
  }
  const source = JSON.parse(read(data, 'retrieval/xquad-en/xquad.en.json')) as Source;
  return source.data.flatMap(({ paragraphs }, article) =>
    paragraphs.map(({ context, qas }) => ({
      context,
      article,
      questions: qas.map(({ id, question, answers }) => {
        return { id, text: question, answer: answers[0]!.text, start: answers[0]!.answer_start };
      }),
    })),
  );
}

function xquad(data: string): RetrievalSet {
  const paragraphs = readXquad(data);
  return {
    name: 'xquad-en',
    documents: paragraphs.map(({ context }, index) => ({
      id: `p${index}`,
      title: '',
      text: context,
      language: 'en',
    })),
    queries: paragraphs.flatMap(({ questions }, index) =>
      questions.map(({ id, text }) => ({ id, text, language: 'en', relevant: new Map([[`p${index}`, 1]]) })),
    ),
  };
}

/** Headings of held-out course documents to their sections, in the four directions and into both languages. */
function courses(data: string): RetrievalSet[] {
  const documents = jsonDocuments(data, 'ms-known-item');
  const judgements = tsvJudgements(data, 'ms-known-item');
  const asked = readJsonLines<JsonText>(data, 'retrieval/ms-known-item/queries.jsonl').filter(({ id }) =>
    isHeldOut(id.replace(/^..:/, '').replace(/#\d+$/, '')),
  );
  const make = (name: string, from: string, to: readonly string[]): RetrievalSet => {
    const kept = documents.filter((document) => to.includes(document.language));
    const ids = new Set(kept.map((document) => document.id));
    const queries = asked
      .filter(({ lang }) => lang === from)
      .map(({ id, text }) => {
        const relevant = new Map([...(judgements.get(id) ?? [])].filter(([document]) => ids.has(document)));
        return { id, text, language: from, relevant };
      });
    return { name, documents: kept, queries };
  };
  return [
    make('ms cs>cs', 'cs', ['cs']),
    make('ms en>en', 'en', ['en']),
    make('ms cs>en', 'cs', ['en']),
    make('ms en>cs', 'en', ['cs']),
    make('ms cs>both', 'cs', ['cs', 'en']),
  ];
}

function sib(data: string): RetrievalSet[] {
  const sentences = (folder: string): Map<string, string> =>
    new Map(
      ['train', 'dev'].flatMap((part) =>
        read(data, `retrieval/${folder}/${part}.tsv`)
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.split('\t'))
          .map(([id = '', , text = '']) => [id, text] as const),
      ),
    );
  const czech = sentences('sib200-ces_Latn');
  const english = sentences('sib200-eng_Latn');
  const ids = [...czech.keys()].filter((id) => english.has(id));
  const documents = (texts: ReadonlyMap<string, string>, language: string): SetDocument[] =>
    ids.map((id) => ({ id: language + id, title: '', text: texts.get(id)!, language }));
  const queries = (texts: ReadonlyMap<string, string>, from: string, to: string): SetQuery[] =>
    ids.map((id) => ({ id, text: texts.get(id)!, language: from, relevant: new Map([[to + id, 1]]) }));
  const czechQueries = queries(czech, 'cs', 'en');
  return [
    { name: 'sib cs>en', documents: documents(english, 'en'), queries: czechQueries },
    { name: 'sib en>cs', documents: documents(czech, 'cs'), queries: queries(english, 'en', 'cs') },
    {
      // What is asked is there only in English; the other half is there in Czech too and distracts.
      name: 'sib mixed',
      documents: [
        ...documents(english, 'en'),
        ...documents(czech, 'cs').filter((_, index) => index % 2 === 1),
      ],
      queries: czechQueries.filter((_, index) => index % 2 === 0),
    },
  ];
}

const WMT_LINES = 1000;

function wmt(data: string): RetrievalSet {
  const lines = (name: string): string[] =>
    read(data, `retrieval/wmt21-cs-en/newstest2021.${name}`).split('\n');
  const czech = lines('en-cs.ref.A.cs');
  const pairs = new Map<string, string>();
  for (const [index, english] of lines('en-cs.src.en').entries()) {
    const other = czech[index] ?? '';
    const isUsable = english.length > 20 && other.length > 20 && !other.includes('NO TRANSL');
    if (isUsable && !pairs.has(english)) pairs.set(english, other);
  }
  const chosen = [...pairs].slice(0, WMT_LINES);
  return {
    name: 'wmt cs>en',
    documents: chosen.map(([text], index) => ({ id: `e${index}`, title: '', text, language: 'en' })),
    queries: chosen.map(([, text], index) => {
      return { id: String(index), text, language: 'cs', relevant: new Map([[`e${index}`, 1]]) };
    }),
  };
}

/** Two tasks of one language each inside one collection in both: does the other language push in? */
function unions(claims: RetrievalSet, questions: RetrievalSet, both: RetrievalSet): RetrievalSet[] {
  const prefixed = (set: RetrievalSet, prefix: string): SetDocument[] =>
    set.documents.map((document) => ({ ...document, id: prefix + document.id }));
  const documents = [...prefixed(claims, 'c'), ...prefixed(questions, 'x'), ...both.documents];
  const every = (set: RetrievalSet, prefix: string, step: number): SetQuery[] =>
    set.queries
      .filter((_, index) => index % step === 0)
      .map((query) => ({
        ...query,
        relevant: new Map([...query.relevant].map(([id, grade]) => [prefix + id, grade])),
      }));
  return [
    { name: 'union ctkfacts', documents, queries: every(claims, 'c', 4) },
    { name: 'union xquad', documents, queries: every(questions, 'x', 2) },
  ];
}

/** Every set on which retrieval is judged. */
export function readRetrievalSets(data: string): RetrievalSet[] {
  const claims = ctkfacts(data);
  const questions = xquad(data);
  const course = courses(data);
  return [
    cranfield(data),
    cisi(data),
    claims,
    questions,
    ...course,
    ...sib(data),
    wmt(data),
    ...unions(claims, questions, course.at(-1)!),
  ];
}
