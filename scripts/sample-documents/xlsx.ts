import { escapeXml, relationsPart, writePackage, type Part } from './office-package.ts';
import { fieldOf, type Block, type Source } from './source.ts';

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Places in the list of cell formats of `stylesXml`. */
const FORMAT = { plain: 0, title: 1, header: 2, number: 3 } as const;

interface Sheet {
  readonly name: string;
  readonly blocks: Block[];
}

/** A second-level heading begins a sheet; what stands before the first goes to the top of the first sheet. */
function sheetsOf(blocks: readonly Block[]): Sheet[] {
  const sheets: Sheet[] = [];
  const preamble: Block[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading' && block.level === 2)
      sheets.push({ name: block.text, blocks: sheets.length === 0 ? preamble : [] });
    else (sheets.at(-1)?.blocks ?? preamble).push(block);
  }
  return sheets;
}

/** Each text once, in order of first use; cells refer to it by place. */
class SharedStrings {
  readonly #places = new Map<string, number>();

  placeOf(text: string): number {
    const place = this.#places.get(text) ?? this.#places.size;
    this.#places.set(text, place);
    return place;
  }

  toXml(): string {
    const rows = [...this.#places.keys()].map(
      (text) => `<si><t xml:space="preserve">${escapeXml(text)}</t></si>`,
    );
    return `<sst ${MAIN} uniqueCount="${rows.length}">${rows.join('')}</sst>`;
  }
}

const columnName = (index: number): string => String.fromCharCode(65 + index);

/** Widens each column to its longest text, in characters, up to 60. */
function widen(widths: number[], rows: readonly (readonly string[])[]): void {
  for (const [column, text] of rows.flatMap((row) => [...row.entries()]))
    widths[column] = Math.min(60, Math.max(widths[column] ?? 8, text.length + 2));
}

function sheetXml(sheet: Sheet, strings: SharedStrings): string {
  const rows: string[] = [];
  const merges: string[] = [];
  const widths: number[] = [];
  const tables = sheet.blocks.flatMap((block) => (block.kind === 'table' ? [block] : []));
  const lastColumn = columnName(Math.max(1, ...tables.map(({ header }) => header.length)) - 1);
  const addRow = (cells: readonly string[], format: number): void => {
    const number = rows.length + 1;
    const xml = cells.map((text, column) => {
      const at = `r="${columnName(column)}${number}"`;
      if (/^\d+([.]\d+)?$/.test(text)) return `<c ${at} s="${FORMAT.number}"><v>${text}</v></c>`;
      return `<c ${at} s="${format}" t="s"><v>${strings.placeOf(text)}</v></c>`;
    });
    rows.push(`<row r="${number}">${xml.join('')}</row>`);
  };
  for (const block of sheet.blocks) {
    if (block.kind === 'table') {
      addRow(block.header, FORMAT.header);
      for (const row of block.rows) addRow(row, FORMAT.plain);
      widen(widths, [block.header, ...block.rows]);
    } else if (block.kind !== 'signatures') {
      addRow([block.text], block.kind === 'heading' ? FORMAT.title : FORMAT.plain);
      merges.push(`<mergeCell ref="A${rows.length}:${lastColumn}${rows.length}"/>`);
    }
  }
  const columns = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  const merged =
    merges.length > 0 ? `<mergeCells count="${merges.length}">${merges.join('')}</mergeCells>` : '';
  return `<worksheet ${MAIN}><cols>${columns.join('')}</cols><sheetData>${rows.join('')}</sheetData>${merged}</worksheet>`;
}

const stylesXml = (): string =>
  `<styleSheet ${MAIN}><fonts count="3"><font><sz val="10"/><name val="Liberation Sans"/></font>` +
  '<font><b/><sz val="14"/><name val="Liberation Sans"/></font><font><b/><sz val="10"/><name val="Liberation Sans"/></font></fonts>' +
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
  '<fill><patternFill patternType="solid"><fgColor rgb="FFE6E6E6"/></patternFill></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">' +
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>' +
  '<xf numFmtId="0" fontId="2" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>' +
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>';

/** Writes a source as an Excel workbook: a sheet a second-level heading, notes as merged rows, numbers as numbers. */
export function writeXlsx(source: Source): Uint8Array {
  const strings = new SharedStrings();
  const sheets = sheetsOf(source.blocks);
  const sheetParts = sheets.map((sheet, index): Part => ({
    path: `xl/worksheets/sheet${index + 1}.xml`,
    type: `${TYPE}.worksheet+xml`,
    xml: sheetXml(sheet, strings),
  }));
  const entries = sheets.map(
    ({ name }, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const parts: Part[] = [
    {
      path: 'xl/workbook.xml',
      type: `${TYPE}.sheet.main+xml`,
      xml: `<workbook ${MAIN} ${R}><sheets>${entries.join('')}</sheets></workbook>`,
    },
    ...sheetParts,
    { path: 'xl/sharedStrings.xml', type: `${TYPE}.sharedStrings+xml`, xml: strings.toXml() },
    { path: 'xl/styles.xml', type: `${TYPE}.styles+xml`, xml: stylesXml() },
    relationsPart('xl/workbook.xml', [
      ...sheets.map((_, index) => ({
        id: `rId${index + 1}`,
        kind: 'worksheet',
        target: `worksheets/sheet${index + 1}.xml`,
      })),
      { id: `rId${sheets.length + 1}`, kind: 'sharedStrings', target: 'sharedStrings.xml' },
      { id: `rId${sheets.length + 2}`, kind: 'styles', target: 'styles.xml' },
    ]),
  ];
  return writePackage('xl/workbook.xml', parts, {
    title: fieldOf(source, 'title'),
    language: fieldOf(source, 'language'),
    date: fieldOf(source, 'date'),
  });
}
