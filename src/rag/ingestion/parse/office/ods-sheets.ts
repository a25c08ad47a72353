import {
  attribute,
  collapse,
  descendants,
  elementsOf,
  localName,
  type MarkupElement,
} from '../markup/markup-tree.ts';
import { ParseFailure } from '../parse-failure.ts';
import type { Block } from '../parsed-document.ts';
import { readOdfInline, type OdfSink } from './odf-text.ts';
import { sheetBlocks, type SheetCell } from './sheet-blocks.ts';

const MAX_CELLS = 2_000_000;
/** An empty row or cell is often repeated to the end of the sheet; a filled one so often is a mistake or a bomb. */
const MAX_REPEATS = 1000;

const count = (element: MarkupElement, name: string): number =>
  Math.max(1, Number(attribute(element, name) ?? 1) || 1);

type RowCell = Omit<SheetCell, 'row'>;

const paragraphTexts = (parent: MarkupElement, sink: OdfSink): string =>
  collapse(
    elementsOf(parent, 'p')
      .map((paragraph) => readOdfInline(paragraph, sink).text)
      .join(' '),
  );

function noteComments(cell: MarkupElement, sink: OdfSink): void {
  for (const note of elementsOf(cell, 'annotation')) {
    const text = paragraphTexts(note, sink);
    if (text !== '') sink.removed.push({ reason: 'comment', text });
  }
}

function readCell(cell: MarkupElement, column: number, repeats: number, sink: OdfSink): RowCell[] {
  noteComments(cell, sink);
  const text = paragraphTexts(cell, sink);
  if (text === '') return [];
  if (repeats > 1) {
    return Array.from({ length: Math.min(repeats, MAX_REPEATS) }, (_, copy) => ({
      column: column + copy,
      text,
    }));
  }
  const rowSpan = count(cell, 'number-rows-spanned');
  return [{ column, text, rowSpan, columnSpan: count(cell, 'number-columns-spanned') }];
}

function readRow(row: MarkupElement, sink: OdfSink): RowCell[] {
  const cells: RowCell[] = [];
  let column = 0;
  for (const cell of elementsOf(row)) {
    const repeats = count(cell, 'number-columns-repeated');
    if (localName(cell) === 'table-cell') cells.push(...readCell(cell, column, repeats, sink));
    column += repeats;
  }
  return cells;
}

function readSheet(table: MarkupElement, sink: OdfSink): SheetCell[] {
  const cells: SheetCell[] = [];
  let row = 0;
  for (const element of descendants(table, 'table-row')) {
    const repeats = count(element, 'number-rows-repeated');
    const own = readRow(element, sink);
    for (let copy = 0; own.length > 0 && copy < Math.min(repeats, MAX_REPEATS); copy++) {
      for (const cell of own) cells.push({ ...cell, row: row + copy });
      if (cells.length > MAX_CELLS) throw new ParseFailure('too-large', { cells: MAX_CELLS });
    }
    row += repeats;
  }
  return cells;
}

/** The sheets of a spreadsheet as blocks. */
export function readSpreadsheet(body: MarkupElement, sink: OdfSink): Block[] {
  return descendants(body, 'spreadsheet').flatMap((sheet) =>
    elementsOf(sheet, 'table').flatMap((table) =>
      sheetBlocks({ name: attribute(table, 'name') ?? '', cells: readSheet(table, sink) }),
    ),
  );
}
