import { SaxesParser } from 'saxes';
import { ParseFailure } from '../parse-failure.ts';
import { MAX_DEPTH, type MarkupElement, type MarkupNode } from './markup-tree.ts';

interface OpenElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: MarkupNode[];
}

/** A doctype that says more than a name can define entities or call files from elsewhere. */
function refuseDoctype(doctype: string): void {
  if (/\[|\b(?:SYSTEM|PUBLIC|ENTITY)\b/i.test(doctype)) throw new ParseFailure('external-entity');
}

/**
 * Reads XML into a tree. Entities are never defined or fetched: a doctype that could do so is refused.
 * @throws {ParseFailure} `external-entity`, `damaged` when it is not well-formed or nests too deep.
 */
export function parseXml(source: string): MarkupElement {
  const root: OpenElement = { name: '', attributes: {}, children: [] };
  const open: OpenElement[] = [root];
  const parser = new SaxesParser();
  parser.on('doctype', refuseDoctype);
  parser.on('error', (error) => {
    throw new ParseFailure('damaged', { part: 'xml', message: error.message.slice(0, 200) });
  });
  parser.on('opentag', (tag) => {
    if (open.length > MAX_DEPTH) throw new ParseFailure('damaged', { part: 'xml', depth: MAX_DEPTH });
    const element = { name: tag.name, attributes: tag.attributes, children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  const addText = (text: string): void => {
    // A place where a word may be cut is no part of the word.
    open.at(-1)?.children.push(text.replaceAll('\u00ad', ''));
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(source.replace(/^\uFEFF/u, '')).close();
  const document = root.children.find((child): child is OpenElement => typeof child !== 'string');
  if (document === undefined) throw new ParseFailure('damaged', { part: 'xml' });
  return document;
}
