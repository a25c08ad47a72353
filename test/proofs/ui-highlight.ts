import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { CollectionsResponse, DocumentsResponse, PassageResponse } from '../../src/wire/hradlo/index.ts';
import { launchBrowser, noBrowser, openPage } from '../support/browser.ts';
import { DocumentCaller } from '../support/ingested-folder.ts';
import { scannedPdf, type DrawnLine } from '../support/scanned-pdf.ts';
import { startTestServer } from '../support/server.ts';
import { informative, judged, type Proof } from './proof.ts';
import { scratchFolder } from '../support/scratch.ts';

/** x0, y0, x1, y1. */
type Rect = readonly [number, number, number, number];
const Rects = z.array(z.tuple([z.number(), z.number(), z.number(), z.number()]));
const LEAST_OVERLAP = 0.95;
const LEAST_CHARACTERS = 40;
const PATIENCE_MS = 180_000;

/** Two pages of a letter that came by post; a sentence is as long as a line, or goes on in the next. */
const SCANNED = [
  [
    'Smlouva o poskytování úklidových služeb se uzavírá na dobu neurčitou.',
    'Dodavatel zajistí úklid kanceláří každý pracovní den po osmnácté hodině.',
    'Odběratel zpřístupní prostory a úklidovou místnost nejpozději do jednoho',
    'týdne od podpisu smlouvy. Klíče předá dodavateli proti podpisu vrátný.',
    'Cena za měsíc činí osmnáct tisíc korun a je splatná do čtrnácti dnů.',
    'Za každý den prodlení zaplatí odběratel úrok ve výši stanovené zákonem.',
  ],
  [
    'Dodavatel odpovídá za škodu, kterou způsobí jeho zaměstnanci při úklidu.',
    'Škodu oznámí odběrateli písemně nejpozději následující pracovní den.',
    'Smlouvu lze vypovědět bez udání důvodu ve lhůtě dvou měsíců, která běží',
    'od prvního dne následujícího měsíce. Výpověď musí mít písemnou formu.',
    'Spory vyplývající z této smlouvy rozhoduje soud v místě odběratele.',
    'Smlouva je vyhotovena ve dvou stejnopisech, každá strana obdrží jeden.',
  ],
] as const;

const area = ([x0, y0, x1, y1]: Rect) => Math.max(0, x1 - x0) * Math.max(0, y1 - y0);
const meet = (a: Rect, b: Rect): Rect => [
  Math.max(a[0], b[0]),
  Math.max(a[1], b[1]),
  Math.min(a[2], b[2]),
  Math.min(a[3], b[3]),
];

/** The share of the glyphs' boxes that the marks cover; marks of one span do not overlap each other. */
function overlapOf(glyphs: readonly Rect[], marks: readonly Rect[]): number {
  const whole = glyphs.reduce((sum, glyph) => sum + area(glyph), 0);
  const covered = glyphs.reduce(
    (sum, glyph) => sum + marks.reduce((inner, mark) => inner + area(meet(glyph, mark)), 0),
    0,
  );
  return whole === 0 ? 0 : Math.min(1, covered / whole);
}

type Kind = 'pdf' | 'docx' | 'md' | 'scan';

interface Cited {
  readonly kind: Kind;
  readonly versionId: string;
  readonly start: number;
  readonly end: number;
  readonly quote: string;
  readonly page: number | null;
}

async function get<Schema extends z.ZodType>(schema: Schema, url: string): Promise<z.infer<Schema>> {
  return schema.parse(await (await fetch(url)).json());
}

/** The lists, a piece of each in turn, until all are used up. */
function takeTurns<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const rounds = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: rounds }, (_round, at) =>
    lists.flatMap((list) => list.slice(at, at + 1)),
  ).flat();
}

function kindOf(sourceKey: string): Kind | undefined {
  if (sourceKey.startsWith('sken')) return 'scan';
  const ending = sourceKey.split('.').at(-1);
  return ending === 'pdf' || ending === 'docx' || ending === 'md' ? ending : undefined;
}

/** Sentences of a version, as citations name them. */
async function sentencesOf(url: string, versionId: string, kind: Kind): Promise<Cited[]> {
  const passage = await get(PassageResponse, `${url}/hradlo/v1/versions/${versionId}/passage`);
  return passage.chunks.flatMap((chunk) => {
    if (chunk.kind === 'table') return [];
    // A letter of a scan ends its lines where the paper ends.
    const sentence = kind === 'scan' ? /[\p{Lu}][^.]{30,}\./gu : /[\p{Lu}][^.\n]{30,}\./gu;
    return [...chunk.text.matchAll(sentence)]
      .filter(([quote]) => quote.length >= LEAST_CHARACTERS)
      .map((match): Cited => {
        const start = chunk.start + match.index;
        const [quote] = match;
        return { kind, versionId, start, end: start + quote.length, quote, page: chunk.page };
      });
  });
}

/** Sentences of every readable document, the kinds of files in turn, and in each kind its documents. */
async function listCited(url: string, most: number): Promise<Cited[]> {
  const { collections } = await get(CollectionsResponse, `${url}/hradlo/v1/collections`);
  const found = new Map<Kind, Cited[][]>();
  for (const { id } of collections) {
    const { documents } = await get(DocumentsResponse, `${url}/hradlo/v1/collections/${id}/documents`);
    for (const { sourceKey, versionId } of documents) {
      const kind = kindOf(sourceKey);
      if (kind === undefined) continue;
      found.set(kind, [...(found.get(kind) ?? []), await sentencesOf(url, versionId, kind)]);
    }
  }
  return takeTurns([...found.values()].map(takeTurns)).slice(0, most);
}

const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** Boxes of the whole pieces of a page that lie within the quotation. */
function within(quote: string, pieces: readonly DrawnLine[]): Rect[] {
  return pieces.flatMap(({ text, box }) =>
    plain(text).length >= 12 && plain(quote).includes(plain(text)) ? [box] : [],
  );
}

/** Pieces of a PDF page with the boxes of their small letters, by pdf.js and not by us. */
async function pdfPieces(bytes: Uint8Array, cited: Cited): Promise<DrawnLine[]> {
  const file = await getDocument({ data: bytes }).promise;
  const page = await file.getPage(cited.page ?? 1);
  const { height } = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  const pieces = items.flatMap((item): DrawnLine[] => {
    if (!('str' in item)) return [];
    const [, , , size = 0, x = 0, baseline = 0] = item.transform.map(Number);
    // Small letters: from the baseline to two fifths of the size above it.
    return [{ text: item.str, box: [x, height - baseline - size * 0.4, x + item.width, height - baseline] }];
  });
  await file.loadingTask.destroy();
  return pieces;
}

const MARKS_ON_PAGE = `(() => {
  const page = document.querySelector('canvas').getBoundingClientRect();
  const [width, height] = document.querySelector('canvas').style.aspectRatio.split('/').map(Number);
  return [...document.querySelectorAll('[data-mark]')].map((mark) => {
    const box = mark.getBoundingClientRect();
    const x = width / page.width, y = height / page.height;
    return [(box.left - page.left) * x, (box.top - page.top) * y, (box.right - page.left) * x, (box.bottom - page.top) * y];
  });
})()`;

/** Where the quotation's letters stand in the text, found by their words, and where the marks are. */
const inText = (quote: string) => `(() => {
  const want = ${JSON.stringify(quote)}.replace(/\\s+/g, '');
  const walker = document.createTreeWalker(document.querySelector('.prose'), NodeFilter.SHOW_TEXT);
  const letters = [];
  while (walker.nextNode()) for (let at = 0; at < walker.currentNode.length; at += 1)
    if (/\\S/.test(walker.currentNode.data[at])) letters.push([walker.currentNode, at]);
  const from = letters.map(([node, at]) => node.data[at]).join('').indexOf(want);
  const glyphs = from < 0 ? [] : letters.slice(from, from + want.length).map(([node, at]) => {
    const range = document.createRange();
    range.setStart(node, at); range.setEnd(node, at + 1);
    const box = range.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
  });
  const marks = [...document.querySelectorAll('mark')].flatMap((mark) => [...mark.getClientRects()])
    .map((box) => [box.left, box.top, box.right, box.bottom]);
  return { glyphs, marks };
})()`;

/** Lines of the scan as they were drawn; every one is known, whatever was read from the picture. */
const scan = scannedPdf(SCANNED);

async function measure(page: Page, url: string, cited: Cited): Promise<number> {
  const { versionId, start, end, kind } = cited;
  await page.goto(`${url}/evidence/${versionId}?from=${start}&to=${end}`);
  if (kind === 'docx' || kind === 'md') {
    await page.locator('mark').first().waitFor();
    const Found = z.object({ glyphs: Rects, marks: Rects });
    const { glyphs, marks } = Found.parse(await page.evaluate(inText(cited.quote)));
    return overlapOf(glyphs, marks);
  }
  await page.locator('[data-mark]').first().waitFor();
  const marks = Rects.parse(await page.evaluate(MARKS_ON_PAGE));
  if (kind === 'scan') {
    const glyphs = within(cited.quote, scan.pages[(cited.page ?? 1) - 1] ?? []);
    return glyphs.length === 0 ? Number.NaN : overlapOf(glyphs, marks);
  }
  const response = await fetch(`${url}/hradlo/v1/versions/${versionId}/original`);
  const glyphs = within(cited.quote, await pdfPieces(new Uint8Array(await response.arrayBuffer()), cited));
  // A quotation that no whole piece of the page lies in has nothing to measure against.
  return glyphs.length === 0 ? Number.NaN : overlapOf(glyphs, marks);
}

/** Has the product read a scan, too. */
async function addScan(url: string): Promise<void> {
  using scratch = scratchFolder('scan');
  const folder = scratch.path;
  writeFileSync(join(folder, 'sken-smlouvy.pdf'), scan.bytes);
  const caller = new DocumentCaller(url);
  await caller.whenDone(await caller.addFolder(folder, 'skeny'), PATIENCE_MS, () => undefined);
}

export const proof: Proof = {
  promise: 'The marked place is where the cited letters stand: in PDF files, scans and text.',
  async run({ isQuick }) {
    if (noBrowser) return { figures: [informative('not run', noBrowser)] };
    await using server = await startTestServer();
    if (!isQuick) await addScan(server.url);
    const cited = await listCited(server.url, isQuick ? 10 : 120);
    const browser = await launchBrowser();
    const overlaps = new Map<Kind, number[]>();
    const wanted = isQuick ? 10 : 50;
    let measured = 0;
    try {
      const { page } = await openPage(browser, server.url);
      for (const one of cited) {
        if (measured === wanted) break;
        const overlap = await measure(page, server.url, one);
        if (Number.isNaN(overlap)) continue;
        measured += 1;
        overlaps.set(one.kind, [...(overlaps.get(one.kind) ?? []), overlap]);
      }
    } finally {
      await browser.close();
    }
    const all = [...overlaps.values()].flat();
    const least = Math.min(...all);
    const mean = all.reduce((sum, overlap) => sum + overlap, 0) / all.length;
    const kinds = isQuick ? 3 : 4;
    return {
      figures: [
        judged(
          'citations measured',
          all.length,
          isQuick ? '> 0' : '50',
          isQuick ? measured > 0 : measured === 50,
        ),
        judged('kinds of files', overlaps.size, `${kinds}`, overlaps.size === kinds),
        ...[...overlaps].map(([kind, list]) =>
          informative(kind, `${list.length}, least ${Math.min(...list).toFixed(3)}`),
        ),
        informative('mean overlap', mean.toFixed(4)),
        judged('least overlap', least.toFixed(3), `≥ ${LEAST_OVERLAP}`, least >= LEAST_OVERLAP),
      ],
    };
  },
};
