import { openArchive, type ArchiveBudget } from './archive/read-archive.ts';
import { OfficePackage } from './office/office-package.ts';
import { parseDocx } from './office/parse-docx.ts';
import { ParseFailure } from './parse-failure.ts';
import type { ParsedDocument } from './parsed-document.ts';

/** Reads a file that is a ZIP archive by its bytes: an office document, a book, or an archive of files. */
export async function parseContainer(bytes: Uint8Array, budget: ArchiveBudget): Promise<ParsedDocument> {
  const archive = await openArchive(bytes, budget);
  const source = new OfficePackage(archive);
  if (source.has('[Content_Types].xml')) {
    if (source.has('word/document.xml') || archive.names.some((name) => name.startsWith('word/')))
      return parseDocx(source);
  }
  throw new ParseFailure('unsupported-type', { type: 'zip' });
}
