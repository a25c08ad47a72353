import { escapeXml, relationsPart, writePackage, type Part } from './office-package.ts';
import { fieldOf, type Block, type Source } from './source.ts';

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const BULLETS = 1;
/** Lists up to this number are reserved; each numbered list gets its own, so that it starts at one. */
const FIRST_NUMBERED = 2;

const run = (text: string, properties = ''): string =>
  `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r>`;

const paragraph = (properties: string, content: string): string =>
  `<w:p><w:pPr>${properties}</w:pPr>${content}</w:p>`;

const style = (name: string): string => `<w:pStyle w:val="${name}"/>`;

function tableXml({ header, rows }: Extract<Block, { kind: 'table' }>): string {
  const width = Math.floor(9000 / header.length);
  const grid = header.map(() => `<w:gridCol w:w="${width}"/>`).join('');
  const cell = (text: string, isHeader: boolean): string =>
    `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/>${isHeader ? '<w:shd w:val="clear" w:color="auto" w:fill="E6E6E6"/>' : ''}</w:tcPr>` +
    `${paragraph(style('TableText'), run(text, isHeader ? '<w:b/>' : ''))}</w:tc>`;
  const head = `<w:tr><w:trPr><w:tblHeader/></w:trPr>${header.map((text) => cell(text, true)).join('')}</w:tr>`;
  const body = rows.map((row) => `<w:tr>${row.map((text) => cell(text, false)).join('')}</w:tr>`).join('');
  return (
    '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="9000" w:type="dxa"/></w:tblPr>' +
    `<w:tblGrid>${grid}</w:tblGrid>${head}${body}</w:tbl>${paragraph('', '')}`
  );
}

/** The body's XML and how many numbered lists it holds. */
function bodyXml(blocks: readonly Block[]): { xml: string; numberedLists: number } {
  let numberedLists = 0;
  const itemXml = (item: Extract<Block, { kind: 'item' }>): string => {
    if (item.marker === '1.') numberedLists++;
    const list = item.marker === '-' ? BULLETS : FIRST_NUMBERED + numberedLists - 1;
    const numbering = `<w:numPr><w:ilvl w:val="${item.level - 1}"/><w:numId w:val="${list}"/></w:numPr>`;
    return paragraph(`${style('ListParagraph')}${numbering}`, run(item.text));
  };
  const blockXml = (block: Block): string => {
    switch (block.kind) {
      case 'heading':
        return paragraph(style(`Heading${block.level}`), run(block.text));
      case 'paragraph':
        return paragraph('', run(block.text));
      case 'item':
        return itemXml(block);
      case 'table':
        return tableXml(block);
      case 'signatures':
        return block.columns.map((text) => paragraph('', run(text))).join('');
      default:
        return block satisfies never;
    }
  };
  return { xml: blocks.map(blockXml).join(''), numberedLists };
}

function numberingXml(numberedLists: number): string {
  const level = (index: number, format: string, text: string): string =>
    `<w:lvl w:ilvl="${index}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/><w:lvlJc w:val="left"/>` +
    `<w:pPr><w:ind w:left="${360 * (index + 1)}" w:hanging="360"/></w:pPr></w:lvl>`;
  const numbered = Array.from(
    { length: numberedLists },
    (_, index) =>
      `<w:num w:numId="${FIRST_NUMBERED + index}"><w:abstractNumId w:val="1"/>` +
      '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>',
  ).join('');
  return (
    `<w:numbering ${W}><w:abstractNum w:abstractNumId="0">${level(0, 'bullet', '•')}${level(1, 'bullet', '–')}</w:abstractNum>` +
    `<w:abstractNum w:abstractNumId="1">${level(0, 'decimal', '%1.')}${level(1, 'lowerLetter', '%2)')}</w:abstractNum>` +
    `<w:num w:numId="${BULLETS}"><w:abstractNumId w:val="0"/></w:num>${numbered}</w:numbering>`
  );
}

function stylesXml(language: string): string {
  const heading = (level: number, halfPoints: number): string =>
    `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>` +
    `<w:pPr><w:keepNext/><w:spacing w:before="${level === 1 ? 0 : 280}" w:after="120"/><w:outlineLvl w:val="${level - 1}"/></w:pPr>` +
    `<w:rPr><w:b/><w:sz w:val="${halfPoints}"/></w:rPr></w:style>`;
  const edge = (side: string): string => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="A0A0A0"/>`;
  return (
    `<w:styles ${W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Liberation Sans" w:hAnsi="Liberation Sans" w:cs="Liberation Sans"/>` +
    `<w:sz w:val="21"/><w:lang w:val="${language}"/></w:rPr></w:rPrDefault></w:docDefaults>` +
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:style>' +
    `${heading(1, 36)}${heading(2, 26)}${heading(3, 22)}` +
    '<w:style w:type="paragraph" w:styleId="ListParagraph"><w:name w:val="List Paragraph"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="60"/></w:pPr></w:style>' +
    '<w:style w:type="paragraph" w:styleId="TableText"><w:name w:val="Table Text"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/></w:pPr></w:style>' +
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>' +
    `${['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map(edge).join('')}</w:tblBorders></w:tblPr></w:style></w:styles>`
  );
}

const field = (instruction: string): string =>
  `<w:fldSimple w:instr=" ${instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>`;

/** Writes a source as a Word document with heading styles, numbered lists, tables, header and footer. */
export function writeDocx(source: Source): Uint8Array {
  const language = fieldOf(source, 'language');
  const { xml, numberedLists } = bodyXml(source.blocks);
  const section =
    '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>' +
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1700" w:right="1400" w:bottom="1500" w:left="1400" w:header="800" w:footer="700" w:gutter="0"/></w:sectPr>';
  const pageWords = language === 'cs' ? ['Strana ', ' z '] : ['Page ', ' of '];
  const parts: Part[] = [
    {
      path: 'word/document.xml',
      type: `${TYPE}.document.main+xml`,
      xml: `<w:document ${W} ${R}><w:body>${xml}${section}</w:body></w:document>`,
    },
    { path: 'word/styles.xml', type: `${TYPE}.styles+xml`, xml: stylesXml(language) },
    { path: 'word/numbering.xml', type: `${TYPE}.numbering+xml`, xml: numberingXml(numberedLists) },
    {
      path: 'word/header1.xml',
      type: `${TYPE}.header+xml`,
      xml: `<w:hdr ${W}>${paragraph('', run(fieldOf(source, 'header')))}</w:hdr>`,
    },
    {
      path: 'word/footer1.xml',
      type: `${TYPE}.footer+xml`,
      xml: `<w:ftr ${W}>${paragraph('', `${run(`${fieldOf(source, 'footer')}, ${pageWords[0]}`)}${field('PAGE')}${run(pageWords[1]!)}${field('NUMPAGES')}`)}</w:ftr>`,
    },
    relationsPart('word/document.xml', [
      { id: 'rId1', kind: 'styles', target: 'styles.xml' },
      { id: 'rId2', kind: 'numbering', target: 'numbering.xml' },
      { id: 'rId3', kind: 'header', target: 'header1.xml' },
      { id: 'rId4', kind: 'footer', target: 'footer1.xml' },
    ]),
  ];
  return writePackage('word/document.xml', parts, {
    title: fieldOf(source, 'title'),
    language,
    date: fieldOf(source, 'date'),
  });
}
