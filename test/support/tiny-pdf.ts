/** Text on a page: where its baseline starts, in points from the bottom left. */
export interface PdfText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size?: number;
  readonly isBold?: boolean;
}

/** A straight line from one point to another. */
export type PdfLine = readonly [x0: number, y0: number, x1: number, y1: number];

export interface PdfPage {
  readonly texts: readonly PdfText[];
  readonly lines?: readonly PdfLine[];
  /** Filled squares, three points wide, by their lower left corners. */
  readonly squares?: readonly (readonly [x: number, y: number])[];
}

const escape = (text: string): string => text.replace(/[\\()]/gu, '\\$&');

function contentOf({ texts, lines = [], squares = [] }: PdfPage): string {
  const drawn = lines.map(([x0, y0, x1, y1]) => `${x0} ${y0} m ${x1} ${y1} l S`);
  const filled = squares.map(([x, y]) => `${x} ${y} 3 3 re f`);
  const shown = texts.map(
    ({ text, x, y, size = 10, isBold = false }) =>
      `BT /F${isBold ? 2 : 1} ${size} Tf ${x} ${y} Td (${escape(text)}) Tj ET`,
  );
  return [...drawn, ...filled, ...shown].join('\n');
}

/** A PDF of A4 pages with text in Helvetica and straight lines; only characters of Latin-1. */
export function tinyPdf(pages: readonly PdfPage[]): Uint8Array {
  const objects: string[] = ['<</Type/Catalog/Pages 2 0 R>>', ''];
  objects.push('<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>');
  objects.push('<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>');
  const kids: string[] = [];
  for (const page of pages) {
    const content = contentOf(page);
    objects.push(`<</Length ${content.length}>>stream\n${content}\nendstream`);
    objects.push(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>/Contents ${objects.length} 0 R>>`,
    );
    kids.push(`${objects.length} 0 R`);
  }
  objects[1] = `<</Type/Pages/Count ${pages.length}/Kids[${kids.join(' ')}]>>`;
  let pdf = '%PDF-1.7\n';
  const offsets = objects.map((object, index) => {
    const offset = pdf.length;
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return Buffer.from(
    `${pdf}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${pdf.length}\n%%EOF`,
    'latin1',
  );
}
