import { fileURLToPath } from 'node:url';
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { ParseFailure } from '../parse-failure.ts';
import { UNDRAWN_DOCUMENT } from './pdf-surroundings.ts';

const LIBRARY = fileURLToPath(new URL('../../', import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs')));
export const MAX_PAGES = 5000;
const SILENT = 0;

/** How a PDF is to be opened. */
export interface OpenOptions {
  /** Tried one after the other on an encrypted file. */
  readonly passwords?: readonly string[] | undefined;
  /** Pictures with more pixels are left undecoded; their places stay known. */
  readonly maxImagePixels: number;
  /** Its pages will be drawn: the outlines of letters are worked out. */
  readonly isDrawn: boolean;
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
 * @throws {ParseFailure} `encrypted` when it needs a password and none was given, `wrong-password` when none of
 * those given opens it, `damaged`, `too-many-pages`.
 */
export async function openPdf(bytes: Uint8Array, options: OpenOptions): Promise<OpenPdf> {
  const { passwords = [] } = options;
  for (const password of [undefined, ...passwords]) {
    const opened = await tryToOpen(bytes, password, options);
    if (opened !== undefined) return opened;
  }
  throw new ParseFailure(passwords.length === 0 ? 'encrypted' : 'wrong-password');
}

/** The open file; undefined when it wants another password. */
async function tryToOpen(
  bytes: Uint8Array,
  password: string | undefined,
  { maxImagePixels, isDrawn }: OpenOptions,
): Promise<OpenPdf | undefined> {
  const task = getDocument({
    // The library takes over the buffer it is given.
    data: Uint8Array.from(bytes),
    ...(password === undefined ? {} : { password }),
    verbosity: SILENT,
    maxImageSize: maxImagePixels,
    cMapUrl: `${LIBRARY}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${LIBRARY}standard_fonts/`,
    wasmUrl: `${LIBRARY}wasm/`,
    iccUrl: `${LIBRARY}iccs/`,
    disableFontFace: isDrawn,
    ...(!isDrawn && { ownerDocument: UNDRAWN_DOCUMENT }),
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
    if (nameOf(error) === 'PasswordException') return undefined;
    throw new ParseFailure('damaged', { format: 'pdf' }, error);
  }
}
