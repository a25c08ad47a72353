import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type {
  ImageNote,
  Link,
  Page,
  ParsedDocument,
  ParseWarning,
  RemovedRange,
} from '../parsed-document.ts';
import { removeFurniture, type RowsOfPage } from './furniture.ts';
import { joinAcrossPages } from './join-pages.ts';
import { toRows } from './lines.ts';
import { roundBox } from './matrix.ts';
import { openPdf } from './open-pdf.ts';
import type { PageContent } from './page-content.ts';
import { layOutPage } from './page-layout.ts';
import { toBlocks } from './pdf-blocks.ts';
import { readPage } from './read-page.ts';
import { toWords, type PageWord } from './words.ts';

/** How a PDF is to be read. */
export interface PdfOptions {
  readonly password?: string | undefined;
}

/** A page with its words; the characters are let go. */
interface WordPage {
  readonly content: PageContent;
  readonly rows: RowsOfPage['rows'];
  readonly removed: readonly RemovedRange[];
}

const NO_PIXELS = 1;

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

const isUpright = (word: PageWord): boolean => word.angle % 90 === 0;

/** Words that run aslant over the page are stamps and watermarks. */
function slanted(words: readonly PageWord[], page: number): RemovedRange[] {
  const aslant = words.filter((word) => !isUpright(word) && word.angle > 5 && word.angle < 355);
  if (aslant.length === 0) return [];
  return [{ reason: 'watermark', text: aslant.map(({ text }) => text).join(' '), page }];
}

async function readWordPage(page: PDFPageProxy): Promise<WordPage> {
  const content = await readPage(page);
  const words = toWords(content.glyphs).filter(
    ({ box }) => box[2] > 0 && box[3] > 0 && box[0] < content.width && box[1] < content.height,
  );
  const removed = slanted(words, content.number);
  const level = words.filter(({ angle }) => angle <= 5 || angle >= 355);
  const turned = words.filter(
    ({ angle }) => Math.abs(angle - 90) <= 5 || Math.abs(angle - 180) <= 5 || Math.abs(angle - 270) <= 5,
  );
  return { content: { ...content, glyphs: [] }, rows: [...toRows(level), ...toRows(turned)], removed };
}

async function readLinks(page: PDFPageProxy): Promise<Link[]> {
  const annotations: readonly unknown[] = await page.getAnnotations();
  return annotations.flatMap((annotation) => {
    const url = fieldOf(annotation, 'url');
    return typeof url === 'string' ? [{ text: '', target: url }] : [];
  });
}

async function readMetadata(document: PDFDocumentProxy): Promise<Record<string, string>> {
  const metadata: Record<string, string> = {};
  const { info } = await document.getMetadata();
  const names = {
    Title: 'title',
    Author: 'author',
    Subject: 'subject',
    Keywords: 'keywords',
    CreationDate: 'createdAt',
    ModDate: 'modifiedAt',
    Producer: 'producer',
  };
  for (const [from, to] of Object.entries(names)) {
    const value = fieldOf(info, from);
    if (typeof value === 'string' && value.trim() !== '') metadata[to] = toIsoDate(value.trim());
  }
  return metadata;
}

/** `D:20260131120000+01'00'` as ISO 8601; anything else as it is. */
function toIsoDate(value: string): string {
  const match = /^D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?/u.exec(value);
  if (match === null) return value;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00'] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

interface Reading {
  readonly pages: WordPage[];
  readonly links: Link[];
  readonly warnings: ParseWarning[];
}

/** Reads every page; one that is broken is noted and left out. */
async function readPages(document: PDFDocumentProxy): Promise<Reading> {
  const reading: Reading = { pages: [], links: [], warnings: [] };
  for (let number = 1; number <= document.numPages; number++) {
    try {
      const page = await document.getPage(number);
      reading.pages.push(await readWordPage(page));
      reading.links.push(...(await readLinks(page)));
      page.cleanup();
    } catch {
      reading.warnings.push({ code: 'page-unreadable', detail: String(number) });
    }
  }
  return reading;
}

function imagesOf(pages: readonly WordPage[]): ImageNote[] {
  return pages.flatMap(({ content }) =>
    content.images.map((box) => ({ description: '', page: content.number, box: roundBox(box) })),
  );
}

const MAX_TITLE = 200;

/** The title that the file claims when it reads like one, else its first heading. */
function titleOf(
  metadata: Readonly<Record<string, string>>,
  blocks: ParsedDocument['blocks'],
): string | undefined {
  const claimed = metadata['title'];
  const isName =
    claimed === undefined ||
    /\.(?:docx?|pdf|indd|qxd|xlsx?|pptx?|rtf|odt)$|^(?:untitled|microsoft word|bez názvu)/iu.test(claimed);
  const first = blocks.find(({ kind }) => kind === 'heading')?.text;
  return (isName ? first : claimed)?.slice(0, MAX_TITLE);
}

/**
 * Reads a PDF: words with their boxes, reading order of columns, headings, lists, footnotes and tables;
 * headers, footers, page numbers and watermarks listed as removed.
 * @throws {ParseFailure} `encrypted`, `damaged`, `too-many-pages`.
 */
export async function parsePdf(bytes: Uint8Array, options: PdfOptions = {}): Promise<ParsedDocument> {
  await using pdf = await openPdf(bytes, { password: options.password, maxImagePixels: NO_PIXELS });
  const metadata = await readMetadata(pdf.document);
  const { pages, links, warnings } = await readPages(pdf.document);
  const heights = new Map(pages.map(({ content }) => [content.number, content.height]));
  const cleaned = removeFurniture(
    pages.map(({ content, rows }) => ({ page: content.number, height: content.height, rows })),
  );
  const items = pages.flatMap(({ content }, index) => layOutPage(content, cleaned.pages[index]!.rows));
  const blocks = joinAcrossPages(toBlocks(items, (page) => heights.get(page) ?? 0));
  return {
    format: 'pdf',
    title: titleOf(metadata, blocks),
    metadata,
    pages: pages.map(({ content }): Page => ({
      number: content.number,
      width: content.width,
      height: content.height,
    })),
    blocks,
    removed: [...pages.flatMap(({ removed }) => removed), ...cleaned.removed],
    links,
    images: imagesOf(pages),
    warnings,
  };
}
