import { posix } from 'node:path';
import { parseHtml } from '../html/parse-html.ts';
import { attribute, collapse, descendants, textOf, type MarkupElement } from '../markup/markup-tree.ts';
import { ParseFailure } from '../parse-failure.ts';
import { emptyDocument, type ParsedDocument } from '../parsed-document.ts';
import type { OfficePackage } from './office-package.ts';

function metadataOf(book: MarkupElement): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [name, to] of [
    ['title', 'title'],
    ['creator', 'author'],
    ['language', 'language'],
    ['date', 'createdAt'],
  ] as const) {
    const value = collapse(descendants(book, name).map(textOf)[0] ?? '');
    if (value !== '') metadata[to] = value;
  }
  return metadata;
}

/** Reads a book (EPUB): its chapters in the order of the spine. @throws {ParseFailure} `damaged`. */
export async function parseEpub(source: OfficePackage): Promise<ParsedDocument> {
  const container = await source.xml('META-INF/container.xml');
  const path =
    container === undefined
      ? undefined
      : descendants(container, 'rootfile').map((file) => attribute(file, 'full-path'))[0];
  const book = path === undefined ? undefined : await source.xml(path);
  if (path === undefined || book === undefined) throw new ParseFailure('damaged', { format: 'epub' });
  const files = new Map(
    descendants(book, 'item').map((item) => [attribute(item, 'id') ?? '', attribute(item, 'href') ?? '']),
  );
  let parsed: ParsedDocument = { ...emptyDocument('epub'), metadata: metadataOf(book) };
  for (const reference of descendants(book, 'itemref')) {
    const href = files.get(attribute(reference, 'idref') ?? '');
    const html =
      href === undefined
        ? undefined
        : await source.text(posix.join(posix.dirname(path), decodeURIComponent(href)));
    if (html === undefined) continue;
    const chapter = parseHtml(html);
    parsed = {
      ...parsed,
      blocks: [...parsed.blocks, ...chapter.blocks],
      removed: [...parsed.removed, ...chapter.removed],
      links: [...parsed.links, ...chapter.links],
      images: [...parsed.images, ...chapter.images],
    };
  }
  return { ...parsed, title: parsed.metadata['title'] };
}
