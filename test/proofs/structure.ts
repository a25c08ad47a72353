import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import mammoth from 'mammoth';
import { parseOffice } from 'officeparser';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { DocumentParser, isQuarantine } from '#rag/index.ts';
import {
  linesOfBlocks,
  linesOfMarkdown,
  meanScore,
  scoreStructure,
  type ScoredLine,
} from '#test/structure-score.ts';
import { documentFiles, NO_TEST_DATA, skipped, testDataFolder } from '#test/test-data.ts';
import { parseHtml } from '../../src/rag/ingestion/parse/html/parse-html.ts';
import { informative, judged, type Figure, type Proof } from './proof.ts';

const FORMATS = ['docx', 'html', 'md', 'csv', 'xlsx', 'pptx', 'odf'];

type Reader = (file: string, bytes: Uint8Array) => Promise<ScoredLine[] | undefined>;

const asText = (text: string): ScoredLine[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ kind: 'text', text: line }));

/** The other readers' own structure, where they give one. */
interface OfficeNode {
  readonly type?: string;
  readonly text?: string;
  readonly children?: readonly OfficeNode[];
}

const nodeText = (node: OfficeNode): string =>
  node.children === undefined || node.children.length === 0
    ? (node.text ?? '')
    : node.children.map(nodeText).join(' ');

function linesOfNodes(nodes: readonly OfficeNode[]): ScoredLine[] {
  return nodes.flatMap((node): ScoredLine[] => {
    if (node.type === 'heading') return [{ kind: 'heading', text: nodeText(node) }];
    if (node.type === 'row') return [{ kind: 'row', text: (node.children ?? []).map(nodeText).join(' | ') }];
    const isText = ['paragraph', 'list', 'text', 'note', 'code'].includes(node.type ?? '');
    return isText || node.children === undefined
      ? [{ kind: 'text', text: nodeText(node) }]
      : linesOfNodes(node.children);
  });
}

const READERS: Readonly<Record<string, Reader>> = {
  officeparser: async (file, bytes) => {
    if (/\.(?:html|md|csv)$/u.test(file)) return undefined;
    const parsed: unknown = await parseOffice(Buffer.from(bytes));
    const content = (parsed as { content?: readonly OfficeNode[] }).content ?? [];
    return linesOfNodes(content);
  },
  mammoth: async (file, bytes) => {
    if (!file.endsWith('.docx')) return undefined;
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) });
    return linesOfBlocks(parseHtml(value).blocks);
  },
  'pdfjs plain text': async (file, bytes) => {
    if (!file.endsWith('.pdf')) return undefined;
    const task = getDocument({ data: Uint8Array.from(bytes), verbosity: 0 });
    const document = await task.promise;
    let text = '';
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      for (const item of items) if ('str' in item) text += item.str + (item.hasEOL ? '\n' : ' ');
    }
    await task.destroy();
    return asText(text);
  },
};

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

/** Scores of one format: ours, and each other reader's on the files it can read, ours on the same files beside. */
interface FormatScores {
  readonly ours: number[];
  readonly others: Map<string, { theirs: number[]; ours: number[] }>;
}

async function scoreFile(
  parser: DocumentParser,
  file: string,
  truth: string,
  scores: FormatScores,
): Promise<void> {
  const bytes = readFileSync(file);
  const source = readFileSync(truth, 'utf8');
  const expected = truth.endsWith('.html')
    ? linesOfBlocks(parseHtml(source).blocks)
    : linesOfMarkdown(source);
  const outcome = await parser.parse({ bytes, fileName: basename(file) });
  const blocks = isQuarantine(outcome) ? [] : outcome.blocks;
  // What we leave out and list is found too; the expectation keeps it in the text.
  const removed = isQuarantine(outcome)
    ? []
    : outcome.removed.flatMap(({ text, reason }) =>
        reason === 'comment' || reason === 'navigation' ? asText(text) : [],
      );
  const needsRemoved = expected.length > 0 && file.endsWith('.html');
  const score = meanScore(
    scoreStructure([...(needsRemoved ? removed : []), ...linesOfBlocks(blocks)], expected),
  );
  scores.ours.push(score);
  for (const [name, reader] of Object.entries(READERS)) {
    const lines = await reader(file, bytes).catch(() => []);
    if (lines === undefined) continue;
    const other = scores.others.get(name) ?? { theirs: [], ours: [] };
    other.theirs.push(meanScore(scoreStructure(lines, expected)));
    other.ours.push(score);
    scores.others.set(name, other);
  }
}

/** Files that were made of a page of HTML, whose tags say what is what, or of a text with expected Markdown. */
function twinsOf(folder: string, format: string): [file: string, truth: string][] {
  const twins = documentFiles(folder, `office-generated/*.${format}`).map((file): [string, string] => [
    file,
    file.replace(/\.\w+$/u, '.html'),
  ]);
  if (format !== 'pdf') return twins;
  const printed = documentFiles(folder, 'docling/odf/sources/text_document_01.odt.pdf');
  return [
    ...twins,
    ...printed.map((file): [string, string] => [
      file,
      file.replace('/sources/', '/groundtruth/').replace(/\.pdf$/u, '.md'),
    ]),
  ];
}

/** What one format came to, and beside each other reader on the files that it can read. */
function figuresOf(format: string, { ours, others }: FormatScores): Figure[] {
  return [
    informative(
      `${format}, ${ours.length} files, mean of words, order, headings and tables`,
      mean(ours).toFixed(3),
    ),
    ...[...others].map(([name, other]) =>
      judged(
        `${format} beside ${name} (${other.theirs.length} files)`,
        `${mean(other.ours).toFixed(3)} : ${mean(other.theirs).toFixed(3)}`,
        '≥',
        mean(other.ours) >= mean(other.theirs),
      ),
    ),
  ];
}

export const proof: Proof = {
  promise: 'words, headings, tables and order of office files come out as expected',
  async run({ isQuick }) {
    const folder = testDataFolder();
    if (folder === undefined) return skipped(NO_TEST_DATA);
    await using parser = new DocumentParser();
    const figures: Figure[] = [];
    const oursAll: number[] = [];
    for (const format of FORMATS) {
      const scores: FormatScores = { ours: [], others: new Map() };
      const truths = documentFiles(folder, `docling/${format}/groundtruth/*.md`);
      for (const truth of isQuick ? truths.slice(0, 3) : truths) {
        await scoreFile(
          parser,
          truth.replace('/groundtruth/', '/sources/').replace(/\.md$/u, ''),
          truth,
          scores,
        );
      }
      oursAll.push(...scores.ours);
      figures.push(...figuresOf(format, scores));
    }
    for (const format of isQuick ? [] : ['pdf', 'docx']) {
      const scores: FormatScores = { ours: [], others: new Map() };
      for (const [file, truth] of twinsOf(folder, format)) await scoreFile(parser, file, truth, scores);
      const name = `${format} made of texts that are known`;
      figures.push(...figuresOf(name, scores));
      oursAll.push(...scores.ours);
    }
    figures.push(judged('mean over all files', mean(oursAll).toFixed(3), '≥ 0.9', mean(oursAll) >= 0.9));
    return { figures };
  },
};
