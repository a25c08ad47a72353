import { parseQuestion } from '../../src/rag/answer/question.ts';
import { rankByWords } from '../../src/rag/answer/rank-sentences.ts';
import { viewChunk } from '../../src/rag/answer/sentence-view.ts';

/** A question that one cell answers: the rows as they were ranked, and which of them hold the cell. */
export interface RankedTable {
  readonly ranking: readonly number[];
  isGold(row: number): boolean;
}

interface Source {
  readonly table: { readonly table: readonly (readonly string[])[] };
  readonly questions: readonly {
    readonly question: string;
    readonly answer_type: string;
    readonly answer_from: string;
    readonly answer: readonly (string | number)[] | string | number;
  }[];
}

interface Row {
  readonly section: string;
  readonly cells: readonly string[];
  readonly line: string;
}

const plain = (text: string): string => text.replaceAll(/[$€£,\s()%]/g, '').toLowerCase();

/** Header rows are those at the top whose first cell is empty; a row with nothing but a first cell opens a section. */
function readRows(table: readonly (readonly string[])[]): { header: string; rows: Row[] } {
  let headerRows = 0;
  while (headerRows < table.length - 1 && table[headerRows]![0]!.trim() === '') headerRows++;
  headerRows = Math.max(headerRows, 1);
  const columns = table[0]!.map((_, column) =>
    [...new Set(table.slice(0, headerRows).map((row) => row[column]!.trim()))].filter(Boolean).join(' '),
  );
  const rows: Row[] = [];
  let section = '';
  for (const cells of table.slice(headerRows)) {
    if (cells.slice(1).every((cell) => cell.trim() === '')) section = cells[0]!.trim();
    else rows.push({ section, cells, line: cells.map((cell) => cell.trim() || '-').join(' | ') });
  }
  return { header: ['-', ...columns.slice(1).map((column) => column || '-')].join(' | '), rows };
}

/** Ranks the rows of each table as the answerer ranks the sentences of a chunk. */
export function readTableQuestions(json: string): RankedTable[] {
  const tables = JSON.parse(json) as readonly Source[];
  return tables.flatMap(({ table, questions }) => {
    const { header, rows } = readRows(table.table);
    if (rows.length < 3) return [];
    return questions.flatMap(({ question, answer, answer_type: type, answer_from: from }) => {
      if (type !== 'span' || !from.includes('table') || !Array.isArray(answer) || answer.length !== 1)
        return [];
      const cell = plain(String(answer[0]));
      const isGold = (row: number): boolean => rows[row]!.cells.some((other) => plain(other) === cell);
      if (!rows.some((_, row) => isGold(row))) return [];
      return [{ ranking: rankRows(question, header, rows), isGold }];
    });
  });
}

function rankRows(question: string, header: string, rows: readonly Row[]): number[] {
  const lines = rows.map(({ section, line }) => (section === '' ? line : `${section}: ${line}`));
  const text = [header, ...lines].join('\n');
  const view = viewChunk({ text, language: 'en', title: '', headingPath: [] });
  const parsed = parseQuestion(question, 'en', [view]);
  const ranked = rankByWords(parsed, [{ view, score: 1, vectors: undefined, isForeign: false }]);
  const rowAt = (start: number): number => text.slice(0, start).split('\n').length - 2;
  return ranked.map(({ sentence }) => rowAt(view.sentences[sentence]!.start)).filter((row) => row >= 0);
}
