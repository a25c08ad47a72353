import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDocx } from './docx.ts';
import { writePdf } from './pdf-file.ts';
import { layOut, pageTexts } from './pdf-layout.ts';
import { parseSource, type Source } from './source.ts';
import { readFont } from './truetype.ts';
import { writeXlsx } from './xlsx.ts';

/** A document made from its source. */
export interface Sample {
  /** Below `samples/corpus`. */
  readonly path: string;
  readonly source: Source;
  readonly bytes: Uint8Array;
  /** The text of each page; empty for formats without pages. */
  readonly pages: readonly string[];
}

function readFonts() {
  const read = (style: string) =>
    readFont(readFileSync(new URL(`fonts/sample-sans-${style}.ttf`, import.meta.url)));
  return { regular: read('regular'), bold: read('bold') };
}

/** Makes every document that has a source: `samples/sources/x.pdf.md` becomes `x.pdf`. Writes nothing. */
export function makeSamples(root: string): Sample[] {
  const fonts = readFonts();
  const folder = join(root, 'samples/sources');
  const files = globSync(['**/*.md', '.versions/**/*.md'], { cwd: folder });
  return [...new Set(files)].toSorted().map((file) => {
    const path = file.replaceAll('\\', '/').replace(/\.md$/, '');
    const source = parseSource(readFileSync(join(folder, file), 'utf8'));
    if (path.endsWith('.docx')) return { path, source, bytes: writeDocx(source), pages: [] };
    if (path.endsWith('.xlsx')) return { path, source, bytes: writeXlsx(source), pages: [] };
    const document = layOut(source, fonts);
    return { path, source, bytes: writePdf(document, fonts), pages: pageTexts(document) };
  });
}
