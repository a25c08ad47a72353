import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { ParseFailure } from '../parse-failure.ts';
import { parseDocument } from '../parse-document.ts';
import type { Block } from '../parsed-document.ts';
import { formatCell } from './number-format.ts';

const shape = (blocks: readonly Block[]) => blocks.map(({ kind, text }) => `${kind}: ${text}`);
const zip = (parts: Readonly<Record<string, string>>) =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
const parse = (parts: Readonly<Record<string, string>>) =>
  parseDocument({ bytes: zip(parts), fileName: 'file' });

const relationship = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="http://x/${type}" Target="${target}"/>`;
const relationships = (...items: readonly string[]) => `<Relationships>${items.join('')}</Relationships>`;
const TYPES = '<Types/>';

const WORD = (body: string) => ({
  '[Content_Types].xml': TYPES,
  '_rels/.rels': relationships(relationship('r1', 'officeDocument', 'word/document.xml')),
  'word/_rels/document.xml.rels': relationships(
    relationship('s', 'styles', 'styles.xml'),
    relationship('n', 'numbering', 'numbering.xml'),
    relationship('f', 'footnotes', 'footnotes.xml'),
    relationship('h', 'header', 'header1.xml'),
    relationship('c', 'comments', 'comments.xml'),
  ),
  'word/styles.xml':
    '<w:styles><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="H2"><w:name w:val="Nadpis 2"/><w:basedOn w:val="H1"/></w:style></w:styles>',
  'word/numbering.xml':
    '<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
  'word/footnotes.xml':
    '<w:footnotes><w:footnote w:id="2"><w:p><w:r><w:t>Pod čarou.</w:t></w:r></w:p></w:footnote></w:footnotes>',
  'word/header1.xml': '<w:hdr><w:p><w:r><w:t>Hlavička</w:t></w:r></w:p></w:hdr>',
  'word/comments.xml':
    '<w:comments><w:comment><w:p><w:r><w:t>Poznámka</w:t></w:r></w:p></w:comment></w:comments>',
  'word/document.xml': `<w:document><w:body>${body}</w:body></w:document>`,
});
const run = (text: string) => `<w:r><w:t>${text}</w:t></w:r>`;
const item = (level: number, text: string) =>
  `<w:p><w:pPr><w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="1"/></w:numPr></w:pPr>${run(text)}</w:p>`;

test('a Word document keeps headings, counted lists, footnotes and spans, and lists the rest as removed', async () => {
  const parsed = await parse(
    WORD(
      `<w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr>${run('Smlouva')}</w:p><w:p><w:pPr><w:pStyle w:val="H2"/></w:pPr>${run('Předmět')}</w:p>` +
        `<w:p>${run('Strany se ')}<w:del><w:r><w:delText>ne</w:delText></w:r></w:del><w:ins>${run('dohodly')}</w:ins><w:r><w:footnoteReference w:id="2"/></w:r></w:p>` +
        `${item(0, 'první')}${item(1, 'dílčí')}${item(0, 'druhý')}` +
        `<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p>${run('Ceny')}</w:p></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p>${run('a')}</w:p></w:tc><w:tc><w:p>${run('1')}</w:p></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p>${run('2')}</w:p></w:tc></w:tr></w:tbl>`,
    ),
  );
  assert.deepEqual(shape(parsed.blocks), [
    'heading: Smlouva',
    'heading: Předmět',
    'paragraph: Strany se dohodly',
    'footnote: Pod čarou.',
    'list-item: 1. první',
    'list-item: a) dílčí',
    'list-item: 2. druhý',
    'table: Ceny\na | 1\n2',
  ]);
  const table = parsed.blocks.at(-1);
  assert.ok(table?.kind === 'table');
  assert.deepEqual(
    [table.table.cells[0]?.columnSpan, table.table.cells[1]?.rowSpan, table.table.cells[3]?.column],
    [2, 2, 1],
  );
  assert.deepEqual(
    new Set(parsed.removed.map(({ reason }) => reason)),
    new Set(['header', 'comment', 'deleted']),
  );
});

test('a workbook shows its cells as Excel does, and parts that stand apart are tables of their own', async () => {
  const parsed = await parse({
    '[Content_Types].xml': TYPES,
    '_rels/.rels': relationships(relationship('r1', 'officeDocument', 'xl/workbook.xml')),
    'xl/_rels/workbook.xml.rels': relationships(
      relationship('r1', 'worksheet', 'worksheets/sheet1.xml'),
      relationship('r2', 'sharedStrings', 'sharedStrings.xml'),
      relationship('r3', 'styles', 'styles.xml'),
    ),
    'xl/workbook.xml': '<workbook><sheets><sheet name="Ceník" r:id="r1"/></sheets></workbook>',
    'xl/sharedStrings.xml':
      '<sst><si><t>Zboží</t></si><si><t>Od</t></si><si><r><t>Stůl</t></r><rPh><t>x</t></rPh></si></sst>',
    'xl/styles.xml':
      '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/></cellXfs></styleSheet>',
    'xl/worksheets/sheet1.xml':
      '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"><v>46023</v></c></row><row r="5"><c r="D5" t="inlineStr"><is><t>Sleva</t></is></c><c r="E5" s="2"><v>0.125</v></c></row></sheetData></worksheet>',
  });
  assert.deepEqual(shape(parsed.blocks), [
    'heading: Ceník',
    'table: Zboží | Od\nStůl | 2026-01-01',
    'table: Sleva | 12.50 %',
  ]);
});

test('numbers of cells take the look of their format', () => {
  assert.equal(formatCell(0.1 + 0.2, 'General'), '0.3');
  assert.equal(formatCell(1234.5, '#,##0.00'), '1234.50');
  assert.equal(formatCell(46023.75, 'd.m.yyyy h:mm'), '2026-01-01 18:00');
  assert.equal(formatCell(0.5, 'h:mm:ss'), '12:00:00');
});

test('an OpenDocument text keeps its outline, lists, notes and what was deleted', async () => {
  const parsed = await parse({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'META-INF/manifest.xml': '<manifest/>',
    'content.xml':
      '<office:document-content><office:automatic-styles><text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/></text:list-style></office:automatic-styles><office:body><office:text>' +
      '<text:tracked-changes><text:changed-region><text:deletion><text:p>staré</text:p></text:deletion></text:changed-region></text:tracked-changes>' +
      '<text:h text:outline-level="2">Úvod</text:h><text:p>Text<text:s text:c="2"/>dál<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Dole.</text:p></text:note-body></text:note></text:p>' +
      '<text:list text:style-name="L"><text:list-item><text:p>jeden</text:p></text:list-item><text:list-item><text:p>dva</text:p></text:list-item></text:list>' +
      '</office:text></office:body></office:document-content>',
  });
  assert.deepEqual(shape(parsed.blocks), [
    'heading: Úvod',
    'paragraph: Text dál',
    'footnote: Dole.',
    'list-item: 1. jeden',
    'list-item: 2. dva',
  ]);
  assert.deepEqual(parsed.removed, [{ reason: 'deleted', text: 'staré' }]);
});

test('RTF in an old Czech code page keeps its letters, tables and notes', async () => {
  const rtf = String.raw`{\rtf1\ansi\ansicpg1250{\fonttbl{\f0\fcharset238 Arial;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}{\header Hlava}\pard\s1 Z\'e1kon\par\pard P\u345?\'edli\'9a {\v tajn\'e9}kr\'e1tk\'fd{\footnote pozn\'e1mka}\par\trowd\intbl A\cell B\cell\row\intbl 1\cell 2\cell\row\pard konec\par}`;
  const parsed = await parseDocument({ bytes: Buffer.from(rtf, 'latin1'), fileName: 'x' });
  assert.deepEqual(shape(parsed.blocks), [
    'heading: Zákon',
    'paragraph: Příliš krátký',
    'footnote: poznámka',
    'table: A | B\n1 | 2',
    'paragraph: konec',
  ]);
  assert.deepEqual(parsed.removed, [{ reason: 'header', text: 'Hlava' }]);
});

test('a message is read with its attachments, and one that cannot be read is named', async () => {
  const mail = [
    'From: =?utf-8?Q?Jan_Nov=C3=A1k?= <jan@x.cz>',
    'To: eva@x.cz',
    'Subject: =?windows-1250?Q?Nab=EDdka?=',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=windows-1250',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Pos=EDl=E1m nab=EDdku.',
    '--b',
    'Content-Type: text/csv; name="ceny.csv"',
    'Content-Disposition: attachment; filename="ceny.csv"',
    '',
    'a;b',
    '1;2',
    '--b',
    'Content-Type: application/octet-stream; name="x.bin"',
    'Content-Disposition: attachment; filename="x.bin"',
    'Content-Transfer-Encoding: base64',
    '',
    'AAECAwQFBgcICQ==',
    '--b--',
  ].join('\r\n');
  const parsed = await parseDocument({ bytes: Buffer.from(mail), fileName: 'x.eml' });
  assert.deepEqual(shape(parsed.blocks), [
    'heading: Nabídka',
    'paragraph: From: Jan Novák <jan@x.cz>',
    'paragraph: To: eva@x.cz',
    'paragraph: Posílám nabídku.',
    'heading: ceny.csv',
    'table: a | b\n1 | 2',
  ]);
  assert.deepEqual(parsed.warnings, [{ code: 'inner-unsupported-type', detail: 'x.bin' }]);
});

test('an archive is read file by file, and one inside of another too', async () => {
  const inner = zipSync({ 'b.txt': strToU8('Vnitřní text.') });
  const bytes = zipSync({ 'a.md': strToU8('# Nadpis\n\nText.'), 'in.zip': inner });
  const parsed = await parseDocument({ bytes, fileName: 'x.zip' });
  assert.deepEqual(shape(parsed.blocks), [
    'heading: a.md',
    'heading: Nadpis',
    'paragraph: Text.',
    'heading: in.zip',
    'heading: b.txt',
    'paragraph: Vnitřní text.',
  ]);
});

test('archives are refused before they are unpacked, each for its true reason', async () => {
  const reasonOf = async (bytes: Uint8Array): Promise<string> => {
    try {
      await parseDocument({ bytes, fileName: 'x.zip' });
      return 'read';
    } catch (error) {
      return error instanceof ParseFailure ? error.reason : String(error);
    }
  };
  assert.equal(
    await reasonOf(zipSync({ 'a.txt': [new Uint8Array(30 * 1024 * 1024), { level: 9 }] })),
    'archive-bomb',
  );
  assert.equal(await reasonOf(zipSync({ '../a.txt': strToU8('x') })), 'path-traversal');
  assert.equal(
    await reasonOf(zipSync({ 'a.txt': [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] })),
    'path-traversal',
  );
  let nested: Uint8Array = strToU8('text');
  for (let depth = 0; depth < 5; depth++) nested = zipSync({ 'in.zip': nested });
  assert.equal(await reasonOf(nested), 'archive-bomb');
  assert.equal(await reasonOf(zipSync({ 'a.txt': strToU8('x') }).slice(0, 40)), 'damaged');
  assert.equal(
    await reasonOf(
      zip(
        WORD('<w:p/>')['word/document.xml'] === ''
          ? {}
          : { ...WORD(''), 'word/document.xml': '<!DOCTYPE x [<!ENTITY a "b">]><w:document/>' },
      ),
    ),
    'external-entity',
  );
});

test('bold or centred numbers of parts head their sections where no style does', async () => {
  const bold = (text: string) => `<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>${text}</w:t></w:r></w:p>`;
  const centred = (text: string) => `<w:p><w:pPr><w:jc w:val="center"/></w:pPr>${run(text)}</w:p>`;
  const plain = (text: string) => `<w:p>${run(text)}</w:p>`;
  const { blocks } = await parse(
    WORD(
      `${centred('Hlava I')}${centred('Obecná ustanovení')}${bold('Čl. 1 Předmět')}${plain('Čl. 2 se nepoužije, pokud se strany dohodnou.')}` +
        `${bold('Podle § 5 se postupuje přiměřeně.')}${bold('Důležité')}${bold('Čl. 2')}${bold('Cena')}${plain('Cena je 100 Kč.')}`,
    ),
  );
  assert.deepEqual(
    blocks.map((block) => (block.kind === 'heading' ? `${block.level} ${block.text}` : block.kind)),
    [
      '1 Hlava I',
      '3 Obecná ustanovení',
      '2 Čl. 1 Předmět',
      'paragraph',
      'paragraph',
      'paragraph',
      '2 Čl. 2',
      '3 Cena',
      'paragraph',
    ],
  );
});

test('a number keeps the unit that its format writes, and a word loses the places where it may be cut', async () => {
  assert.equal(formatCell(1250.5, '#,##0.00 "Kč"'), '1250.50 Kč');
  assert.equal(formatCell(12, '[$€-2] #,##0'), '€ 12');
  assert.equal(formatCell(12, '#,##0\\ [$Kč-405]'), '12 Kč');
  assert.equal(formatCell(12, '#,##0 _K_č;-#,##0 _K_č'), '12');
  assert.equal(formatCell(0.21, '0 %'), '21 %');
  const { blocks } = await parse(WORD(`<w:p>${run('po\u00adzor')}</w:p>`));
  assert.equal(blocks[0]?.text, 'pozor');
});
