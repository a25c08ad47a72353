import { attribute, collapse, textOf, type MarkupElement, type MarkupNode } from '../markup/markup-tree.ts';
import type { Block, ImageNote, Link, RemovedRange } from '../parsed-document.ts';
import { removalReasonOf } from './boilerplate.ts';
import { isLayoutTable, readHtmlTable } from './html-table.ts';

/** What a walk over HTML gives. */
export interface HtmlBlocks {
  readonly blocks: readonly Block[];
  readonly removed: readonly RemovedRange[];
  readonly links: readonly Link[];
  readonly images: readonly ImageNote[];
}

interface Walk {
  readonly keepsFurniture: boolean;
  readonly blocks: Block[];
  readonly removed: RemovedRange[];
  readonly links: Link[];
  readonly images: ImageNote[];
  /** Inline text of the paragraph under way. */
  inline: string;
  /** What the next paragraph is: the head of a list item, a quote, a heading. */
  head: Block | undefined;
}

interface Place {
  readonly listLevel: number;
  readonly isQuote: boolean;
}

const SILENT = new Set([
  'script',
  'link',
  'title',
  'meta',
  'style',
  'template',
  'noscript',
  'head',
  'svg',
  'math',
  'object',
  'select',
  'option',
  'textarea',
  'button',
  'iframe',
  'canvas',
  'audio',
  'video',
]);
const INLINE = new Set([
  'a',
  'abbr',
  'b',
  'bdi',
  'bdo',
  'big',
  'cite',
  'code',
  'data',
  'del',
  'dfn',
  'em',
  'font',
  'i',
  'ins',
  'kbd',
  'label',
  'mark',
  'q',
  'rp',
  'rt',
  'ruby',
  's',
  'samp',
  'small',
  'span',
  'strike',
  'strong',
  'sub',
  'sup',
  'time',
  'tt',
  'u',
  'var',
  'wbr',
  'input',
  'nobr',
]);

/** Ends the paragraph under way. */
function flush(walk: Walk, place: Place): void {
  const text = walk.inline
    .split('\n')
    .map(collapse)
    .filter((line) => line !== '')
    .join('\n');
  walk.inline = '';
  if (text === '') return;
  const { head } = walk;
  walk.head = undefined;
  if (head?.kind === 'list-item') {
    const label = head.label === undefined ? '' : `${head.label} `;
    walk.blocks.push({ ...head, text: label + text });
  } else {
    walk.blocks.push({ kind: place.isQuote ? 'quote' : 'paragraph', text });
  }
}

function isHidden(element: MarkupElement): boolean {
  const style = element.attributes['style'] ?? '';
  return 'hidden' in element.attributes || /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style);
}

/** Text of a code block: line breaks stay as they are. */
function codeText(node: MarkupNode): string {
  if (typeof node === 'string') return node;
  if (node.name === 'br') return '\n';
  return node.children.map(codeText).join('');
}

function walkList(walk: Walk, list: MarkupElement, place: Place): void {
  flush(walk, place);
  let number = Number.parseInt(list.attributes['start'] ?? '1', 10) || 1;
  for (const child of list.children) {
    if (typeof child === 'string') continue;
    if (child.name !== 'li') {
      walkNode(walk, child, { ...place, listLevel: place.listLevel + 1 });
      continue;
    }
    const label = list.name === 'ol' ? `${number}.` : undefined;
    number += 1;
    walk.head = { kind: 'list-item', level: place.listLevel, text: '', label };
    const inside = { ...place, listLevel: place.listLevel + 1 };
    walkChildren(walk, child, inside);
    flush(walk, inside);
    walk.head = undefined;
  }
}

function walkDefinitions(walk: Walk, list: MarkupElement, place: Place): void {
  flush(walk, place);
  const visit = (parent: MarkupElement): void => {
    for (const child of parent.children) {
      if (typeof child === 'string') continue;
      if (child.name === 'div') {
        visit(child);
        continue;
      }
      const level = place.listLevel + (child.name === 'dd' ? 1 : 0);
      walk.head = { kind: 'list-item', level, text: '' };
      walkChildren(walk, child, { ...place, listLevel: child.name === 'dd' ? level : level + 1 });
      flush(walk, place);
      walk.head = undefined;
    }
  };
  visit(list);
}

function walkHeading(walk: Walk, element: MarkupElement, place: Place): void {
  flush(walk, place);
  const text = collapse(textOfVisible(element));
  noteLinks(walk, element);
  if (text !== '') walk.blocks.push({ kind: 'heading', level: Number(element.name.slice(1)), text });
}

function textOfVisible(node: MarkupNode): string {
  if (typeof node === 'string') return node;
  if (SILENT.has(node.name) || isHidden(node)) return '';
  const text = node.children.map(textOfVisible).join('');
  // What stands in a block of its own does not run into its neighbours.
  return INLINE.has(node.name) ? text : ` ${text} `;
}

function noteLinks(walk: Walk, element: MarkupElement): void {
  const target = element.name === 'a' ? attribute(element, 'href') : undefined;
  if (target !== undefined && !target.startsWith('#'))
    walk.links.push({ text: collapse(textOf(element)), target });
  if (element.name === 'img') {
    const description = collapse(attribute(element, 'alt') ?? attribute(element, 'title') ?? '');
    walk.images.push({ description });
  }
  for (const child of element.children) if (typeof child !== 'string') noteLinks(walk, child);
}

function walkTable(walk: Walk, table: MarkupElement, place: Place): void {
  flush(walk, place);
  if (isLayoutTable(table)) {
    walkChildren(walk, table, place);
    return;
  }
  const { caption, block } = readHtmlTable(table, textOfVisible);
  noteLinks(walk, table);
  if (caption !== '') walk.blocks.push({ kind: 'paragraph', text: caption });
  if (block.table.cells.some((cell) => cell.end > cell.start)) walk.blocks.push(block);
}

/** Elements that are read in a way of their own. */
const SPECIAL: Readonly<Record<string, (walk: Walk, element: MarkupElement, place: Place) => void>> = {
  ul: walkList,
  ol: walkList,
  menu: walkList,
  dl: walkDefinitions,
  table: walkTable,
  h1: walkHeading,
  h2: walkHeading,
  h3: walkHeading,
  h4: walkHeading,
  h5: walkHeading,
  h6: walkHeading,
  pre: (walk, element, place) => {
    flush(walk, place);
    const text = codeText(element).replace(/^\n|\s+$/gu, '');
    if (text.trim() !== '') walk.blocks.push({ kind: 'code', text });
  },
  blockquote: (walk, element, place) => {
    flush(walk, place);
    walkChildren(walk, element, { ...place, isQuote: true });
    flush(walk, { ...place, isQuote: true });
  },
  br: (walk) => {
    walk.inline += '\n';
  },
  img: noteLinks,
};

function walkChildren(walk: Walk, element: MarkupElement, place: Place): void {
  for (const child of element.children) walkNode(walk, child, place);
}

function walkNode(walk: Walk, node: MarkupNode, place: Place): void {
  if (typeof node === 'string') {
    walk.inline += node.replace(/\s+/gu, ' ');
    return;
  }
  if (SILENT.has(node.name)) return;
  const reason = isHidden(node) ? 'hidden' : walk.keepsFurniture ? undefined : removalReasonOf(node);
  if (reason !== undefined) {
    flush(walk, place);
    const text = collapse(textOfVisible({ ...node, attributes: {} }));
    if (text !== '') walk.removed.push({ reason, text });
    return;
  }
  const special = SPECIAL[node.name];
  if (special !== undefined) {
    special(walk, node, place);
  } else if (INLINE.has(node.name)) {
    const target = node.name === 'a' ? attribute(node, 'href') : undefined;
    const before = walk.inline.length;
    walkChildren(walk, node, place);
    const text = collapse(walk.inline.slice(before));
    if (target !== undefined && !target.startsWith('#')) walk.links.push({ text, target });
  } else {
    flush(walk, place);
    walkChildren(walk, node, place);
    flush(walk, place);
  }
}

function walkTree(root: MarkupElement, keepsFurniture: boolean): HtmlBlocks {
  const walk: Walk = {
    keepsFurniture,
    blocks: [],
    removed: [],
    links: [],
    images: [],
    inline: '',
    head: undefined,
  };
  const place = { listLevel: 0, isQuote: false };
  walkChildren(walk, root, place);
  flush(walk, place);
  return { blocks: walk.blocks, removed: walk.removed, links: walk.links, images: walk.images };
}

/**
 * The blocks of a tree of HTML in document order, boilerplate left out and listed. A page of nothing but
 * boilerplate is read as it is.
 */
export function readHtmlBlocks(root: MarkupElement): HtmlBlocks {
  const read = walkTree(root, false);
  return read.blocks.length === 0 && read.removed.length > 0 ? walkTree(root, true) : read;
}
