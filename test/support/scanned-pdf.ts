import { createCanvas } from '@napi-rs/canvas';
import { randomOf } from './hostile-files.ts';

/** A4 in points, and the resolution of an office scanner. */
const PAGE = { width: 595, height: 842 } as const;
const DOTS_PER_INCH = 200;
const SCALE = DOTS_PER_INCH / 72;
const LEFT = 72;
const FIRST_BASELINE = 96;
const LINE = 26;
const SIZE = 12;
const PAPER = '#f1f0ea';
const NOISE = 20;

/** A drawn line: its text, and the box of its small letters in points from the top left corner of the page. */
export interface DrawnLine {
  readonly text: string;
  readonly box: readonly [x0: number, y0: number, x1: number, y1: number];
}

/** A scan: its file, and for each page the lines as they were drawn. */
export interface Scan {
  readonly bytes: Uint8Array;
  readonly pages: readonly (readonly DrawnLine[])[];
}

function drawPage(lines: readonly string[], number: number) {
  const canvas = createCanvas(Math.round(PAGE.width * SCALE), Math.round(PAGE.height * SCALE));
  const context = canvas.getContext('2d');
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#202024';
  context.font = `${SIZE * SCALE}px "Liberation Serif", "DejaVu Serif", serif`;
  const drawn = lines.map((text, at): DrawnLine => {
    const baseline = FIRST_BASELINE + at * LINE;
    context.fillText(text, LEFT * SCALE, baseline * SCALE);
    const width = context.measureText(text).width / SCALE;
    return { text, box: [LEFT, baseline - SIZE * 0.4, LEFT + width, baseline] };
  });
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const random = randomOf(number + 1);
  for (let at = 0; at < pixels.data.length; at += 4) {
    const shift = (random() - 0.5) * NOISE;
    for (let channel = 0; channel < 3; channel += 1)
      pixels.data[at + channel] = (pixels.data[at + channel] ?? 0) + shift;
  }
  context.putImageData(pixels, 0, 0);
  return { drawn, jpeg: canvas.toBuffer('image/jpeg', 85), width: canvas.width, height: canvas.height };
}

/** A PDF whose pages are pictures of these lines: no letter of it can be read but from its picture. */
export function scannedPdf(pages: readonly (readonly string[])[]): Scan {
  const drawn = pages.map(drawPage);
  const objects: Buffer[] = [Buffer.from('<</Type/Catalog/Pages 2 0 R>>'), Buffer.alloc(0)];
  const kids = drawn.map(({ jpeg, width, height }) => {
    const content = `q ${PAGE.width} 0 0 ${PAGE.height} 0 0 cm /I Do Q`;
    const picture = `<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length ${jpeg.length}>>stream\n`;
    objects.push(Buffer.concat([Buffer.from(picture), jpeg, Buffer.from('\nendstream')]));
    objects.push(Buffer.from(`<</Length ${content.length}>>stream\n${content}\nendstream`));
    const [image, text] = [objects.length - 1, objects.length];
    objects.push(
      Buffer.from(
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${PAGE.width} ${PAGE.height}]/Resources<</XObject<</I ${image} 0 R>>>>/Contents ${text} 0 R>>`,
      ),
    );
    return `${objects.length} 0 R`;
  });
  objects[1] = Buffer.from(`<</Type/Pages/Count ${kids.length}/Kids[${kids.join(' ')}]>>`);
  return { bytes: joinPdf(objects), pages: drawn.map((page) => page.drawn) };
}

function joinPdf(objects: readonly Buffer[]): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  let length = parts[0]?.length ?? 0;
  const offsets = objects.map((object, index) => {
    const at = length;
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    parts.push(part);
    length += part.length;
    return at;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const end = `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${length}\n%%EOF`;
  return Buffer.concat([...parts, Buffer.from(end)]);
}
