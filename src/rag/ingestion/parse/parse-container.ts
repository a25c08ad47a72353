import { openArchive, type Archive, type ArchiveBudget } from './archive/read-archive.ts';
import { readTar } from './archive/read-tar.ts';
import { joinDocuments, type NamedDocument } from './join-documents.ts';
import { OfficePackage } from './office/office-package.ts';
import { parseDocx } from './office/parse-docx.ts';
import { parseEpub } from './office/parse-epub.ts';
import { parseOdf } from './office/parse-odf.ts';
import { parsePptx } from './office/parse-pptx.ts';
import { parseXlsx } from './office/parse-xlsx.ts';
import { emptyDocument, type ParsedDocument } from './parsed-document.ts';
import type { ParseInner } from './mail/parse-mail.ts';

type PackageParser = (source: OfficePackage) => Promise<ParsedDocument>;

/** What a package is, by the parts that it holds. */
const PACKAGES: readonly (readonly [RegExp, PackageParser])[] = [
  [/^word\/.*\.xml$/iu, parseDocx],
  [/^xl\/.*\.xml$/iu, parseXlsx],
  [/^ppt\/.*\.xml$/iu, parsePptx],
];

function packageParser(archive: Archive): PackageParser | undefined {
  const { names } = archive;
  if (names.some((name) => name.toLowerCase() === '[content_types].xml')) {
    return PACKAGES.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  }
  if (names.includes('content.xml') && names.includes('META-INF/manifest.xml')) return parseOdf;
  return names.includes('META-INF/container.xml') ? parseEpub : undefined;
}

const isNoise = (name: string): boolean => /(?:^|\/)(?:__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)/u.test(name);

/** The files of a tape archive, each under its name. */
export async function parseTar(
  bytes: Uint8Array,
  budget: ArchiveBudget,
  parseInner: ParseInner,
): Promise<ParsedDocument> {
  const inner: NamedDocument[] = [];
  for (const { name, bytes: file } of readTar(bytes, budget)) {
    if (!isNoise(name)) inner.push(await parseInner({ bytes: file, fileName: name }));
  }
  return joinDocuments(emptyDocument('zip'), inner);
}

/** Every file of an archive, each under its name. */
async function parseFiles(archive: Archive, parseInner: ParseInner): Promise<ParsedDocument> {
  const inner: NamedDocument[] = [];
  for (const name of archive.names.filter((name) => !isNoise(name)).toSorted()) {
    const bytes = await archive.read(name);
    if (bytes !== undefined) inner.push(await parseInner({ bytes, fileName: name }));
  }
  return joinDocuments(emptyDocument('zip'), inner);
}

/**
 * Reads a file that is a ZIP archive by its bytes: an office document, a book, or an archive of files.
 * @throws {ParseFailure} with the reason why it cannot be read.
 */
export async function parseContainer(
  bytes: Uint8Array,
  { budget, passwords }: { readonly budget: ArchiveBudget; readonly passwords: readonly string[] },
  parseInner: ParseInner,
): Promise<ParsedDocument> {
  const archive = await openArchive(bytes, budget, passwords);
  const parser = packageParser(archive);
  return parser === undefined ? parseFiles(archive, parseInner) : parser(new OfficePackage(archive));
}
