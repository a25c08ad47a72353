import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DocumentParser, isQuarantine, type ParsedDocument } from '#rag/index.ts';
import { documentFiles, NO_TEST_DATA, skipped, testDataFolder } from '#test/test-data.ts';
import { informative, judged, type Proof } from './proof.ts';

type Box = readonly [number, number, number, number];

interface DrawnWord {
  readonly text: string;
  readonly box: Box;
}

const MIN_OVERLAP = 0.9;
const TARGET_SHARE = 0.98;
/** In points; and how much higher one convention may make a letter than another. */
const HEIGHT_TOLERANCE = 0.75;
const MAX_RATIO = 1.45;

const decode = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** Words of each page as poppler sees them; undefined when it is not installed. */
function popplerPages(file: string): DrawnWord[][] | undefined {
  const { stdout, error } = spawnSync('pdftotext', ['-bbox', '-q', file, '-'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined) return undefined;
  return stdout
    .split('<page ')
    .slice(1)
    .map((page) =>
      [
        ...page.matchAll(
          /<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)<\/word>/gu,
        ),
      ].flatMap((match) => {
        const [x0, y0, x1, y1] = match.slice(1, 5).map(Number);
        const text = decode(match[5]!);
        return x1! - x0! > 0.5 && y1! > y0! ? [{ text, box: [x0!, y0!, x1!, y1!] as const }] : [];
      }),
    );
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1]);
  return (width * height) / (area(a) + area(b) - width * height);
}

/**
 * How high letters are is a convention: one reader takes what the file claims of its font, another what the font
 * says itself, and both have a guess where neither says anything. Where one box lies within the other in height,
 * and is not much lower, theirs is brought to our height before the two are compared.
 */
function sameHeight(theirs: Box, ours: Box): Box {
  const isWithin = (inner: Box, outer: Box): boolean =>
    inner[1] >= outer[1] - HEIGHT_TOLERANCE && inner[3] <= outer[3] + HEIGHT_TOLERANCE;
  const ratio = (theirs[3] - theirs[1]) / (ours[3] - ours[1]);
  const isConvention =
    (isWithin(theirs, ours) || isWithin(ours, theirs)) && ratio < MAX_RATIO && ratio > 1 / MAX_RATIO;
  return isConvention ? [theirs[0], ours[1], theirs[2], ours[3]] : theirs;
}

function wordsOfPages(parsed: ParsedDocument): DrawnWord[][] {
  const pages: DrawnWord[][] = parsed.pages.map(() => []);
  for (const block of parsed.blocks) {
    for (const { page, start, end, box } of block.words ?? []) {
      pages[page - 1]?.push({ text: block.text.slice(start, end), box });
    }
  }
  return pages;
}

interface Count {
  words: number;
  exact: number;
  sameHeight: number;
}

/** Compares words that both readers found: the same letters at about the same place. */
function comparePage(theirs: readonly DrawnWord[], ours: readonly DrawnWord[], count: Count): void {
  const byText = new Map<string, DrawnWord[]>();
  for (const word of ours) byText.set(plain(word.text), [...(byText.get(plain(word.text)) ?? []), word]);
  for (const word of theirs) {
    const candidates = plain(word.text) === '' ? [] : (byText.get(plain(word.text)) ?? []);
    if (candidates.length === 0) continue;
    count.words += 1;
    const exact = Math.max(...candidates.map(({ box }) => overlap(word.box, box)));
    const level = Math.max(...candidates.map(({ box }) => overlap(sameHeight(word.box, box), box)));
    if (exact >= MIN_OVERLAP) count.exact += 1;
    if (Math.max(exact, level) >= MIN_OVERLAP) count.sameHeight += 1;
  }
}

export const proof: Proof = {
  promise: 'a word of a PDF is where we say it is',
  async run({ isQuick }) {
    const folder = testDataFolder();
    if (folder === undefined) return skipped(NO_TEST_DATA);
    const all = documentFiles(
      folder,
      '{docling/pdf/sources,icdar2013-tables/*,invoices,office-generated,pdfplumber,tabula}/*.pdf',
    );
    await using parser = new DocumentParser();
    const count: Count = { words: 0, exact: 0, sameHeight: 0 };
    let expected = 0;
    let documents = 0;
    for (const file of isQuick ? all.filter((_, index) => index % 8 === 0) : all) {
      const pages = popplerPages(file);
      if (pages === undefined) return skipped('pdftotext (poppler-utils) is not installed');
      const parsed = await parser.parse({ bytes: readFileSync(file), fileName: basename(file) });
      // A page that was read from its picture has the places of the picture.
      if (isQuarantine(parsed) || parsed.pages.some(({ ocrConfidence }) => ocrConfidence !== undefined))
        continue;
      documents += 1;
      const ours = wordsOfPages(parsed);
      for (const [index, theirs] of pages.entries()) {
        expected += theirs.filter(({ text }) => plain(text) !== '').length;
        comparePage(theirs, ours[index] ?? [], count);
      }
    }
    const share = count.sameHeight / Math.max(1, count.words);
    return {
      figures: [
        judged(
          `words with an overlap (IoU) of at least ${MIN_OVERLAP}, one convention of letter height, ${documents} documents`,
          share.toFixed(4),
          `≥ ${TARGET_SHARE}`,
          share >= TARGET_SHARE,
        ),
        informative(
          'the same with each reader’s own letter height',
          (count.exact / Math.max(1, count.words)).toFixed(4),
        ),
        informative(
          'words compared',
          `${count.words} of ${expected} that poppler finds (the others are cut differently, or are furniture we remove)`,
        ),
      ],
    };
  },
};
