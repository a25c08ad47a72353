/** What a PDF needs of a TrueType font. Lengths are in font units. */
export interface Font {
  readonly unitsPerEm: number;
  readonly ascender: number;
  readonly descender: number;
  readonly box: readonly [number, number, number, number];
  /** The glyph of a character. @throws {Error} when the font lacks it, so that no box is printed unnoticed. */
  glyphOf(character: string): number;
  advanceOf(glyph: number): number;
  /** The font with only these outlines. Glyph numbers stay, so that text need not be rewritten. */
  subset(glyphs: ReadonlySet<number>): Uint8Array;
}

interface Table {
  readonly offset: number;
  readonly length: number;
}

// Hinting, layout and names are left out: a PDF does not read them.
const KEPT_TABLES = ['cmap', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp'];

/** Reads the directory, metrics and the format 4 character map. @see The OpenType specification, 1.9. */
export function readFont(bytes: Uint8Array): Font {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = readDirectory(view);
  const at = (tag: string): number => tables.get(tag)!.offset;
  const glyphByCode = readCharacterMap(view, at('cmap'));
  const metricCount = view.getUint16(at('hhea') + 34);
  const box = [36, 38, 40, 42].map((field) => view.getInt16(at('head') + field));
  return {
    unitsPerEm: view.getUint16(at('head') + 18),
    ascender: view.getInt16(at('hhea') + 4),
    descender: view.getInt16(at('hhea') + 6),
    box: [box[0]!, box[1]!, box[2]!, box[3]!],
    glyphOf: (character) => {
      const glyph = glyphByCode.get(character.codePointAt(0)!);
      if (glyph === undefined) throw new Error(`the font has no glyph for "${character}"`);
      return glyph;
    },
    advanceOf: (glyph) => view.getUint16(at('hmtx') + 4 * Math.min(glyph, metricCount - 1)),
    subset: (glyphs) => subsetFont(view, tables, glyphs),
  };
}

function readDirectory(view: DataView): Map<string, Table> {
  const tables = new Map<string, Table>();
  for (let index = 0; index < view.getUint16(4); index++) {
    const at = 12 + 16 * index;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((place) => view.getUint8(at + place)));
    tables.set(tag, { offset: view.getUint32(at + 8), length: view.getUint32(at + 12) });
  }
  return tables;
}

function readCharacterMap(view: DataView, cmap: number): Map<number, number> {
  const starts = Array.from({ length: view.getUint16(cmap + 2) }, (_, index) =>
    view.getUint32(cmap + 4 + 8 * index + 4),
  );
  const start = starts.map((offset) => cmap + offset).find((place) => view.getUint16(place) === 4);
  if (start === undefined) throw new Error('the font has no format 4 character map');
  const doubled = view.getUint16(start + 6);
  const glyphs = new Map<number, number>();
  for (let segment = 0; segment < doubled; segment += 2) {
    const end = view.getUint16(start + 14 + segment);
    const first = view.getUint16(start + 16 + doubled + segment);
    const delta = view.getUint16(start + 16 + 2 * doubled + segment);
    const rangeAt = start + 16 + 3 * doubled + segment;
    const range = view.getUint16(rangeAt);
    for (let code = first; code <= end && code !== 0xffff; code++) {
      const listed = range === 0 ? code : view.getUint16(rangeAt + range + 2 * (code - first));
      const glyph = listed === 0 ? 0 : (listed + delta) & 0xffff;
      if (glyph !== 0) glyphs.set(code, glyph);
    }
  }
  return glyphs;
}

/** Where each glyph's outline lies in `glyf`; one entry more than glyphs. */
function readLocations(view: DataView, tables: ReadonlyMap<string, Table>): number[] {
  const isLong = view.getInt16(tables.get('head')!.offset + 50) === 1;
  const { offset } = tables.get('loca')!;
  const glyphCount = view.getUint16(tables.get('maxp')!.offset + 4);
  return Array.from({ length: glyphCount + 1 }, (_, glyph) =>
    isLong ? view.getUint32(offset + 4 * glyph) : 2 * view.getUint16(offset + 2 * glyph),
  );
}

/** The glyphs that an accented letter is composed of. */
function componentsOf(view: DataView, start: number): number[] {
  if (view.getInt16(start) >= 0) return [];
  const components: number[] = [];
  let at = start + 10;
  for (let flags = 0x20; (flags & 0x20) !== 0;) {
    flags = view.getUint16(at);
    components.push(view.getUint16(at + 2));
    const scale = (flags & 0x8) !== 0 ? 2 : (flags & 0x40) !== 0 ? 4 : (flags & 0x80) !== 0 ? 8 : 0;
    at += 4 + ((flags & 1) === 0 ? 2 : 4) + scale;
  }
  return components;
}

function subsetFont(
  view: DataView,
  tables: ReadonlyMap<string, Table>,
  glyphs: ReadonlySet<number>,
): Uint8Array {
  const glyf = tables.get('glyf')!.offset;
  const locations = readLocations(view, tables);
  const kept = new Set([0, ...glyphs]);
  // A set's iteration reaches what is added during it, so components of components are found too.
  for (const glyph of kept) {
    if (locations[glyph] === locations[glyph + 1]) continue;
    for (const component of componentsOf(view, glyf + locations[glyph]!)) kept.add(component);
  }
  const outlines: number[] = [];
  const newLocations = new DataView(new ArrayBuffer(4 * locations.length));
  for (let glyph = 0; glyph + 1 < locations.length; glyph++) {
    newLocations.setUint32(4 * glyph, outlines.length);
    if (!kept.has(glyph)) continue;
    for (let at = locations[glyph]!; at < locations[glyph + 1]!; at++)
      outlines.push(view.getUint8(glyf + at));
    while (outlines.length % 4 !== 0) outlines.push(0);
  }
  newLocations.setUint32(4 * (locations.length - 1), outlines.length);
  const parts = new Map(
    KEPT_TABLES.map((tag): [string, Uint8Array] => {
      const { offset, length } = tables.get(tag)!;
      return [tag, new Uint8Array(view.buffer, view.byteOffset + offset, length).slice()];
    }),
  );
  parts.set('glyf', Uint8Array.from(outlines));
  parts.set('loca', new Uint8Array(newLocations.buffer));
  parts.get('head')![51] = 1; // locations are long now
  return writeTables(parts);
}

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) {
    const word =
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0);
    sum = (sum + (word >>> 0)) >>> 0;
  }
  return sum;
}

function writeTables(parts: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const padded = (length: number): number => Math.ceil(length / 4) * 4;
  const size = [...parts.values()].reduce((sum, part) => sum + padded(part.length), 12 + 16 * parts.size);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const power = Math.floor(Math.log2(parts.size));
  view.setUint32(0, 0x00010000);
  view.setUint16(4, parts.size);
  view.setUint16(6, 16 * 2 ** power);
  view.setUint16(8, power);
  view.setUint16(10, 16 * (parts.size - 2 ** power));
  let offset = 12 + 16 * parts.size;
  for (const [index, [tag, part]] of [...parts].entries()) {
    const at = 12 + 16 * index;
    for (let place = 0; place < 4; place++) bytes[at + place] = tag.charCodeAt(place);
    view.setUint32(at + 4, checksum(part));
    view.setUint32(at + 8, offset);
    view.setUint32(at + 12, part.length);
    bytes.set(part, offset);
    offset += padded(part.length);
  }
  return bytes;
}
