import { readOdf } from '../office/parse-odf.ts';
import { emptyDocument, type Block, type ParsedDocument } from '../parsed-document.ts';
import { collapse, localName, textOf, type MarkupElement } from './markup-tree.ts';
import { parseXml } from './parse-xml.ts';

const HEADINGS = new Set(['title', 'nadpis', 'heading', 'head']);

/** Elements whose children are text, or text with marks in it, are paragraphs; others hold paragraphs. */
function readElement(element: MarkupElement, blocks: Block[], depth: number): void {
  const hasOwnText = element.children.some((child) => typeof child === 'string' && child.trim() !== '');
  if (hasOwnText || element.children.length === 0) {
    const text = collapse(textOf(element));
    if (text === '') return;
    const isHeading = HEADINGS.has(localName(element).toLowerCase()) && text.length < 200;
    blocks.push(
      isHeading ? { kind: 'heading', level: Math.min(6, depth), text } : { kind: 'paragraph', text },
    );
    return;
  }
  for (const child of element.children) if (typeof child !== 'string') readElement(child, blocks, depth + 1);
}

/** Reads XML of any vocabulary for its text; flat OpenDocument as what it is. @throws {ParseFailure} */
export function parseXmlDocument(source: string): ParsedDocument {
  const tree = parseXml(source);
  if (tree.name.startsWith('office:document')) return readOdf(tree, tree, tree);
  const blocks: Block[] = [];
  readElement(tree, blocks, 1);
  const title = blocks.find(({ kind }) => kind === 'heading')?.text;
  return { ...emptyDocument('xml'), title, blocks };
}
