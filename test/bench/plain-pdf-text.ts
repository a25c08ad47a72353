// Plain text of PDFs with pdf.js alone: the yardstick of the ingest-rate proof. Reads a list of files from its input,
// writes how many pages, in which time, and which files it could read.
import { readFileSync } from 'node:fs';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

const files = JSON.parse(readFileSync(0, 'utf8')) as string[];
const readable: string[] = [];
let pages = 0;
let seconds = 0;
for (const file of files) {
  const startedAt = performance.now();
  try {
    const data = new Uint8Array(readFileSync(file));
    const task = getDocument({ data, verbosity: 0, useSystemFonts: true });
    const document = await task.promise;
    let length = 0;
    for (let number = 1; number <= document.numPages; number++) {
      const { items } = await (await document.getPage(number)).getTextContent();
      length += items.map((item) => ('str' in item ? item.str : '')).join(' ').length;
    }
    const count = document.numPages;
    await task.destroy();
    // A page without text is a picture: taking its text is not what is measured here.
    if (length < 100 * count) continue;
    pages += count;
    seconds += (performance.now() - startedAt) / 1000;
    readable.push(file);
  } catch {
    // Locked or damaged: not what is measured here.
  }
}
process.stdout.write(JSON.stringify({ pages, seconds, readable }));
