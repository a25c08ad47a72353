import { PAGE, type Bookmark, type Mark, type Page, type PdfDocument, type Style } from './pdf-file.ts';
import { fieldOf, type Block, type Source } from './source.ts';
import type { Font } from './truetype.ts';

type Fonts = Readonly<Record<Style, Font>>;
type Alignment = 'left' | 'centre' | 'right';

interface TextStyle {
  readonly size: number;
  readonly leading: number;
  readonly style: Style;
}

const MARGIN = 68;
const TOP = PAGE.height - 92;
const BOTTOM = 84;
const WIDTH = PAGE.width - 2 * MARGIN;
const BODY: TextStyle = { size: 10.5, leading: 15, style: 'regular' };
const CELL: TextStyle = { size: 9.5, leading: 13, style: 'regular' };
const HEADINGS: readonly TextStyle[] = [
  { size: 18, leading: 24, style: 'bold' },
  { size: 12, leading: 17, style: 'bold' },
  { size: 10.5, leading: 15, style: 'bold' },
];
const CELL_PADDING = 5;

/** Width of a text in points. */
function widthOf(text: string, font: Font, size: number): number {
  let units = 0;
  for (const character of text) units += font.advanceOf(font.glyphOf(character));
  return (units * size) / font.unitsPerEm;
}

/** Breaks a text into lines at spaces, as many words to a line as fit. */
function wrap(text: string, width: number, { size, style }: TextStyle, fonts: Fonts): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer, fonts[style], size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** The page being filled and those before it. Coordinates in points. */
class Canvas {
  readonly pages: Mark[][] = [[]];
  y = TOP;
  readonly #fonts: Fonts;

  constructor(fonts: Fonts) {
    this.#fonts = fonts;
  }

  put(mark: Mark): void {
    this.pages.at(-1)!.push(mark);
  }

  /** Makes sure that `height` fits below; answers whether a new page was begun. */
  reserve(height: number): boolean {
    if (this.y - height >= BOTTOM) return false;
    this.pages.push([]);
    this.y = TOP;
    return true;
  }

  line(text: string, box: { x: number; width: number; align?: Alignment }, { size, style }: TextStyle): void {
    const slack = box.width - widthOf(text, this.#fonts[style], size);
    const shift = box.align === 'centre' ? slack / 2 : box.align === 'right' ? slack : 0;
    this.put({ kind: 'text', x: box.x + shift, y: this.y - size, size, style, grey: 0.1, text });
  }

  paragraph(text: string, box: { x: number; width: number; align?: Alignment }, style: TextStyle): void {
    const lines = wrap(text, box.width, style, this.#fonts);
    for (const [index, line] of lines.entries()) {
      // A paragraph's first two lines stay together.
      this.reserve(index === 0 && lines.length > 1 ? 2 * style.leading : style.leading);
      this.line(line, box, style);
      this.y -= style.leading;
    }
  }
}

const isNumeric = (cell: string | undefined): boolean => /^[\d +–,.-]+( (Kč|kg|m|mm|%))?$/.test(cell ?? '');

/** Column widths in points: the natural ones, and the widest gives way when they do not fit. */
function columnWidths(rows: readonly (readonly string[])[], fonts: Fonts): number[] {
  const natural = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? '', fonts.bold, CELL.size) + 2 * CELL_PADDING)),
  );
  const total = natural.reduce((sum, width) => sum + width, 0);
  if (total <= WIDTH) return natural.map((width) => width + (WIDTH - total) / natural.length);
  const widest = natural.indexOf(Math.max(...natural));
  return natural.map((width, column) => (column === widest ? width - (total - WIDTH) : width));
}

function drawTable(canvas: Canvas, table: Extract<Block, { kind: 'table' }>, fonts: Fonts): void {
  const widths = columnWidths([table.header, ...table.rows], fonts);
  const aligns = table.header.map((_, column): Alignment =>
    table.rows.every((row) => isNumeric(row[column])) ? 'right' : 'left',
  );
  const drawRow = (row: readonly string[], style: TextStyle, isHeader: boolean): void => {
    const cells = row.map((cell, column) => wrap(cell, widths[column]! - 2 * CELL_PADDING, style, fonts));
    const height = Math.max(...cells.map((lines) => lines.length)) * style.leading + 6;
    if (!isHeader && canvas.reserve(height)) drawRow(table.header, { ...CELL, style: 'bold' }, true);
    const top = canvas.y;
    if (isHeader) canvas.put({ kind: 'fill', x: MARGIN, y: top - height, width: WIDTH, height, grey: 0.9 });
    let x = MARGIN;
    for (const [column, lines] of cells.entries()) {
      canvas.y = top - 3;
      for (const line of lines) {
        const box = {
          x: x + CELL_PADDING,
          width: widths[column]! - 2 * CELL_PADDING,
          align: aligns[column]!,
        };
        canvas.line(line, box, style);
        canvas.y -= style.leading;
      }
      x += widths[column]!;
    }
    canvas.y = top - height;
    canvas.put({ kind: 'rule', x: MARGIN, y: canvas.y, width: WIDTH, grey: 0.65 });
  };
  canvas.reserve(60);
  canvas.y -= 4;
  drawRow(table.header, { ...CELL, style: 'bold' }, true);
  for (const row of table.rows) drawRow(row, CELL, false);
  canvas.y -= 10;
}

function drawSignatures(canvas: Canvas, columns: readonly string[]): void {
  canvas.reserve(90);
  canvas.y -= 52;
  const width = WIDTH / columns.length - 20;
  for (const [index, text] of columns.entries()) {
    const x = MARGIN + index * (width + 40);
    canvas.put({ kind: 'rule', x, y: canvas.y + 4, width, grey: 0.3 });
    canvas.line(text, { x, width, align: 'centre' }, CELL);
  }
  canvas.y -= 20;
}

function drawHeading(canvas: Canvas, block: Extract<Block, { kind: 'heading' }>, isContract: boolean): void {
  const style = HEADINGS[block.level - 1]!;
  if (canvas.y < TOP) canvas.y -= block.level === 3 ? 5 : 11;
  // A heading never stands last on its page.
  canvas.reserve(style.leading + 3 * BODY.leading);
  const align = isContract && block.level < 3 ? 'centre' : 'left';
  canvas.paragraph(block.text, { x: MARGIN, width: WIDTH, align }, style);
  if (block.level === 1) {
    canvas.put({ kind: 'rule', x: MARGIN, y: canvas.y - 1, width: WIDTH, grey: 0.3 });
    canvas.y -= 10;
  } else canvas.y -= 3;
}

function drawBlock(canvas: Canvas, block: Block, context: { fonts: Fonts; isContract: boolean }): void {
  switch (block.kind) {
    case 'heading':
      return drawHeading(canvas, block, context.isContract);
    case 'paragraph':
      canvas.paragraph(block.text, { x: MARGIN, width: WIDTH }, BODY);
      canvas.y -= 6;
      return;
    case 'item': {
      const x = MARGIN + (block.level === 1 ? 22 : 42);
      canvas.reserve(2 * BODY.leading);
      canvas.line(block.marker === '-' ? '•' : block.marker, { x: x - 20, width: 20 }, BODY);
      canvas.paragraph(block.text, { x, width: PAGE.width - MARGIN - x }, BODY);
      canvas.y -= 3;
      return;
    }
    case 'table':
      return drawTable(canvas, block, context.fonts);
    case 'signatures':
      return drawSignatures(canvas, block.columns);
  }
}

/** What stands on every page: the document's name and the firm above, the place and the page number below. */
function furniture(source: Source, page: { number: number; count: number }, fonts: Fonts): Mark[] {
  const small = { kind: 'text', size: 8, style: 'regular', grey: 0.4 } as const;
  const isCzech = fieldOf(source, 'language') === 'cs';
  const pageText = isCzech ? `Strana ${page.number} z ${page.count}` : `Page ${page.number} of ${page.count}`;
  const right = (text: string): number => PAGE.width - MARGIN - widthOf(text, fonts.regular, 8);
  const header = fieldOf(source, 'header');
  return [
    { ...small, x: MARGIN, y: PAGE.height - 56, text: header },
    { ...small, x: right('Klenovar s.r.o.'), y: PAGE.height - 56, text: 'Klenovar s.r.o.' },
    { kind: 'rule', x: MARGIN, y: PAGE.height - 62, width: WIDTH, grey: 0.7 },
    { kind: 'rule', x: MARGIN, y: 58, width: WIDTH, grey: 0.7 },
    { ...small, x: MARGIN, y: 46, text: fieldOf(source, 'footer') },
    { ...small, x: right(pageText), y: 46, text: pageText },
  ];
}

/** Lays a source out on A4 pages. */
export function layOut(source: Source, fonts: Fonts): PdfDocument {
  const canvas = new Canvas(fonts);
  const bookmarks: Bookmark[] = [];
  const isContract = source.fields.get('kind') === 'contract';
  for (const block of source.blocks) {
    drawBlock(canvas, block, { fonts, isContract });
    if (block.kind === 'heading' && block.level === 2)
      bookmarks.push({ title: block.text, page: canvas.pages.length - 1, y: canvas.y + 30 });
  }
  const count = canvas.pages.length;
  const pages = canvas.pages.map((marks, index): Page => ({
    marks: [...furniture(source, { number: index + 1, count }, fonts), ...marks],
  }));
  return {
    title: fieldOf(source, 'title'),
    language: fieldOf(source, 'language'),
    date: fieldOf(source, 'date'),
    pages,
    bookmarks,
  };
}

/** The text of each page in drawing order, lines joined by a space. */
export function pageTexts(document: PdfDocument): string[] {
  return document.pages.map(({ marks }) =>
    marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : [])).join(' '),
  );
}
