import { AnnotationMode, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { FontDescriptor } from './font-descriptors.ts';
import { FontTable } from './fonts.ts';
import { PageInterpreter } from './interpret-page.ts';
import { IDENTITY, toMatrix } from './matrix.ts';
import type { PageContent } from './page-content.ts';

function numbers(values: readonly unknown[]): number[] {
  return values.filter((value) => typeof value === 'number');
}

/**
 * What a page draws, in points from the top left corner of the page as it is seen.
 * @param descriptors what the file says of its fonts, by their names.
 */
export async function readPage(
  page: PDFPageProxy,
  descriptors: ReadonlyMap<string, FontDescriptor>,
): Promise<PageContent> {
  const viewport = page.getViewport({ scale: 1 });
  const list = await page.getOperatorList({ annotationMode: AnnotationMode.ENABLE });
  const base = toMatrix(numbers(viewport.transform)) ?? IDENTITY;
  const interpreter = new PageInterpreter(base, new FontTable(page.commonObjs, descriptors));
  const { width, height } = viewport;
  return interpreter.run(list, { number: page.pageNumber, width, height });
}
