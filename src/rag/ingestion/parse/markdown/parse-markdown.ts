import type { Token } from 'markdown-it';
import { parse as parseYaml } from 'yaml';
import { readHtmlBlocks } from '../html/html-blocks.ts';
import { parseHtmlTree } from '../markup/parse-html-tree.ts';
import type { Block, ParsedDocument, RemovedRange } from '../parsed-document.ts';
import { tableOfRows } from '../tables.ts';
import { inlineText, type InlineNotes } from './inline-text.ts';
import { markdownGrammar } from './markdown-grammar.ts';

/** The head of a list item that is still to come. */
interface ItemHead {
  readonly level: number;
  readonly label: string | undefined;
}

/** Turns the tokens of the grammar into blocks, in one walk. */
class BlockWalk {
  readonly blocks: Block[] = [];
  readonly removed: RemovedRange[] = [];
  readonly notes: InlineNotes = { links: [], images: [] };
  #lists = 0;
  #quotes = 0;
  /** Set at the start of an item; its first paragraph is its head, whatever else comes first is not. */
  #head: ItemHead | undefined;
  /** What the next inline text belongs to, when it is no paragraph. */
  #owner: { kind: 'heading'; level: number } | { kind: 'footnote'; label: string } | undefined;
  #rows: string[][] | undefined;

  /** Takes one token in, in order. */
  take(token: Token): void {
    const { type } = token;
    if (type === 'inline') this.#takeText(inlineText(token.children ?? [], this.notes));
    else if (type === 'fence' || type === 'code_block') this.#takeCode(token.content.trimEnd());
    else if (type === 'html_block') this.#takeHtml(token.content);
    else if (type === 'heading_open') this.#owner = { kind: 'heading', level: Number(token.tag.slice(1)) };
    else if (type === 'footnote') this.#owner = { kind: 'footnote', label: token.info };
    else if (type === 'list_item_open') this.#head = { level: this.#lists - 1, label: toLabel(token) };
    else if (type === 'blockquote_open' || type === 'blockquote_close') this.#quotes += token.nesting;
    else if (/^(?:bullet|ordered)_list_/u.test(type)) this.#lists += token.nesting;
    else this.#takeTable(type);
  }

  #takeTable(type: string): void {
    if (type === 'table_open') this.#rows = [];
    else if (type === 'tr_open') this.#rows?.push([]);
    else if (type === 'table_close' && this.#rows !== undefined) {
      this.#push(tableOfRows(this.#rows, 1));
      this.#rows = undefined;
    }
  }

  #push(block: Block): void {
    this.blocks.push(block);
    this.#head = undefined;
  }

  #takeText(text: string): void {
    const owner = this.#owner;
    this.#owner = undefined;
    if (this.#rows !== undefined) this.#rows.at(-1)?.push(text);
    else if (owner?.kind === 'footnote') this.#push({ ...owner, text: `${owner.label} ${text}` });
    else if (text === '') return;
    else if (owner?.kind === 'heading') this.#push({ ...owner, text });
    else this.#takeParagraph(text);
  }

  #takeParagraph(whole: string): void {
    if (this.#head !== undefined) {
      const { level, label } = this.#head;
      const text = whole.replace(/^\[[ xX]\]\s+/u, '');
      this.#push({ kind: 'list-item', level, label, text: label === undefined ? text : `${label} ${text}` });
      return;
    }
    if (this.#quotes === 0) return this.#push({ kind: 'paragraph', text: whole });
    const text = whole.replace(/^\[![A-Z]+\]\s*/u, '');
    if (text !== '') this.#push({ kind: 'quote', text });
  }

  #takeCode(text: string): void {
    if (text.trim() !== '') this.#push({ kind: 'code', text });
  }

  #takeHtml(source: string): void {
    const html = readHtmlBlocks(parseHtmlTree(source));
    for (const block of html.blocks) this.#push(block);
    this.removed.push(...html.removed);
    this.notes.links.push(...html.links);
    this.notes.images.push(...html.images);
  }
}

/** The number of an item as it is written; a bullet is none. */
const toLabel = (item: Token): string | undefined =>
  item.info === '' ? undefined : `${item.info}${item.markup}`;

/** The scalar values of a front matter block; nothing when it is not YAML. */
function readFrontMatter(source: string): Record<string, string> {
  const metadata: Record<string, string> = {};
  let parsed: unknown;
  try {
    parsed = parseYaml(source, { maxAliasCount: 0 });
  } catch {
    return metadata;
  }
  if (typeof parsed !== 'object' || parsed === null) return metadata;
  for (const [key, value] of Object.entries(parsed)) {
    if (['string', 'number', 'boolean'].includes(typeof value)) metadata[key] = String(value);
  }
  return metadata;
}

/** Reads Markdown (CommonMark with GFM tables, footnotes and YAML front matter). Never fails. */
export function parseMarkdown(source: string): ParsedDocument {
  const text = source.replace(/^\uFEFF/u, '').replace(/\r\n?/gu, '\n');
  const front = /^---\n([\s\S]*?)\n(?:---|\.\.\.)(?:\n|$)/u.exec(text);
  const metadata = front === null ? {} : readFrontMatter(front[1]!);
  const walk = new BlockWalk();
  for (const token of markdownGrammar().parse(text.slice(front?.[0].length ?? 0), {})) walk.take(token);
  const { blocks, removed, notes } = walk;
  const firstHeading = blocks.find((block) => block.kind === 'heading');
  const title = metadata['title'] ?? (firstHeading?.level === 1 ? firstHeading.text : undefined);
  return {
    format: 'markdown',
    title,
    metadata,
    pages: [],
    blocks,
    removed,
    links: notes.links,
    images: notes.images,
    warnings: [],
  };
}
