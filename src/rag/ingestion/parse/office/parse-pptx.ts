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
import type { Block, Box, ImageNote, Link, Page, ParsedDocument, RemovedRange } from '../parsed-document.ts';
import { buildTable, type CellDraft } from '../tables.ts';
import { readChart } from './chart.ts';
import { formatNumber } from './docx-numbering.ts';
import type { OfficePackage, Relationship } from './office-package.ts';

const FALLBACK_MAIN = 'ppt/presentation.xml';
/** English Metric Units in a point (ECMA-376, 20.1.2.1). */
const EMU_PER_POINT = 12_700;
const FURNITURE = new Set(['dt', 'ftr', 'sldNum', 'hdr']);

/** A slide being read. */
interface SlideReading {
  readonly page: number;
  readonly blocks: Block[];
  readonly removed: RemovedRange[];
  readonly images: ImageNote[];
  readonly links: Link[];
  readonly relationships: ReadonlyMap<string, Relationship>;
}

function boxOf(shape: MarkupElement): Box | undefined {
  const transform = childAt(shape, 'spPr', 'xfrm') ?? childAt(shape, 'xfrm');
  const offset = childAt(transform, 'off');
  const extent = childAt(transform, 'ext');
  if (offset === undefined || extent === undefined) return undefined;
  const points = (element: MarkupElement, name: string): number =>
    Math.round(Number(attribute(element, name) ?? 0) / EMU_PER_POINT);
  const x = points(offset, 'x');
  const y = points(offset, 'y');
  return [x, y, x + points(extent, 'cx'), y + points(extent, 'cy')];
}

function placeholderOf(shape: MarkupElement): string | undefined {
  const placeholder = elementsOf(shape)
    .flatMap((child) => (localName(child).startsWith('nv') ? [childAt(child, 'nvPr', 'ph')] : []))
    .find((element) => element !== undefined);
  return placeholder === undefined ? undefined : (attribute(placeholder, 'type') ?? 'body');
}

/** The text of one paragraph with its breaks and fields. */
function paragraphText(paragraph: MarkupElement, reading: SlideReading): string {
  let text = '';
  for (const child of elementsOf(paragraph)) {
    const name = localName(child);
    if (name === 'br') text += ' ';
    if (name !== 'r' && name !== 'fld') continue;
    const run = descendants(child, 't').map(textOf).join('');
    text += run;
    const link = childAt(child, 'rPr', 'hlinkClick');
    const target = reading.relationships.get(link?.attributes['r:id'] ?? '')?.target;
    if (target !== undefined && run.trim() !== '') reading.links.push({ text: collapse(run), target });
  }
  return collapse(text);
}

const AUTO_FORMATS: readonly (readonly [RegExp, string])[] = [
  [/^alphaLc/u, 'lowerLetter'],
  [/^alphaUc/u, 'upperLetter'],
  [/^romanLc/u, 'lowerRoman'],
  [/^romanUc/u, 'upperRoman'],
];

/** The number that a paragraph is given, when its list counts. */
function autoLabel(properties: MarkupElement | undefined, count: number): string | undefined {
  const auto = childAt(properties, 'buAutoNum');
  if (auto === undefined) return undefined;
  const type = attribute(auto, 'type') ?? 'arabicPeriod';
  const start = Number(attribute(auto, 'startAt') ?? 1);
  const format = AUTO_FORMATS.find(([pattern]) => pattern.test(type))?.[1] ?? 'decimal';
  const number = formatNumber(start + count, format);
  if (type.endsWith('ParenBoth')) return `(${number})`;
  return type.endsWith('ParenR') ? `${number})` : `${number}.`;
}

/** The block that a paragraph of a text body makes. */
function toTextBlock(paragraph: MarkupElement, text: string, count: number, isList: boolean): Block {
  const properties = childAt(paragraph, 'pPr');
  const level = Number((properties === undefined ? undefined : attribute(properties, 'lvl')) ?? 0);
  const label = autoLabel(properties, count);
  const isPlain = childAt(properties, 'buNone') !== undefined;
  const hasBullet = label !== undefined || childAt(properties, 'buChar') !== undefined;
  if (!hasBullet && level === 0 && !(isList && !isPlain)) return { kind: 'paragraph', text };
  return { kind: 'list-item', level, label, text: label === undefined ? text : `${label} ${text}` };
}

/** The paragraphs of a text body: lists where they have bullets or numbers, or stand in a body placeholder. */
function readText(
  reading: SlideReading,
  body: MarkupElement,
  place: { box: Box | undefined; isList: boolean },
): void {
  const counts = new Map<number, number>();
  for (const paragraph of elementsOf(body, 'p')) {
    const properties = childAt(paragraph, 'pPr');
    const level = Number((properties === undefined ? undefined : attribute(properties, 'lvl')) ?? 0);
    const text = paragraphText(paragraph, reading);
    if (text === '') continue;
    const block = toTextBlock(paragraph, text, counts.get(level) ?? 0, place.isList);
    if (block.kind === 'list-item' && block.label !== undefined)
      counts.set(level, (counts.get(level) ?? 0) + 1);
    else counts.delete(level);
    reading.blocks.push({ ...block, page: reading.page, box: place.box });
  }
}

function readTable(reading: SlideReading, table: MarkupElement, box: Box | undefined): void {
  const drafts: CellDraft[] = [];
  for (const [row, tr] of elementsOf(table, 'tr').entries()) {
    for (const [column, cell] of elementsOf(tr, 'tc').entries()) {
      if (attribute(cell, 'hMerge') === '1' || attribute(cell, 'vMerge') === '1') continue;
      const text = collapse(
        descendants(cell, 'p')
          .map((paragraph) => paragraphText(paragraph, reading))
          .join(' '),
      );
      const span = (name: string): number =>
        Math.min(1000, Math.max(1, Number(attribute(cell, name) ?? 1) || 1));
      drafts.push({
        row,
        column,
        text,
        isHeader: row === 0,
        rowSpan: span('rowSpan'),
        columnSpan: span('gridSpan'),
      });
    }
  }
  if (drafts.some(({ text }) => text !== ''))
    reading.blocks.push(buildTable(drafts, { page: reading.page, box }));
}

function readShape(reading: SlideReading, shape: MarkupElement): void {
  const body = childAt(shape, 'txBody');
  if (body === undefined) return;
  const placeholder = placeholderOf(shape);
  const box = boxOf(shape);
  const text = collapse(descendants(body, 't').map(textOf).join(' '));
  if (placeholder !== undefined && FURNITURE.has(placeholder)) {
    const reason = placeholder === 'sldNum' ? 'page-number' : 'footer';
    if (text !== '') reading.removed.push({ reason, text, page: reading.page });
  } else if (placeholder === 'title' || placeholder === 'ctrTitle') {
    const title = collapse(
      elementsOf(body, 'p')
        .map((paragraph) => paragraphText(paragraph, reading))
        .join(' '),
    );
    if (title !== '')
      reading.blocks.push({ kind: 'heading', level: 1, text: title, page: reading.page, box });
  } else {
    readText(reading, body, { box, isList: placeholder === 'body' || placeholder === 'obj' });
  }
}

/** What is in a frame: a table, a diagram, a chart. */
function readFrame(reading: SlideReading, frame: MarkupElement): void {
  for (const table of descendants(frame, 'tbl')) readTable(reading, table, boxOf(frame));
}

function readPicture(reading: SlideReading, picture: MarkupElement): void {
  const properties = childAt(picture, 'nvPicPr', 'cNvPr');
  const description = collapse((properties === undefined ? undefined : attribute(properties, 'descr')) ?? '');
  reading.images.push({ description, page: reading.page, box: boxOf(picture) });
}

/** A shape of a kind that is not known by its name is read as a text shape. */
function readTree(reading: SlideReading, tree: MarkupElement): void {
  const shapes = elementsOf(tree).filter(
    (child) => !/^(?:nvGrpSpPr|grpSpPr|extLst)$/u.test(localName(child)),
  );
  // The title comes first in the file or not; on the slide it stands over everything.
  const isTitle = (shape: MarkupElement): boolean => /title/iu.test(placeholderOf(shape) ?? '');
  for (const shape of [...shapes.filter(isTitle), ...shapes.filter((shape) => !isTitle(shape))]) {
    const name = localName(shape);
    if (name === 'grpSp') readTree(reading, shape);
    else if (name === 'graphicFrame') readFrame(reading, shape);
    else if (name === 'pic') readPicture(reading, shape);
    else if (name === 'AlternateContent')
      readTree(reading, childAt(shape, 'Choice') ?? childAt(shape, 'Fallback') ?? shape);
    else readShape(reading, shape);
  }
}

/** The speaker's notes, a paragraph each. */
function notesOf(tree: MarkupElement, reading: SlideReading): string[] {
  const bodies = descendants(tree, 'sp').filter((shape) => placeholderOf(shape) === 'body');
  return bodies
    .flatMap((shape) => descendants(shape, 'p'))
    .map((paragraph) => paragraphText(paragraph, reading));
}

const diagramTexts = (tree: MarkupElement): string[] =>
  descendants(tree, 'p').map((paragraph) => collapse(descendants(paragraph, 't').map(textOf).join('')));

const BESIDE: Readonly<Record<string, (tree: MarkupElement, reading: SlideReading) => string[]>> = {
  diagramData: diagramTexts,
  notesSlide: notesOf,
};

/** Texts in parts beside the slide: diagrams, charts, and the speaker's notes. */
async function readBeside(source: OfficePackage, reading: SlideReading): Promise<void> {
  for (const { type, target, isExternal } of reading.relationships.values()) {
    const reader = BESIDE[type];
    if (type === 'chart' && !isExternal) {
      const chart = await source.xml(target).catch(() => undefined);
      const blocks = chart === undefined ? [] : readChart(chart);
      reading.blocks.push(...blocks.map((block) => ({ ...block, page: reading.page })));
    }
    const tree =
      reader === undefined || isExternal ? undefined : await source.xml(target).catch(() => undefined);
    if (reader === undefined || tree === undefined) continue;
    const texts = reader(tree, reading).filter((text) => text !== '');
    reading.blocks.push(...texts.map((text) => ({ kind: 'paragraph' as const, text, page: reading.page })));
  }
}

/**
 * Reads a presentation (ECMA-376 PresentationML): a page for each slide, its title as heading, lists, tables,
 * diagrams and the speaker's notes; footers and slide numbers listed as removed.
 * @throws {ParseFailure} `damaged` when its main part is missing.
 */
export async function parsePptx(source: OfficePackage): Promise<ParsedDocument> {
  const main = (await source.related('', 'officeDocument')) ?? FALLBACK_MAIN;
  const presentation = await source.xml(main);
  if (presentation === undefined) throw new ParseFailure('damaged', { part: main });
  const size = childAt(presentation, 'sldSz');
  const points = (name: string): number =>
    Math.round(Number((size === undefined ? undefined : attribute(size, name)) ?? 0) / EMU_PER_POINT);
  const targets = await source.relationships(main);
  const pages: Page[] = [];
  const sink: Omit<SlideReading, 'page' | 'relationships'> = {
    blocks: [],
    removed: [],
    images: [],
    links: [],
  };
  for (const [index, id] of descendants(presentation, 'sldId').entries()) {
    const target = targets.get(id.attributes['r:id'] ?? '')?.target;
    const slide = target === undefined ? undefined : await source.xml(target);
    const tree = childAt(slide, 'cSld', 'spTree');
    if (target === undefined || tree === undefined) continue;
    const page = index + 1;
    pages.push({ number: page, width: points('cx'), height: points('cy') });
    const reading = { ...sink, page, relationships: await source.relationships(target) };
    readTree(reading, tree);
    await readBeside(source, reading);
  }
  const metadata = await source.metadata();
  const title = metadata['title'] ?? sink.blocks.find(({ kind }) => kind === 'heading')?.text;
  return { format: 'pptx', title, metadata, pages, ...sink, warnings: [] };
}
