import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DocumentParser, isQuarantine, type Block } from '#rag/index.ts';
import {
  compareRelations,
  f1,
  readIcdarTruth,
  type RelationCount,
  type ScoredCell,
} from '#test/table-score.ts';
import { documentFiles, NO_TEST_DATA, skipped, testDataFolder } from '#test/test-data.ts';
import { delimiterOf, parseCsv } from '../../src/rag/ingestion/parse/text/parse-csv.ts';
import { openPdf } from '../../src/rag/ingestion/parse/pdf/open-pdf.ts';
import { readFontDescriptors } from '../../src/rag/ingestion/parse/pdf/font-descriptors.ts';
import { readPage } from '../../src/rag/ingestion/parse/pdf/read-page.ts';
import { structureTable } from '../../src/rag/ingestion/parse/pdf/table/structure-table.ts';
import { cellText } from '../../src/rag/ingestion/parse/pdf/table/table-grid.ts';
import { toWords } from '../../src/rag/ingestion/parse/pdf/words.ts';
import { informative, judged, type Proof } from './proof.ts';

const GIVEN_TARGET = 0.85;
const END_TO_END_TARGET = 0.7;

function cellsOfBlock(block: Block): ScoredCell[] {
  if (block.kind !== 'table') return [];
  return block.table.cells.map(({ row, column, rowSpan, columnSpan, start, end }) => ({
    row,
    column,
    lastRow: row + rowSpan - 1,
    lastColumn: column + columnSpan - 1,
    text: block.text.slice(start, end),
  }));
}

/** Macro average over documents, as the competition counts: F1 of the mean precision and the mean recall. */
function macro(counts: readonly RelationCount[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  const precision = mean(counts.map(({ found, correct }) => (found === 0 ? 0 : correct / found)));
  const recall = mean(counts.map(({ expected, correct }) => (expected === 0 ? 1 : correct / expected)));
  return (2 * precision * recall) / Math.max(1e-9, precision + recall);
}

/** The structure found when the region of each table is given. */
async function readGiven(pdfFile: string, truth: ReturnType<typeof readIcdarTruth>): Promise<ScoredCell[][]> {
  const bytes = readFileSync(pdfFile);
  const fonts = readFontDescriptors(bytes);
  await using pdf = await openPdf(bytes, { maxImagePixels: 1, isDrawn: false });
  const tables: ScoredCell[][] = [];
  for (const { regions } of truth) {
    const cells: ScoredCell[] = [];
    let rowsAbove = 0;
    for (const { page: number, box } of regions) {
      const page = await pdf.document.getPage(number);
      const content = await readPage(page, fonts);
      const [left = 0, , , top = content.height] = page.view;
      const table = structureTable(toWords(content.glyphs), content.rulings, [
        box[0] - left,
        top - box[3],
        box[2] - left,
        top - box[1],
      ]);
      for (const cell of table.cells) {
        cells.push({
          row: cell.row + rowsAbove,
          column: cell.column,
          lastRow: cell.row + rowsAbove + cell.rowSpan - 1,
          lastColumn: cell.column + cell.columnSpan - 1,
          text: cellText(cell),
        });
      }
      rowsAbove += table.rows;
    }
    tables.push(cells);
  }
  return tables;
}

async function readEndToEnd(parser: DocumentParser, file: string): Promise<ScoredCell[][]> {
  const outcome = await parser.parse({ bytes: readFileSync(file), fileName: basename(file) });
  if (isQuarantine(outcome)) return [];
  return outcome.blocks.map(cellsOfBlock).filter((cells) => cells.length > 0);
}

/** Expected values of the other set: one table each, as CSV. */
function readCsvTruth(file: string): ScoredCell[] {
  const text = readFileSync(file, 'utf8');
  if (delimiterOf(text) === undefined) return [];
  return parseCsv(text).blocks.flatMap(cellsOfBlock);
}

export const proof: Proof = {
  promise: 'tables of PDFs come out with their rows and columns',
  async run({ isQuick }) {
    const folder = testDataFolder();
    if (folder === undefined) return skipped(NO_TEST_DATA);
    await using parser = new DocumentParser();
    const given: RelationCount[] = [];
    const whole: RelationCount[] = [];
    // Truth ending in `b` is a second reading of the document that ends in `a`.
    const truths = documentFiles(folder, 'icdar2013-tables/*/*-str.xml').filter(
      (file) => !/\db-str/u.test(file),
    );
    for (const file of isQuick ? truths.slice(0, 6) : truths) {
      const pdfFile = file.replace('-str.xml', '.pdf');
      const truth = readIcdarTruth(file);
      const expected = truth.map(({ cells }) => cells);
      given.push(compareRelations(await readGiven(pdfFile, truth), expected));
      whole.push(compareRelations(await readEndToEnd(parser, pdfFile), expected));
    }
    const tabula: RelationCount[] = [];
    for (const file of documentFiles(folder, 'tabula/csv/*.csv')) {
      const pdfFile = join(folder, 'documents/tabula', `${basename(file, '.csv')}.pdf`);
      if (!existsSync(pdfFile) || isQuick) continue;
      tabula.push(compareRelations(await readEndToEnd(parser, pdfFile), [readCsvTruth(file)]));
    }
    return {
      figures: [
        judged(
          `adjacency F1 of ${given.length} ICDAR 2013 documents, region given`,
          macro(given).toFixed(3),
          `≥ ${GIVEN_TARGET}`,
          macro(given) >= GIVEN_TARGET,
        ),
        judged(
          'the same, end to end',
          macro(whole).toFixed(3),
          `≥ ${END_TO_END_TARGET}`,
          macro(whole) >= END_TO_END_TARGET,
        ),
        informative('lowest document end to end', Math.min(...whole.map(f1)).toFixed(3)),
        ...(tabula.length > 0
          ? [
              informative(
                `${tabula.length} tabula documents end to end, against their CSV`,
                macro(tabula).toFixed(3),
              ),
            ]
          : []),
      ],
    };
  },
};
