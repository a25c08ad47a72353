import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { ParseFailure } from '../parse-failure.ts';
import type { Link, ParsedDocument, ParseWarning } from '../parsed-document.ts';
import { assemblePages, fromContent, type LaidPage } from './assemble-pages.ts';
import { readFontDescriptors, type FontDescriptor } from './font-descriptors.ts';
import { openPdf } from './open-pdf.ts';
import { readPage } from './read-page.ts';
import { needsRecognition, ScanReader } from './scan-reader.ts';

/** How a PDF is to be read. */
export interface PdfOptions {
  /** Tried one after the other on an encrypted file. */
  readonly passwords?: readonly string[] | undefined;
  /** Told after every page that was read from its picture. */
  readonly onPage?: ((page: number) => void) | undefined;
}

const NO_PIXELS = 1;

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
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
  readonly pages: LaidPage[];
  readonly links: Link[];
  readonly warnings: ParseWarning[];
}

/** Reads every page; one that is broken is noted and left out. */
async function readPages(
  document: PDFDocumentProxy,
  descriptors: ReadonlyMap<string, FontDescriptor>,
  scans: ScanReader,
): Promise<Reading> {
  const reading: Reading = { pages: [], links: [], warnings: [] };
  for (let number = 1; number <= document.numPages; number++) {
    try {
      const page = await document.getPage(number);
      const content = await readPage(page, descriptors);
      const drawn = fromContent(content);
      const scanned = needsRecognition(content, drawn) ? await scans.read(number, content) : undefined;
      reading.pages.push(scanned ?? drawn);
      reading.links.push(...(await readLinks(page)));
      page.cleanup();
    } catch (error) {
      if (error instanceof ParseFailure) throw error;
      reading.warnings.push({ code: 'page-unreadable', detail: String(number) });
    }
  }
  return reading;
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
    /\.(?:docx?|pdf|html?|md|txt|csv|tex|dvi|indd|qxd|xlsx?|pptx?|rtf|odt)$|^(?:untitled|microsoft word|bez názvu)/iu.test(
      claimed,
    );
  const first = blocks.find(({ kind }) => kind === 'heading')?.text;
  return (isName ? first : claimed)?.slice(0, MAX_TITLE);
}

/**
 * Reads a PDF: words with their boxes, reading order of columns, headings, lists, footnotes and tables;
 * headers, footers, page numbers and watermarks listed as removed.
 * @throws {ParseFailure} `encrypted`, `wrong-password`, `damaged`, `too-many-pages`.
 */
export async function parsePdf(bytes: Uint8Array, options: PdfOptions = {}): Promise<ParsedDocument> {
  const { passwords } = options;
  await using pdf = await openPdf(bytes, { passwords, maxImagePixels: NO_PIXELS, isDrawn: false });
  await using scans = new ScanReader(bytes, options);
  const metadata = await readMetadata(pdf.document);
  const { pages, links, warnings } = await readPages(pdf.document, readFontDescriptors(bytes), scans);
  const { blocks, removed, images } = assemblePages(pages);
  return {
    format: 'pdf',
    title: titleOf(metadata, blocks),
    metadata,
    pages: pages.map(({ page }) => page),
    blocks,
    removed,
    links,
    images,
    warnings: [...warnings, ...scans.warnings],
  };
}
