import * as pdfjs from 'pdfjs-dist';
// The bundler makes an address of it.
// oxlint-disable-next-line import/default
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

/** The part of Trusted Types that the page needs; older libraries of TypeScript do not know them. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

declare global {
  var trustedTypes: TrustedTypes | undefined;
}

let isReady = false;

/** Starts the one worker that reads PDF files: our own built file, and no other address. */
function startWorker(): void {
  if (isReady) return;
  isReady = true;
  const policy = globalThis.trustedTypes?.createPolicy('hradlo-worker', {
    createScriptURL(url) {
      if (url !== workerUrl) throw new TypeError('not the worker of this page');
      return url;
    },
  });
  const url = policy?.createScriptURL(workerUrl) ?? workerUrl;
  pdfjs.GlobalWorkerOptions.workerPort = new Worker(url, { type: 'module' });
}

export type PdfFile = pdfjs.PDFDocumentProxy;

/** Opens a PDF file. Nothing in it runs, and it loads nothing. */
export async function openPdf(bytes: ArrayBuffer): Promise<PdfFile> {
  startWorker();
  return pdfjs.getDocument({
    data: new Uint8Array(bytes),
    enableXfa: false,
    useWasm: false,
    useWorkerFetch: false,
    stopAtErrors: false,
  }).promise;
}

/** A page's size in points, as it is seen. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a page `cssWidth` wide, as sharp as the screen is, and returns its size in points. Rejects with
 * pdf.js's own error when the page is broken; drawing stops when `signal` aborts.
 */
export async function drawPage(
  file: PdfFile,
  { number, cssWidth, canvas }: { number: number; cssWidth: number; canvas: HTMLCanvasElement },
  signal: AbortSignal,
): Promise<PageSize> {
  const page = await file.getPage(number);
  const size = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: (cssWidth / size.width) * window.devicePixelRatio });
  canvas.width = Math.round(viewport.width);
  canvas.height = Math.round(viewport.height);
  const task = page.render({ canvas, viewport });
  const stop = () => task.cancel();
  signal.addEventListener('abort', stop);
  try {
    await task.promise;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return { width: size.width, height: size.height };
}
