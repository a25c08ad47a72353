import { createCanvas } from '@napi-rs/canvas';
import { Recognizer } from '../ocr/recognizer.ts';
import { release } from '../ocr/page-image.ts';
import { readImage } from '../ocr/read-image.ts';
import type { ParseWarning } from '../parsed-document.ts';
import type { LaidPage } from './assemble-pages.ts';
import { openPdf, type OpenPdf } from './open-pdf.ts';
import type { PageContent } from './page-content.ts';

/** Letters below which a page with pictures is taken for a picture of a page. */
const MIN_LETTERS = 25;
const MAX_UNMAPPED_SHARE = 0.4;
const MAX_IMAGE_PIXELS = 100_000_000;
const POINTS_PER_INCH = 72;
const RENDER_DPI = 250;
const MAX_RENDER_PIXELS = 12_000_000;
/** Time of work on the scanned pages of one file; what is left then is noted. */
const MAX_TOTAL_MS = 600_000;

/** Whether a page has to be read from its picture: no letters, or letters that no font explains. */
export function needsRecognition(content: PageContent, drawn: LaidPage): boolean {
  const letters = drawn.rows.reduce(
    (sum, { segments }) =>
      sum +
      segments.reduce((count, { words }) => count + words.reduce((n, { text }) => n + text.length, 0), 0),
    0,
  );
  const isUnexplained =
    content.unmappedGlyphs > MAX_UNMAPPED_SHARE * (letters + content.unmappedGlyphs) &&
    content.unmappedGlyphs > MIN_LETTERS;
  return isUnexplained || (letters < MIN_LETTERS && content.images.length > 0);
}

/** Reads scanned pages of one file; opened only when there are any. */
export class ScanReader implements AsyncDisposable {
  readonly warnings: ParseWarning[] = [];
  readonly #bytes: Uint8Array;
  readonly #options: {
    readonly passwords?: readonly string[] | undefined;
    readonly onPage?: ((page: number) => void) | undefined;
  };
  #pdf: OpenPdf | undefined;
  #recognizer: Recognizer | undefined;
  #spentMs = 0;

  constructor(
    bytes: Uint8Array,
    options: {
      readonly passwords?: readonly string[] | undefined;
      readonly onPage?: ((page: number) => void) | undefined;
    },
  ) {
    this.#bytes = bytes;
    this.#options = options;
  }

  /** The page read from its picture; undefined when nothing could be read or time is up. */
  async read(number: number, content: PageContent): Promise<LaidPage | undefined> {
    if (this.#spentMs > MAX_TOTAL_MS) {
      this.warnings.push({ code: 'page-not-recognized', detail: String(number) });
      return undefined;
    }
    const before = process.cpuUsage();
    const read = await this.#recognize(number, content);
    const { user, system } = process.cpuUsage(before);
    this.#spentMs += (user + system) / 1000;
    this.#options.onPage?.(number);
    if (read.rows.length === 0) return undefined;
    const { width, height } = content;
    return {
      page: { number, width, height, ocrConfidence: read.confidence },
      content: {
        ...content,
        width: read.width,
        height: read.height,
        glyphs: [],
        rulings: [],
        fills: [],
        marks: [],
      },
      rows: read.rows,
      removed: [],
      toPage: read.toPage,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#recognizer?.[Symbol.asyncDispose]();
    await this.#pdf?.[Symbol.asyncDispose]();
  }

  async #recognize(
    number: number,
    { width, height }: PageContent,
  ): Promise<Awaited<ReturnType<typeof readImage>>> {
    this.#pdf ??= await openPdf(this.#bytes, {
      passwords: this.#options.passwords,
      maxImagePixels: MAX_IMAGE_PIXELS,
      isDrawn: true,
    });
    this.#recognizer ??= new Recognizer();
    const page = await this.#pdf.document.getPage(number);
    const wanted = RENDER_DPI / POINTS_PER_INCH;
    const scale = Math.min(wanted, Math.sqrt(MAX_RENDER_PIXELS / Math.max(1, width * height)));
    const viewport = page.getViewport({ scale });
    const canvas = createCanvas(
      Math.max(1, Math.round(viewport.width)),
      Math.max(1, Math.round(viewport.height)),
    );
    const canvasContext = canvas.getContext('2d');
    await page.render({ canvas: null, canvasContext, viewport, background: 'white' }).promise;
    page.cleanup();
    const read = await readImage(canvas, 1 / scale, this.#recognizer);
    release(canvas);
    return read;
  }
}
