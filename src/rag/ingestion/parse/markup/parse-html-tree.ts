import { parseHTML } from 'linkedom';
import { MAX_DEPTH, type MarkupElement, type MarkupNode } from './markup-tree.ts';

const ELEMENT = 1;
const TEXT = 3;

/** The library's nodes are typed for browsers; what is needed of them is read by name. */
function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textField(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === 'string' ? field : '';
}

function attributesOf(node: unknown): Record<string, string> {
  const attributes: Record<string, string> = {};
  const listed = fieldOf(node, 'attributes');
  if (typeof listed !== 'object' || listed === null || !(Symbol.iterator in listed)) return attributes;
  const entries: Iterable<unknown> = Array.from(Object.values(listed));
  for (const entry of entries) {
    const name = textField(entry, 'name');
    if (name !== '') attributes[name.toLowerCase()] = textField(entry, 'value');
  }
  return attributes;
}

/** The children of a library node: it keeps siblings in a list that is cheaper to walk than `childNodes`. */
function convertChildren(parent: unknown, depth: number): MarkupNode[] {
  const children: MarkupNode[] = [];
  if (depth > MAX_DEPTH) return children;
  for (let node = fieldOf(parent, 'firstChild'); node; node = fieldOf(node, 'nextSibling')) {
    const type = fieldOf(node, 'nodeType');
    if (type === TEXT) {
      // A place where a word may be cut is no part of the word.
      children.push(textField(node, 'data').replaceAll('\u00ad', ''));
    } else if (type === ELEMENT) {
      children.push(convert(node, depth + 1));
    }
  }
  return children;
}

function convert(node: unknown, depth: number): MarkupElement {
  return {
    name: textField(node, 'localName').toLowerCase(),
    attributes: attributesOf(node),
    children: convertChildren(node, depth),
  };
}

/** Reads HTML as it comes, never failing: what is malformed is repaired, scripts are never run. */
export function parseHtmlTree(source: string): MarkupElement {
  const whole = /<html[\s>]/i.test(source) ? source : `<!doctype html><html><body>${source}</body></html>`;
  const { document }: { readonly document: unknown } = parseHTML(whole);
  const page = fieldOf(document, 'documentElement');
  return { name: '#document', attributes: {}, children: page ? [convert(page, 0)] : [] };
}
