import { deflateSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';

/** A file made to do harm, and the reasons with which it may be refused; none means it may also be read. */
export interface HostileFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly reasons: readonly string[];
}

const MEBIBYTE = 1024 * 1024;

/** A ZIP whose one entry unpacks to very much more than the archive holds. */
function ratioBomb(): Uint8Array {
  return zipSync({ 'zeros.txt': [new Uint8Array(200 * MEBIBYTE), { level: 9 }] });
}

/** Archives inside of archives. */
function nestedZip(depth: number): Uint8Array {
  let bytes: Uint8Array = strToU8('innermost text');
  for (let level = 0; level < depth; level++) bytes = zipSync({ [`level-${level}.zip`]: bytes });
  return bytes;
}

/** A ZIP whose directory lists one entry many times over: the entries share their bytes. */
function overlappingZip(): Uint8Array {
  const plain = Buffer.from(zipSync({ 'a.txt': [new Uint8Array(4 * MEBIBYTE), { level: 9 }] }));
  const directoryAt = plain.readUInt32LE(plain.length - 6);
  const local = plain.subarray(0, directoryAt);
  const record = plain.subarray(directoryAt, plain.length - 22);
  const copies = 2000;
  const directory = Buffer.concat(Array.from({ length: copies }, () => record));
  const end = Buffer.from(plain.subarray(plain.length - 22));
  end.writeUInt16LE(copies, 8);
  end.writeUInt16LE(copies, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

/** Sets the attributes of every entry to those of a symbolic link. */
function symlinkZip(): Uint8Array {
  const bytes = Buffer.from(
    zipSync({ 'link.txt': [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] }),
  );
  return bytes;
}

const WORKBOOK = {
  '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
  '_rels/.rels':
    '<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
  'xl/_rels/workbook.xml.rels':
    '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
  'xl/workbook.xml': '<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
};

const toZip = (parts: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));

function billionLaughs(): Uint8Array {
  const entities = Array.from(
    { length: 9 },
    (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`,
  ).join('');
  const sheet = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">${entities}]><worksheet><sheetData><row><c t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData></worksheet>`;
  return toZip({ ...WORKBOOK, 'xl/worksheets/sheet1.xml': sheet });
}

function externalEntity(): Uint8Array {
  const document =
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><w:document><w:body><w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:body></w:document>';
  return toZip({ '[Content_Types].xml': '<Types/>', 'word/document.xml': document });
}

function deepXml(): Uint8Array {
  const depth = 200_000;
  return strToU8(`<?xml version="1.0"?>${'<a>'.repeat(depth)}x${'</a>'.repeat(depth)}`);
}

const deepHtml = (): Uint8Array =>
  strToU8(`<html><body>${'<div>'.repeat(100_000)}text${'</div>'.repeat(100_000)}</body></html>`);

/** A PDF of the given objects, each without its number. */
function toPdf(objects: readonly (string | Uint8Array)[]): Uint8Array {
  const parts: Uint8Array[] = [strToU8('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]!.length;
  const push = (part: Uint8Array): void => {
    parts.push(part);
    length += part.length;
  };
  for (const [index, object] of objects.entries()) {
    offsets.push(length);
    push(strToU8(`${index + 1} 0 obj\n`));
    push(typeof object === 'string' ? strToU8(object) : object);
    push(strToU8('\nendobj\n'));
  }
  const start = length;
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  push(
    strToU8(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF`,
    ),
  );
  return Buffer.concat(parts);
}

const CATALOG = '<</Type/Catalog/Pages 2 0 R>>';

/** A page tree that leads back to itself and claims a million pages. */
const loopingPdf = (): Uint8Array => toPdf([CATALOG, '<</Type/Pages/Count 1000000/Kids[2 0 R 2 0 R]>>']);

/** A content stream that is packed twice and unpacks to four gibibytes of operations. */
function inflatingPdf(): Uint8Array {
  const once = deflateSync(Buffer.alloc(256 * MEBIBYTE, 'q Q '));
  const packed = deflateSync(once);
  const stream = Buffer.concat([
    strToU8(`<</Length ${packed.length}/Filter[/FlateDecode/FlateDecode]>>stream\n`),
    packed,
    strToU8('\nendstream'),
  ]);
  return toPdf([
    CATALOG,
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>',
    stream,
  ]);
}

const manyPages = (): Uint8Array => {
  const count = 6000;
  const kids = Array.from({ length: count }, (_, index) => `${index + 3} 0 R`).join(' ');
  const page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>';
  return toPdf([
    CATALOG,
    `<</Type/Pages/Count ${count}/Kids[${kids}]>>`,
    ...Array.from({ length: count }, () => page),
  ]);
};

/** The head of a PNG of 65,000 by 65,000 pixels. */
function hugePng(): Uint8Array {
  const head = Buffer.alloc(33);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(head);
  head.writeUInt32BE(65_000, 16);
  head.writeUInt32BE(65_000, 20);
  Buffer.from('0806000000', 'hex').copy(head, 24);
  return Buffer.concat([head, deflateSync(Buffer.alloc(MEBIBYTE))]);
}

function repeatedCells(): Uint8Array {
  const cell =
    '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>';
  const row = `<table:table-row table:number-rows-repeated="1048576">${cell}</table:table-row>`;
  const content = `<office:document-content><office:body><office:spreadsheet><table:table table:name="A">${row}</table:table></office:spreadsheet></office:body></office:document-content>`;
  return toZip({ 'META-INF/manifest.xml': '<manifest/>', 'content.xml': content });
}

function mailBomb(): Uint8Array {
  const depth = 2000;
  const open = Array.from(
    { length: depth },
    (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`,
  ).join('');
  return strToU8(`From: a@b\r\nTo: c@d\r\nSubject: x\r\nMIME-Version: 1.0\r\n${open}\r\ntext`);
}

const regexBait = (): Uint8Array =>
  strToU8(
    `# x\n\n${'[['.repeat(50_000)}\n\n${'*a '.repeat(50_000)}\n\n${'`'.repeat(50_000)}\n\n| ${'- | '.repeat(20_000)}\n`,
  );

/** Files of many kinds, each an attack of its own. */
export function hostileFiles(): HostileFile[] {
  const bomb = ['archive-bomb'];
  return [
    { name: 'ratio.zip', bytes: ratioBomb(), reasons: bomb },
    { name: 'nested.zip', bytes: nestedZip(8), reasons: bomb },
    { name: 'overlapping.zip', bytes: overlappingZip(), reasons: bomb },
    {
      name: 'many.zip',
      bytes: zipSync(
        Object.fromEntries(Array.from({ length: 10_500 }, (_, index) => [`${index}.txt`, strToU8('x')])),
      ),
      reasons: bomb,
    },
    {
      name: 'slip.docx',
      bytes: zipSync({ '[Content_Types].xml': strToU8('<x/>'), '../../evil.xml': strToU8('<x/>') }),
      reasons: ['path-traversal'],
    },
    { name: 'symlink.zip', bytes: symlinkZip(), reasons: ['path-traversal'] },
    { name: 'laughs.xlsx', bytes: billionLaughs(), reasons: ['external-entity'] },
    { name: 'entity.docx', bytes: externalEntity(), reasons: ['external-entity'] },
    { name: 'deep.xml', bytes: deepXml(), reasons: ['damaged'] },
    { name: 'deep.html', bytes: deepHtml(), reasons: [] },
    { name: 'loop.pdf', bytes: loopingPdf(), reasons: ['damaged', 'too-many-pages', 'empty', 'timed-out'] },
    {
      name: 'inflate.pdf',
      bytes: inflatingPdf(),
      reasons: ['out-of-memory', 'timed-out', 'empty', 'damaged'],
    },
    { name: 'pages.pdf', bytes: manyPages(), reasons: ['too-many-pages'] },
    { name: 'huge.png', bytes: hugePng(), reasons: ['too-large'] },
    { name: 'repeated.ods', bytes: repeatedCells(), reasons: [] },
    { name: 'nested.eml', bytes: mailBomb(), reasons: [] },
    { name: 'bait.md', bytes: regexBait(), reasons: [] },
  ];
}

/** A repeatable source of numbers: mulberry32. */
export function randomOf(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A file with bytes changed, cut, doubled or torn out. */
export function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = (limit: number): number => Math.floor(random() * limit);
  const kind = at(4);
  if (kind === 0) return bytes.slice(0, at(bytes.length) + 1);
  const copy = Buffer.from(bytes);
  if (kind === 1) {
    for (let count = at(20) + 1; count > 0; count--) copy[at(copy.length)] = at(256);
    return copy;
  }
  const from = at(copy.length);
  const to = Math.min(copy.length, from + at(2000) + 1);
  if (kind === 2) return Buffer.concat([copy.subarray(0, from), copy.subarray(to)]);
  return Buffer.concat([copy.subarray(0, to), copy.subarray(from, to), copy.subarray(to)]);
}
