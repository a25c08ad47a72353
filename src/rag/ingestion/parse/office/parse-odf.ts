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
import type { Block, Box, DocumentFormat, Page, ParsedDocument, RemovedRange } from '../parsed-document.ts';
import { buildTable, type CellDraft } from '../tables.ts';
import type { OfficePackage } from './office-package.ts';
import { OdfStyles, readOdfMetadata } from './odf-styles.ts';
import { readFrame, readOdfInline, type OdfSink } from './odf-text.ts';
import { readSpreadsheet } from './ods-sheets.ts';

/** A text being read. */
interface Reading extends OdfSink {
  readonly blocks: Block[];
  readonly styles: OdfStyles;
  page: number | undefined;
  box: Box | undefined;
}

interface ListPlace {
  readonly level: number;
  readonly style: string | undefined;
  readonly counts: number[];
  /** What the next paragraph is labelled with; undefined once it was used. */
  pending: { readonly label: string | undefined } | undefined;
}

const place = (reading: Reading) => ({ page: reading.page, box: reading.box });

function pushNotes(reading: Reading, notes: readonly string[]): void {
  for (const text of notes)
    if (text !== '') reading.blocks.push({ kind: 'footnote', text, ...place(reading) });
}

function pushText(reading: Reading, element: MarkupElement, toBlock: (text: string) => Block): void {
  const inline = readOdfInline(element, reading);
  if (inline.text !== '') reading.blocks.push(toBlock(inline.text));
  pushNotes(reading, inline.notes);
  for (const box of inline.boxes) readBody(reading, box, undefined);
}

function readHeading(reading: Reading, element: MarkupElement): void {
  const level = Number(attribute(element, 'outline-level') ?? 1) || 1;
  pushText(reading, element, (text) => ({ kind: 'heading', level, text, ...place(reading) }));
}

function readParagraph(reading: Reading, element: MarkupElement, list: ListPlace | undefined): void {
  const chain = reading.styles.chain(attribute(element, 'style-name'));
  const isTitle = chain.some((name) => /^(?:title|název)$/iu.test(name));
  const isSubtitle = chain.some((name) => /^(?:subtitle|podtitul)$/iu.test(name));
  const isCode = chain.some((name) => /preformatted/iu.test(name));
  pushText(reading, element, (text): Block => {
    if (isTitle || isSubtitle) return { kind: 'heading', level: isTitle ? 1 : 2, text, ...place(reading) };
    if (list?.pending !== undefined) {
      const { label } = list.pending;
      list.pending = undefined;
      return {
        kind: 'list-item',
        level: list.level,
        label,
        text: label === undefined ? text : `${label} ${text}`,
        ...place(reading),
      };
    }
    return { kind: isCode ? 'code' : 'paragraph', text, ...place(reading) };
  });
}

function readList(reading: Reading, element: MarkupElement, parent: ListPlace | undefined): void {
  const level = parent === undefined ? 0 : parent.level + 1;
  const style = attribute(element, 'style-name') ?? parent?.style;
  const list: ListPlace = { level, style, counts: [...(parent?.counts ?? []), 0], pending: undefined };
  for (const item of elementsOf(element)) {
    const isItem = localName(item) === 'list-item';
    const start = attribute(item, 'start-value');
    if (isItem) list.counts[level] = start === undefined ? list.counts[level]! + 1 : Number(start);
    list.pending = isItem ? { label: reading.styles.label(style, level, list.counts) } : undefined;
    readBody(reading, item, list);
    list.pending = undefined;
  }
}

const repeated = (element: MarkupElement, name: string): number =>
  Math.min(100, Number(attribute(element, name) ?? 1) || 1);

function readTable(reading: Reading, table: MarkupElement): void {
  const drafts: CellDraft[] = [];
  const headers = new Set(
    descendants(table, 'table-header-rows').flatMap((group) => elementsOf(group, 'table-row')),
  );
  for (const [row, tr] of descendants(table, 'table-row').entries()) {
    let column = 0;
    for (const cell of elementsOf(tr)) {
      const name = localName(cell);
      if (name === 'table-cell') {
        const text = collapse(
          descendants(cell, 'p')
            .map((paragraph) => readOdfInline(paragraph, reading).text)
            .join(' '),
        );
        const span = (of: string): number => Math.max(1, repeated(cell, of));
        const isHeader = headers.has(tr) || row === 0;
        drafts.push({
          row,
          column,
          text,
          isHeader,
          rowSpan: span('number-rows-spanned'),
          columnSpan: span('number-columns-spanned'),
        });
      }
      if (name === 'table-cell' || name === 'covered-table-cell')
        column += repeated(cell, 'number-columns-repeated');
    }
  }
  if (drafts.some(({ text }) => text !== '')) reading.blocks.push(buildTable(drafts, place(reading)));
}

const BODY: Readonly<
  Record<string, (reading: Reading, element: MarkupElement, list: ListPlace | undefined) => void>
> = {
  h: (reading, element) => readHeading(reading, element),
  p: readParagraph,
  list: readList,
  table: (reading, element) => readTable(reading, element),
  frame: (reading, element) => {
    for (const table of elementsOf(element, 'table')) readTable(reading, table);
    for (const box of readFrame(element, reading)) readBody(reading, box, undefined);
  },
  'tracked-changes': (reading, element) => {
    for (const deletion of descendants(element, 'deletion')) {
      const text = collapse(descendants(deletion, 'p').map(textOf).join(' '));
      if (text !== '') reading.removed.push({ reason: 'deleted', text });
    }
  },
  annotation: () => undefined,
  forms: () => undefined,
  'sequence-decls': () => undefined,
};

function readBody(reading: Reading, parent: MarkupElement, list: ListPlace | undefined): void {
  for (const child of elementsOf(parent)) {
    const reader = BODY[localName(child)];
    if (reader === undefined) readBody(reading, child, list);
    else reader(reading, child, list);
  }
}

/** Headers and footers are parts of the page styles. */
function readFurniture(styles: MarkupElement | undefined): RemovedRange[] {
  if (styles === undefined) return [];
  return (['header', 'footer'] as const).flatMap((reason) =>
    descendants(styles, reason).flatMap((element) => {
      const text = collapse(descendants(element, 'p').map(textOf).join(' '));
      return text === '' ? [] : [{ reason, text }];
    }),
  );
}

const POINTS: Readonly<Record<string, number>> = { cm: 28.3465, mm: 2.83465, in: 72, pt: 1 };

function toPoints(length: string | undefined): number {
  const match = /^(-?[\d.]+)(cm|mm|in|pt)$/u.exec(length ?? '');
  return match === null ? 0 : Math.round(Number(match[1]) * (POINTS[match[2]!] ?? 1));
}

function boxOf(shape: MarkupElement): Box | undefined {
  if (attribute(shape, 'x') === undefined) return undefined;
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => toPoints(attribute(shape, name)));
  return [x!, y!, x! + width!, y! + height!];
}

/** A slide: the title first, then every shape as it stands in the file. */
function readSlide(reading: Reading, slide: MarkupElement): void {
  const shapes = elementsOf(slide);
  const isTitle = (shape: MarkupElement): boolean => attribute(shape, 'class') === 'title';
  for (const shape of shapes.filter(isTitle)) {
    const text = collapse(
      descendants(shape, 'p')
        .map((paragraph) => readOdfInline(paragraph, reading).text)
        .join(' '),
    );
    if (text !== '')
      reading.blocks.push({ kind: 'heading', level: 1, text, page: reading.page, box: boxOf(shape) });
  }
  for (const shape of shapes.filter((shape) => !isTitle(shape))) {
    reading.box = boxOf(shape);
    readBody(reading, { name: '', attributes: {}, children: [shape] }, undefined);
    reading.box = undefined;
  }
}

function readPresentation(reading: Reading, body: MarkupElement, styles: MarkupElement | undefined): Page[] {
  const layout = styles === undefined ? undefined : descendants(styles, 'page-layout-properties')[0];
  const size = (name: string): number => toPoints(layout === undefined ? undefined : attribute(layout, name));
  return descendants(body, 'page').map((slide, index) => {
    reading.page = index + 1;
    readSlide(reading, slide);
    return { number: index + 1, width: size('page-width'), height: size('page-height') };
  });
}

/** Which kind of OpenDocument a body is. */
function formatOf(body: MarkupElement): DocumentFormat | undefined {
  const formats: Readonly<Record<string, DocumentFormat>> = {
    text: 'odt',
    spreadsheet: 'ods',
    presentation: 'odp',
  };
  return elementsOf(body)
    .map((child) => formats[localName(child)])
    .find((format) => format !== undefined);
}

/** Reads OpenDocument out of its trees: the content, and beside it styles and metadata. */
export function readOdf(
  content: MarkupElement,
  styles: MarkupElement | undefined,
  meta: MarkupElement | undefined,
): ParsedDocument {
  const body = childAt(content, 'body');
  const format = body === undefined ? undefined : formatOf(body);
  if (body === undefined || format === undefined)
    throw new ParseFailure('unsupported-type', { type: 'opendocument' });
  const reading: Reading = {
    blocks: [],
    links: [],
    images: [],
    removed: readFurniture(styles),
    styles: new OdfStyles([styles, content]),
    page: undefined,
    box: undefined,
  };
  let pages: Page[] = [];
  if (format === 'odp') pages = readPresentation(reading, body, styles);
  else if (format === 'ods') reading.blocks.push(...readSpreadsheet(body, reading));
  else readBody(reading, body, undefined);
  const metadata = readOdfMetadata(meta);
  const { blocks, links, images, removed } = reading;
  const title = metadata['title'] ?? blocks.find(({ kind }) => kind === 'heading')?.text;
  return { format, title, metadata, pages, blocks, removed, links, images, warnings: [] };
}

/**
 * Reads an OpenDocument file (ISO/IEC 26300): text, spreadsheet or presentation.
 * @throws {ParseFailure} `encrypted`, `damaged`, `unsupported-type`.
 */
export async function parseOdf(source: OfficePackage): Promise<ParsedDocument> {
  const manifest = await source.text('META-INF/manifest.xml').catch(() => undefined);
  if (manifest?.includes('encryption-data'))
    throw new ParseFailure('encryption-unsupported', { format: 'opendocument' });
  const content = await source.xml('content.xml');
  if (content === undefined) throw new ParseFailure('damaged', { part: 'content.xml' });
  const styles = await source.xml('styles.xml').catch(() => undefined);
  const meta = await source.xml('meta.xml').catch(() => undefined);
  return readOdf(content, styles, meta);
}
