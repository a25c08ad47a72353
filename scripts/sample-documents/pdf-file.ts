import { strToU8, zlibSync } from 'fflate';
import type { Font } from './truetype.ts';

export type Style = 'regular' | 'bold';

/** A mark on a page. Lengths in points, from the lower left corner, as PDF counts. */
export type Mark =
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly style: Style;
      readonly grey: number;
      readonly text: string;
    }
  | {
      readonly kind: 'rule';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly grey: number;
    }
  | {
      readonly kind: 'fill';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly grey: number;
    };

export interface Page {
  readonly marks: readonly Mark[];
}

export interface Bookmark {
  readonly title: string;
  readonly page: number;
  readonly y: number;
}

export interface PdfDocument {
  readonly title: string;
  readonly language: string;
  /** `YYYY-MM-DD`: a fixed date, so that the same source gives the same bytes. */
  readonly date: string;
  readonly pages: readonly Page[];
  readonly bookmarks: readonly Bookmark[];
}

/** A4 in points. */
export const PAGE = { width: 595, height: 842 } as const;

/** Two decimals are a thousandth of an inch and keep the files small. */
const round = (value: number): string => String(Math.round(value * 100) / 100);
const hex16 = (value: number): string => value.toString(16).padStart(4, '0').toUpperCase();
const utf16 = (text: string): string =>
  `<FEFF${[...Array(text.length).keys()].map((at) => hex16(text.charCodeAt(at))).join('')}>`;

/** The numbered objects of one file. */
class Objects {
  readonly #bodies: (Uint8Array | undefined)[] = [];

  reserve(): number {
    return this.#bodies.push(undefined);
  }

  fill(id: number, body: string): number {
    this.#bodies[id - 1] = strToU8(body, true);
    return id;
  }

  add(body: string): number {
    return this.fill(this.reserve(), body);
  }

  addStream(content: Uint8Array, entries = ''): number {
    const id = this.reserve();
    // fflate and not node:zlib: its output does not depend on the processor or the version of Node.
    const packed = zlibSync(content, { level: 9 });
    const head = strToU8(`<< /Length ${packed.length} /Filter /FlateDecode ${entries}>>\nstream\n`, true);
    this.#bodies[id - 1] = joinBytes([head, packed, strToU8('\nendstream')]);
    return id;
  }

  write(trailer: string): Uint8Array {
    const parts: Uint8Array[] = [strToU8('%PDF-1.7\n%\xE2\xE3\xCF\xD3\n', true)];
    const offsets: number[] = [];
    let length = parts[0]!.length;
    for (const [index, body] of this.#bodies.entries()) {
      offsets.push(length);
      const part = joinBytes([strToU8(`${index + 1} 0 obj\n`), body!, strToU8('\nendobj\n')]);
      parts.push(part);
      length += part.length;
    }
    const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
    const size = this.#bodies.length + 1;
    parts.push(
      strToU8(
        `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} ${trailer} >>\nstartxref\n${length}\n%%EOF\n`,
      ),
    );
    return joinBytes(parts);
  }
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The map from glyphs back to characters, without which a reader of the file sees only glyph numbers. */
function toUnicode(characters: ReadonlyMap<number, string>): string {
  const rows = [...characters].map(
    ([glyph, character]) => `<${hex16(glyph)}> ${utf16(character).replace('FEFF', '')}`,
  );
  const blocks = Array.from({ length: Math.ceil(rows.length / 100) }, (_, index) => {
    const block = rows.slice(100 * index, 100 * index + 100);
    return `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`;
  });
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
    '1 begincodespacerange <0000> <FFFF> endcodespacerange',
    ...blocks,
    'endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n');
}

function addFont(objects: Objects, style: Style, font: Font, used: ReadonlySet<string>): number {
  const name = `HRADLO+SampleSans${style === 'bold' ? '-Bold' : ''}`;
  const characters = new Map(
    [...used]
      .map((character): [number, string] => [font.glyphOf(character), character])
      .toSorted(([a], [b]) => a - b),
  );
  const perMille = (units: number): number => Math.round((units * 1000) / font.unitsPerEm);
  const file = font.subset(new Set(characters.keys()));
  const fileId = objects.addStream(file, `/Length1 ${file.length} `);
  const descriptorId = objects.add(
    `<< /Type /FontDescriptor /FontName /${name} /Flags 32 /FontBBox [${font.box.map(perMille).join(' ')}] ` +
      `/ItalicAngle 0 /Ascent ${perMille(font.ascender)} /Descent ${perMille(font.descender)} /CapHeight 729 ` +
      `/StemV ${style === 'bold' ? 140 : 80} /FontFile2 ${fileId} 0 R >>`,
  );
  const widths = [...characters.keys()]
    .map((glyph) => `${glyph} [${perMille(font.advanceOf(glyph))}]`)
    .join(' ');
  const cidId = objects.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${name} /CIDToGIDMap /Identity /DW 556 ` +
      `/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> ` +
      `/FontDescriptor ${descriptorId} 0 R /W [${widths}] >>`,
  );
  const mapId = objects.addStream(strToU8(toUnicode(characters)));
  return objects.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont /${name} /Encoding /Identity-H ` +
      `/DescendantFonts [${cidId} 0 R] /ToUnicode ${mapId} 0 R >>`,
  );
}

function operatorsOf(mark: Mark, fonts: Readonly<Record<Style, Font>>): string {
  const place = `${round(mark.x)} ${round(mark.y)}`;
  if (mark.kind === 'rule')
    return `${mark.grey} G 0.6 w ${place} m ${round(mark.x + mark.width)} ${round(mark.y)} l S`;
  if (mark.kind === 'fill') return `${mark.grey} g ${place} ${round(mark.width)} ${round(mark.height)} re f`;
  const glyphs = Array.from(mark.text, (character) => hex16(fonts[mark.style].glyphOf(character))).join('');
  const font = mark.style === 'bold' ? 'F2' : 'F1';
  return `BT ${mark.grey} g /${font} ${mark.size} Tf ${place} Td <${glyphs}> Tj ET`;
}

function addBookmarks(objects: Objects, bookmarks: readonly Bookmark[], pageIds: readonly number[]): number {
  const rootId = objects.reserve();
  const ids = bookmarks.map(() => objects.reserve());
  for (const [index, { title, page, y }] of bookmarks.entries()) {
    const previous = index > 0 ? `/Prev ${ids[index - 1]} 0 R ` : '';
    const next = index + 1 < ids.length ? `/Next ${ids[index + 1]} 0 R ` : '';
    objects.fill(
      ids[index]!,
      `<< /Title ${utf16(title)} /Parent ${rootId} 0 R ${previous}${next}/Dest [${pageIds[page]} 0 R /XYZ 0 ${round(y)} 0] >>`,
    );
  }
  const ends = ids.length > 0 ? `/First ${ids[0]} 0 R /Last ${ids.at(-1)} 0 R ` : '';
  return objects.fill(rootId, `<< /Type /Outlines ${ends}/Count ${ids.length} >>`);
}

/** Writes a PDF 1.7 with embedded font subsets and bookmarks. Same document and fonts, same bytes. */
export function writePdf(document: PdfDocument, fonts: Readonly<Record<Style, Font>>): Uint8Array {
  const objects = new Objects();
  const catalogId = objects.reserve();
  const pagesId = objects.reserve();
  const used = { regular: new Set<string>(), bold: new Set<string>() };
  for (const mark of document.pages.flatMap(({ marks }) => marks)) {
    if (mark.kind === 'text') for (const character of mark.text) used[mark.style].add(character);
  }
  const regularId = addFont(objects, 'regular', fonts.regular, used.regular);
  const boldId = addFont(objects, 'bold', fonts.bold, used.bold);
  const pageIds = document.pages.map(({ marks }) => {
    const operators = marks.map((mark) => operatorsOf(mark, fonts)).join('\n');
    const contentId = objects.addStream(strToU8(operators));
    return objects.add(
      `<< /Type /Page /Parent ${pagesId} 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Contents ${contentId} 0 R ` +
        `/Resources << /Font << /F1 ${regularId} 0 R /F2 ${boldId} 0 R >> >> >>`,
    );
  });
  objects.fill(
    pagesId,
    `<< /Type /Pages /Count ${pageIds.length} /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] >>`,
  );
  const outlinesId = addBookmarks(objects, document.bookmarks, pageIds);
  objects.fill(
    catalogId,
    `<< /Type /Catalog /Pages ${pagesId} 0 R /Outlines ${outlinesId} 0 R /Lang (${document.language}) ` +
      `/ViewerPreferences << /DisplayDocTitle true >> >>`,
  );
  const date = `(D:${document.date.replaceAll('-', '')}080000Z)`;
  const infoId = objects.add(
    `<< /Title ${utf16(document.title)} /Author (Klenovar s.r.o.) /Producer (Hradlo samples) /CreationDate ${date} /ModDate ${date} >>`,
  );
  return objects.write(`/Root ${catalogId} 0 R /Info ${infoId} 0 R`);
}
