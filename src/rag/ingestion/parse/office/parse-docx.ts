import {
  attribute,
  childAt,
  collapse,
  descendants,
  elementsOf,
  localName,
  textOf,
  type MarkupElement,
} from '../markup/markup-tree.ts';
import { ParseFailure } from '../parse-failure.ts';
import type { Block, ParsedDocument, RemovalReason, RemovedRange } from '../parsed-document.ts';
import { buildTable, type CellDraft } from '../tables.ts';
import { readChart } from './chart.ts';
import { readInline, type InlineSink } from './docx-inline.ts';
import { ListNumbering, type ListPlace } from './docx-numbering.ts';
import { numberingOf, outlineLevelOf, ParagraphStyles, type ParagraphStyle } from './docx-styles.ts';
import { isSetApart, markManualHeadings } from './manual-headings.ts';
import type { OfficePackage } from './office-package.ts';

const NO_CELL = -1;
const FALLBACK_MAIN = 'word/document.xml';

/** A document being read. */
interface Reading extends InlineSink {
  readonly blocks: Block[];
  readonly styles: ParagraphStyles;
  readonly lists: ListNumbering;
  readonly notes: ReadonlyMap<string, string>;
  /** Blocks of charts by the id of their relationship. */
  readonly charts: ReadonlyMap<string, readonly Block[]>;
  readonly title: { text: string | undefined };
  /** Paragraphs that bold type or the middle of the page sets apart. */
  readonly setApart: Set<Block>;
}

const isOn = (element: MarkupElement | undefined): boolean =>
  element !== undefined && !['0', 'false', 'off'].includes(attribute(element, 'val') ?? '1');

/** The list that a paragraph or its style belongs to, counted on by one. */
function nextPlace(
  reading: Reading,
  properties: MarkupElement | undefined,
  style: ParagraphStyle,
): ListPlace | undefined {
  const own = numberingOf(properties);
  const numbering = own ?? style.numbering;
  if (numbering === undefined) return undefined;
  return reading.lists.next(numbering.numId, own?.level ?? style.numbering?.level ?? 0);
}

/** The structure that style and list give a text. */
function toBlock(
  reading: Reading,
  text: string,
  properties: MarkupElement | undefined,
  style: ParagraphStyle,
): Block {
  const place = nextPlace(reading, properties, style);
  const label = place?.label;
  const labelled = label === undefined ? text : `${label} ${text}`;
  const outline = outlineLevelOf(properties) ?? style.outlineLevel;
  if (style.isTitle) reading.title.text ??= text;
  if (outline !== undefined) {
    const shift = style.isTitle || reading.title.text === undefined ? 1 : 2;
    return { kind: 'heading', level: outline + shift, text: labelled, label };
  }
  if (place !== undefined) return { kind: 'list-item', level: place.level, text: labelled, label };
  if (style.isCode) return { kind: 'code', text };
  return { kind: style.isQuote ? 'quote' : 'paragraph', text };
}

function readParagraph(reading: Reading, paragraph: MarkupElement): void {
  const properties = childAt(paragraph, 'pPr');
  const styleId = childAt(properties, 'pStyle');
  const style = reading.styles.get(styleId === undefined ? undefined : attribute(styleId, 'val'));
  const inline = readInline(paragraph, reading);
  if (inline.text !== '') {
    const block = toBlock(reading, inline.text, properties, style);
    reading.blocks.push(block);
    if (block.kind === 'paragraph' && isSetApart(paragraph)) reading.setApart.add(block);
  }
  for (const box of inline.boxes) readBody(reading, box);
  for (const id of inline.charts) reading.blocks.push(...(reading.charts.get(id) ?? []));
  pushNotes(reading, inline.notes);
}

function pushNotes(reading: Reading, ids: readonly string[]): void {
  for (const id of ids) {
    const text = reading.notes.get(id);
    if (text !== undefined && text !== '') reading.blocks.push({ kind: 'footnote', text });
  }
}

/** The text of a cell on one line; lists and notes in it are text too. */
function cellContent(reading: Reading, cell: MarkupElement): { text: string; notes: string[] } {
  const notes: string[] = [];
  const texts = descendants(cell, 'p').map((paragraph) => {
    const inline = readInline(paragraph, reading);
    notes.push(...inline.notes);
    const own = numberingOf(childAt(paragraph, 'pPr'));
    const label = own === undefined ? undefined : reading.lists.next(own.numId, own.level ?? 0)?.label;
    return inline.text === '' || label === undefined ? inline.text : `${label} ${inline.text}`;
  });
  return { text: collapse(texts.filter((text) => text !== '').join(' ')), notes };
}

function spanOf(properties: MarkupElement | undefined): number {
  const element = childAt(properties, 'gridSpan');
  return Math.min(
    1000,
    Math.max(1, Number((element === undefined ? undefined : attribute(element, 'val')) ?? 1) || 1),
  );
}

/** What one cell of a row says of its place. */
function placeOfCell(tc: MarkupElement): { columnSpan: number; merge: 'none' | 'begins' | 'continues' } {
  const properties = childAt(tc, 'tcPr');
  const merge = childAt(properties, 'vMerge');
  const columnSpan = spanOf(properties);
  if (merge === undefined) return { columnSpan, merge: 'none' };
  return { columnSpan, merge: attribute(merge, 'val') === 'restart' ? 'begins' : 'continues' };
}

/** The cells of a table, vertical merges joined to the cell that begins them. */
function readCells(reading: Reading, table: MarkupElement, notes: string[]): CellDraft[] {
  const drafts: CellDraft[] = [];
  const open = new Map<number, number>();
  for (const [row, tr] of rowsOf(table).entries()) {
    let column = 0;
    const isHeader = isOn(childAt(tr, 'trPr', 'tblHeader')) || row === 0;
    for (const tc of cellsOf(tr)) {
      const { columnSpan, merge } = placeOfCell(tc);
      const begun = merge === 'continues' ? drafts[open.get(column) ?? NO_CELL] : undefined;
      if (begun !== undefined) {
        drafts[open.get(column)!] = { ...begun, rowSpan: row - begun.row + 1 };
      } else {
        const content = cellContent(reading, tc);
        notes.push(...content.notes);
        open.set(column, merge === 'none' ? NO_CELL : drafts.length);
        drafts.push({ row, column, columnSpan, isHeader, text: content.text });
      }
      column += columnSpan;
    }
  }
  return drafts;
}

const unwrap = (parent: MarkupElement, name: string): MarkupElement[] =>
  elementsOf(parent).flatMap((child) => {
    const inner = ['sdt', 'customXml', 'ins'].includes(localName(child))
      ? (childAt(child, 'sdtContent') ?? child)
      : undefined;
    if (inner !== undefined) return unwrap(inner, name);
    return localName(child) === name ? [child] : [];
  });
const rowsOf = (table: MarkupElement): MarkupElement[] => unwrap(table, 'tr');
const cellsOf = (row: MarkupElement): MarkupElement[] => unwrap(row, 'tc');

function readTable(reading: Reading, table: MarkupElement): void {
  const rows = rowsOf(table);
  const [only] = rows;
  // A table of one cell is a frame around text.
  if (rows.length === 1 && only !== undefined && cellsOf(only).length === 1) {
    readBody(reading, cellsOf(only)[0]!);
    return;
  }
  const notes: string[] = [];
  const drafts = readCells(reading, table, notes);
  if (drafts.some(({ text }) => text !== '')) reading.blocks.push(buildTable(drafts));
  pushNotes(reading, notes);
}

const BODY: Readonly<Record<string, (reading: Reading, element: MarkupElement) => void>> = {
  p: readParagraph,
  tbl: readTable,
  sdt: readBody,
  sdtContent: readBody,
  customXml: readBody,
  ins: readBody,
  AlternateContent: (reading, element) => {
    const chosen = childAt(element, 'Choice') ?? childAt(element, 'Fallback');
    if (chosen !== undefined) readBody(reading, chosen);
  },
};

function readBody(reading: Reading, parent: MarkupElement): void {
  for (const child of elementsOf(parent)) BODY[localName(child)]?.(reading, child);
}

/** Texts of footnotes and endnotes by the reference that calls them. */
async function readNotes(source: OfficePackage, main: string): Promise<Map<string, string>> {
  const notes = new Map<string, string>();
  for (const [type, name] of [
    ['footnotes', 'footnote'],
    ['endnotes', 'endnote'],
  ] as const) {
    const part = await source.related(main, type);
    const tree = part === undefined ? undefined : await source.xml(part);
    for (const note of tree === undefined ? [] : elementsOf(tree, name)) {
      const text = collapse(descendants(note, 't').map(textOf).join(''));
      if (attribute(note, 'type') === undefined)
        notes.set(`${name}Reference ${attribute(note, 'id') ?? ''}`, text);
    }
  }
  return notes;
}

/** The charts of a document by the ids that it calls them by. */
async function readCharts(source: OfficePackage, main: string): Promise<Map<string, Block[]>> {
  const charts = new Map<string, Block[]>();
  for (const { id, type, target, isExternal } of (await source.relationships(main)).values()) {
    const tree = type !== 'chart' || isExternal ? undefined : await source.xml(target).catch(() => undefined);
    if (tree !== undefined) charts.set(id, readChart(tree));
  }
  return charts;
}

/** Headers, footers and comments: listed, not read as text. */
async function readAside(source: OfficePackage, main: string): Promise<RemovedRange[]> {
  const removed: RemovedRange[] = [];
  const reasons: Readonly<Record<string, RemovalReason>> = {
    header: 'header',
    footer: 'footer',
    comments: 'comment',
  };
  for (const { type, target, isExternal } of (await source.relationships(main)).values()) {
    const reason = reasons[type];
    const tree = reason === undefined || isExternal ? undefined : await source.xml(target);
    if (reason === undefined || tree === undefined) continue;
    const parts = reason === 'comment' ? elementsOf(tree, 'comment') : [tree];
    for (const part of parts) {
      const text = collapse(
        descendants(part, 'p')
          .map((p) => descendants(p, 't').map(textOf).join(''))
          .join(' '),
      );
      if (text !== '') removed.push({ reason, text });
    }
  }
  return removed;
}

/**
 * Reads a Word document (ECMA-376 WordprocessingML, transitional and strict).
 * @throws {ParseFailure} `damaged` when its main part is missing.
 */
export async function parseDocx(source: OfficePackage): Promise<ParsedDocument> {
  const main = (await source.related('', 'officeDocument')) ?? FALLBACK_MAIN;
  const tree = await source.xml(main);
  const body = childAt(tree, 'body');
  if (body === undefined) throw new ParseFailure('damaged', { part: main });
  const part = async (type: string): Promise<MarkupElement | undefined> => {
    const name = await source.related(main, type);
    return name === undefined ? undefined : source.xml(name).catch(() => undefined);
  };
  const metadata = await source.metadata();
  const reading: Reading = {
    blocks: [],
    links: [],
    images: [],
    removed: await readAside(source, main),
    relationships: await source.relationships(main),
    styles: new ParagraphStyles(await part('styles')),
    lists: new ListNumbering(await part('numbering')),
    notes: await readNotes(source, main),
    charts: await readCharts(source, main),
    title: { text: undefined },
    setApart: new Set(),
  };
  readBody(reading, body);
  const { removed, links, images } = reading;
  const blocks = markManualHeadings(reading.blocks, reading.setApart);
  const heading = blocks.find(({ kind }) => kind === 'heading')?.text;
  const title = metadata['title'] ?? reading.title.text ?? heading;
  return { format: 'docx', title, metadata, pages: [], blocks, removed, links, images, warnings: [] };
}
