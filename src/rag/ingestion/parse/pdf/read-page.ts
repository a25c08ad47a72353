import { AnnotationMode, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { PageInterpreter } from './interpret-page.ts';
import { IDENTITY, toMatrix } from './matrix.ts';
import type { PageContent } from './page-content.ts';

function numbers(values: readonly unknown[]): number[] {
  return values.filter((value) => typeof value === 'number');
}

/** What a page draws, in points from the top left corner of the page as it is seen. */
export async function readPage(page: PDFPageProxy): Promise<PageContent> {
  const viewport = page.getViewport({ scale: 1 });
  const list = await page.getOperatorList({ annotationMode: AnnotationMode.ENABLE });
  const interpreter = new PageInterpreter(toMatrix(numbers(viewport.transform)) ?? IDENTITY, page.commonObjs);
  const { width, height } = viewport;
  return interpreter.run(list, { number: page.pageNumber, width, height });
}
