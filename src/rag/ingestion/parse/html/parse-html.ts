import { attribute, collapse, descendants, textOf, type MarkupElement } from '../markup/markup-tree.ts';
import { parseHtmlTree } from '../markup/parse-html-tree.ts';
import type { ParsedDocument } from '../parsed-document.ts';
import { readHtmlBlocks } from './html-blocks.ts';

const METADATA: Readonly<Record<string, string>> = {
  author: 'author',
  description: 'description',
  keywords: 'keywords',
  date: 'createdAt',
  'dcterms.created': 'createdAt',
  'article:published_time': 'createdAt',
  'article:modified_time': 'modifiedAt',
  generator: 'generator',
};

function readMetadata(root: MarkupElement): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const meta of descendants(root, 'meta')) {
    const key = METADATA[(attribute(meta, 'name') ?? attribute(meta, 'property') ?? '').toLowerCase()];
    const value = collapse(attribute(meta, 'content') ?? '');
    if (key !== undefined && value !== '') metadata[key] ??= value;
  }
  return metadata;
}

/** Reads a page of HTML: its content as blocks, the furniture of its site listed as removed. Never fails. */
export function parseHtml(source: string): ParsedDocument {
  const root = parseHtmlTree(source);
  const content = readHtmlBlocks(root);
  const title = collapse(descendants(root, 'title').map(textOf)[0] ?? '');
  const language = descendants(root, 'html')[0]?.attributes['lang']?.slice(0, 2).toLowerCase();
  const heading = content.blocks.find((block) => block.kind === 'heading')?.text;
  return {
    format: 'html',
    title: title === '' ? heading : title,
    language: language === '' ? undefined : language,
    metadata: readMetadata(root),
    pages: [],
    ...content,
    warnings: [],
  };
}
