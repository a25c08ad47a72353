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
import { emptyDocument, type Block, type ParsedDocument, type RemovedRange } from '../parsed-document.ts';
import { readChart } from './chart.ts';
import { BUILT_IN_FORMATS } from './number-format.ts';
import type { OfficePackage } from './office-package.ts';
import { sheetBlocks } from './sheet-blocks.ts';
import { readSheet, type SheetContext } from './xlsx-sheet.ts';

const FALLBACK_MAIN = 'xl/workbook.xml';

/** The text of a string with its runs; hints of pronunciation are left out. */
function stringText(item: MarkupElement): string {
  return elementsOf(item)
    .filter((child) => localName(child) !== 'rPh')
    .map((child) => (localName(child) === 't' ? textOf(child) : descendants(child, 't').map(textOf).join('')))
    .join('');
}

/** The number format of each cell style. */
function readFormats(styles: MarkupElement | undefined): string[] {
  if (styles === undefined) return [];
  const own = new Map(
    descendants(styles, 'numFmt').map((format) => [
      Number(attribute(format, 'numFmtId')),
      attribute(format, 'formatCode') ?? '',
    ]),
  );
  const cellStyles = childAt(styles, 'cellXfs');
  return (cellStyles === undefined ? [] : elementsOf(cellStyles, 'xf')).map((style) => {
    const id = Number(attribute(style, 'numFmtId') ?? 0);
    return own.get(id) ?? BUILT_IN_FORMATS[id] ?? '';
  });
}

async function readContext(
  source: OfficePackage,
  main: string,
  workbook: MarkupElement,
): Promise<SheetContext> {
  const stringsPart = await source.related(main, 'sharedStrings');
  const strings = stringsPart === undefined ? undefined : await source.xml(stringsPart);
  const stylesPart = await source.related(main, 'styles');
  const styles = stylesPart === undefined ? undefined : await source.xml(stylesPart).catch(() => undefined);
  const properties = childAt(workbook, 'workbookPr');
  const is1904 = properties !== undefined && ['1', 'true'].includes(attribute(properties, 'date1904') ?? '0');
  return {
    strings: strings === undefined ? [] : elementsOf(strings, 'si').map(stringText),
    formats: readFormats(styles),
    is1904,
  };
}

const textsOf = (elements: readonly MarkupElement[]): string[] =>
  elements
    .map((element) =>
      collapse([...descendants(element, 't'), ...elementsOf(element, 'text')].map(textOf).join(' ')),
    )
    .filter((text) => text !== '');

/** The charts of a drawing. */
async function readCharts(source: OfficePackage, drawing: string): Promise<Block[]> {
  const blocks: Block[] = [];
  for (const { type, target, isExternal } of (await source.relationships(drawing)).values()) {
    const tree = type !== 'chart' || isExternal ? undefined : await source.xml(target).catch(() => undefined);
    if (tree !== undefined) blocks.push(...readChart(tree));
  }
  return blocks;
}

/** Comments of a sheet, and the texts of its drawings. */
async function readBeside(
  source: OfficePackage,
  sheet: string,
): Promise<{ comments: RemovedRange[]; texts: Block[] }> {
  const comments: RemovedRange[] = [];
  const texts: Block[] = [];
  for (const { type, target, isExternal } of (await source.relationships(sheet)).values()) {
    const isComment = type === 'comments' || type === 'threadedComment';
    if (isExternal || (!isComment && type !== 'drawing')) continue;
    const tree = await source.xml(target);
    if (tree === undefined) continue;
    const said = textsOf([...descendants(tree, 'comment'), ...descendants(tree, 'threadedComment')]);
    comments.push(...said.map((text) => ({ reason: 'comment' as const, text })));
    texts.push(...textsOf(descendants(tree, 'txBody')).map((text) => ({ kind: 'paragraph' as const, text })));
    if (type === 'drawing') texts.push(...(await readCharts(source, target)));
  }
  return { comments, texts };
}

/** One sheet: shown, or listed as removed when it is hidden. */
async function readOneSheet(
  source: OfficePackage,
  sheet: { readonly name: string; readonly target: string; readonly isHidden: boolean },
  context: SheetContext,
): Promise<{ blocks: Block[]; removed: RemovedRange[] }> {
  const xml = await source.text(sheet.target);
  if (xml === undefined) return { blocks: [], removed: [] };
  const read = sheetBlocks({ name: sheet.name, cells: readSheet(xml, context) });
  const { comments, texts } = await readBeside(source, sheet.target);
  const hidden = sheet.isHidden ? read.map(({ text }) => ({ reason: 'hidden' as const, text })) : [];
  return { blocks: sheet.isHidden ? [] : [...read, ...texts], removed: [...comments, ...hidden] };
}

/**
 * Reads a workbook (ECMA-376 SpreadsheetML): sheets in order, cells as they are shown, tables by the areas that
 * cells form; comments and hidden sheets listed as removed.
 * @throws {ParseFailure} `damaged` when its main part is missing.
 */
export async function parseXlsx(source: OfficePackage): Promise<ParsedDocument> {
  const main = (await source.related('', 'officeDocument')) ?? FALLBACK_MAIN;
  if (main.endsWith('.bin')) throw new ParseFailure('unsupported-type', { type: 'xlsb' });
  const workbook = await source.xml(main);
  const sheets = childAt(workbook, 'sheets');
  if (workbook === undefined || sheets === undefined) throw new ParseFailure('damaged', { part: main });
  const context = await readContext(source, main, workbook);
  const relationships = await source.relationships(main);
  const blocks: Block[] = [];
  const removed: RemovedRange[] = [];
  for (const sheet of elementsOf(sheets, 'sheet')) {
    const id = Object.entries(sheet.attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? '';
    const target = relationships.get(id)?.target;
    if (target === undefined) continue;
    const isHidden = ['hidden', 'veryHidden'].includes(attribute(sheet, 'state') ?? '');
    const read = await readOneSheet(
      source,
      { name: attribute(sheet, 'name') ?? '', target, isHidden },
      context,
    );
    blocks.push(...read.blocks);
    removed.push(...read.removed);
  }
  const metadata = await source.metadata();
  return { ...emptyDocument('xlsx'), title: metadata['title'], metadata, blocks, removed };
}
