import { fileURLToPath } from 'node:url';
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { ParseFailure } from '../parse-failure.ts';

const LIBRARY = fileURLToPath(new URL('../../', import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs')));
export const MAX_PAGES = 5000;
const SILENT = 0;

/** How a PDF is to be opened. */
export interface OpenOptions {
  readonly password?: string | undefined;
  /** Pictures with more pixels are left undecoded; their places stay known. */
  readonly maxImagePixels: number;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** An open PDF; close it when done. */
export interface OpenPdf extends AsyncDisposable {
  readonly document: PDFDocumentProxy;
}

/**
 * Opens a PDF.
 * @throws {ParseFailure} `encrypted` without the right password, `damaged`, `too-many-pages`.
 */
export async function openPdf(bytes: Uint8Array, options: OpenOptions): Promise<OpenPdf> {
  const task = getDocument({
    // The library takes over the buffer it is given.
    data: Uint8Array.from(bytes),
    ...(options.password === undefined ? {} : { password: options.password }),
    verbosity: SILENT,
    maxImageSize: options.maxImagePixels,
    cMapUrl: `${LIBRARY}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${LIBRARY}standard_fonts/`,
    wasmUrl: `${LIBRARY}wasm/`,
    iccUrl: `${LIBRARY}iccs/`,
    disableFontFace: true,
    fontExtraProperties: true,
    useSystemFonts: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    enableXfa: false,
  });
  try {
    const document = await task.promise;
    if (document.numPages > MAX_PAGES) {
      throw new ParseFailure('too-many-pages', { pages: document.numPages, limit: MAX_PAGES });
    }
    return { document, [Symbol.asyncDispose]: () => task.destroy() };
  } catch (error) {
    await task.destroy();
    if (error instanceof ParseFailure) throw error;
    if (nameOf(error) === 'PasswordException') throw new ParseFailure('encrypted', {}, error);
    throw new ParseFailure('damaged', { format: 'pdf' }, error);
  }
}
