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
  close: number;
}

/** Compares words that both readers found: the same letters at about the same place. */
function comparePage(theirs: readonly DrawnWord[], ours: readonly DrawnWord[], count: Count): void {
  const byText = new Map<string, DrawnWord[]>();
  for (const word of ours) byText.set(plain(word.text), [...(byText.get(plain(word.text)) ?? []), word]);
  for (const word of theirs) {
    const candidates = plain(word.text) === '' ? [] : (byText.get(plain(word.text)) ?? []);
    if (candidates.length === 0) continue;
    count.words += 1;
    if (candidates.some(({ box }) => overlap(word.box, box) >= MIN_OVERLAP)) count.close += 1;
  }
}

export const proof: Proof = {
  promise: 'a word of a PDF is where we say it is',
  async run({ isQuick }) {
    const folder = testDataFolder();
    if (folder === undefined) return skipped(NO_TEST_DATA);
    const all = documentFiles(folder, '**/*.pdf');
    await using parser = new DocumentParser();
    const count: Count = { words: 0, close: 0 };
    let expected = 0;
    let documents = 0;
    // Scans have no words to compare and take long to read.
    const quick = all.filter((file, index) => index % 20 === 0 && !/ocr/u.test(file));
    for (const file of isQuick ? quick : all) {
      const pages = popplerPages(file);
      if (pages === undefined) return skipped('pdftotext (poppler-utils) is not installed');
      const parsed = await parser.parse({ bytes: readFileSync(file), fileName: basename(file) });
      if (isQuarantine(parsed)) continue;
      const ours = wordsOfPages(parsed);
      // A page that was read from its picture has the places of the picture.
      const drawn = [...pages.entries()].filter(
        ([index]) => parsed.pages[index]?.ocrConfidence === undefined,
      );
      if (drawn.length > 0) documents += 1;
      for (const [index, theirs] of drawn) {
        expected += theirs.filter(({ text }) => plain(text) !== '').length;
        comparePage(theirs, ours[index] ?? [], count);
      }
    }
    const share = count.close / Math.max(1, count.words);
    return {
      figures: [
        judged(
          `words with an overlap (IoU) of at least ${MIN_OVERLAP}, boxes as both give them, ${documents} documents`,
          share.toFixed(4),
          `≥ ${TARGET_SHARE}`,
          share >= TARGET_SHARE,
        ),
        informative(
          'words compared',
          `${count.words} of ${expected} that poppler finds (the others are cut differently, or are furniture we remove)`,
        ),
      ],
    };
  },
};
