import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { CollectionsResponse, DocumentsResponse, PassageResponse } from '../../src/wire/hradlo/index.ts';
import { launchBrowser, noBrowser, openPage } from '../support/browser.ts';
import { startTestServer } from '../support/server.ts';
import { informative, judged, type Proof } from './proof.ts';

/** x0, y0, x1, y1. */
type Rect = readonly [number, number, number, number];
const Rects = z.array(z.tuple([z.number(), z.number(), z.number(), z.number()]));
const LEAST_OVERLAP = 0.95;
const LEAST_CHARACTERS = 40;

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

interface Cited {
  readonly kind: string;
  readonly versionId: string;
  readonly start: number;
  readonly end: number;
  readonly quote: string;
  readonly page: number | null;
}

async function get<Schema extends z.ZodType>(schema: Schema, url: string): Promise<z.infer<Schema>> {
  return schema.parse(await (await fetch(url)).json());
}

/** Sentences of every readable document, as citations name them, spread over the documents. */
async function listCited(url: string, most: number): Promise<Cited[]> {
  const { collections } = await get(CollectionsResponse, `${url}/hradlo/v1/collections`);
  const found: Cited[][] = [];
  for (const { id } of collections) {
    const { documents } = await get(DocumentsResponse, `${url}/hradlo/v1/collections/${id}/documents`);
    for (const document of documents) {
      const passage = await get(PassageResponse, `${url}/hradlo/v1/versions/${document.versionId}/passage`);
      const kind = document.sourceKey.split('.').at(-1) ?? '';
      found.push(
        passage.chunks.flatMap((chunk) => {
          if (chunk.kind === 'table') return [];
          return [...chunk.text.matchAll(/[\p{Lu}][^.\n]{30,}\./gu)]
            .filter(([quote]) => quote.length >= LEAST_CHARACTERS)
            .map((match): Cited => {
              const start = chunk.start + match.index;
              const [quote] = match;
              const { versionId } = document;
              return { kind, versionId, start, end: start + quote.length, quote, page: chunk.page };
            });
        }),
      );
    }
  }
  const rounds = Math.max(0, ...found.map((list) => list.length));
  return Array.from({ length: rounds }, (_round, at) => found.flatMap((list) => list[at] ?? []))
    .flat()
    .slice(0, most);
}

/** Boxes of the glyphs of whole pieces of a PDF page that lie within the quotation, by pdf.js and not by us. */
async function pdfGlyphs(bytes: Uint8Array, cited: Cited): Promise<Rect[]> {
  const file = await getDocument({ data: bytes }).promise;
  const page = await file.getPage(cited.page ?? 1);
  const { height } = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  const quote = plain(cited.quote);
  const boxes = items.flatMap((item): Rect[] => {
    if (!('str' in item) || plain(item.str).length < 12 || !quote.includes(plain(item.str))) return [];
    const [, , , size = 0, x = 0, baseline = 0] = item.transform.map(Number);
    // Small letters: from the baseline to two fifths of the size above it.
    return [[x, height - baseline - size * 0.4, x + item.width, height - baseline]];
  });
  await file.loadingTask.destroy();
  return boxes;
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

async function measure(page: Page, url: string, cited: Cited): Promise<number> {
  const { versionId, start, end, kind } = cited;
  await page.goto(`${url}/evidence/${versionId}?from=${start}&to=${end}`);
  if (kind !== 'pdf') {
    await page.locator('mark').first().waitFor();
    const Found = z.object({ glyphs: Rects, marks: Rects });
    const { glyphs, marks } = Found.parse(await page.evaluate(inText(cited.quote)));
    return overlapOf(glyphs, marks);
  }
  await page.locator('[data-mark]').first().waitFor();
  const marks = Rects.parse(await page.evaluate(MARKS_ON_PAGE));
  const response = await fetch(`${url}/hradlo/v1/versions/${versionId}/original`);
  const glyphs = await pdfGlyphs(new Uint8Array(await response.arrayBuffer()), cited);
  // A quotation that no whole piece of the page lies in has nothing to measure against.
  return glyphs.length === 0 ? Number.NaN : overlapOf(glyphs, marks);
}

export const proof: Proof = {
  promise: 'The marked place is where the cited letters stand, in PDF files and in text.',
  async run({ isQuick }) {
    if (noBrowser) return { figures: [informative('not run', noBrowser)] };
    await using server = await startTestServer();
    const cited = await listCited(server.url, isQuick ? 10 : 50);
    const browser = await launchBrowser();
    const overlaps = new Map<string, number[]>();
    try {
      const { page } = await openPage(browser, server.url);
      for (const one of cited) {
        const overlap = await measure(page, server.url, one);
        if (Number.isNaN(overlap)) continue;
        overlaps.set(one.kind, [...(overlaps.get(one.kind) ?? []), overlap]);
      }
    } finally {
      await browser.close();
    }
    const all = [...overlaps.values()].flat();
    const least = Math.min(...all);
    const mean = all.reduce((sum, overlap) => sum + overlap, 0) / all.length;
    return {
      figures: [
        informative('citations measured', `${all.length} of ${cited.length}`),
        ...[...overlaps].map(([kind, list]) =>
          informative(kind, `${list.length}, least ${Math.min(...list).toFixed(3)}`),
        ),
        informative('mean overlap', mean.toFixed(4)),
        judged('least overlap', least.toFixed(3), `≥ ${LEAST_OVERLAP}`, least >= LEAST_OVERLAP),
      ],
    };
  },
};
