/** An element of HTML or XML, apart from any library. Names and attribute names are as they were written. */
export interface MarkupElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly MarkupNode[];
}
export type MarkupNode = MarkupElement | string;

/** Deeper trees are cut: no document of a person nests so far, and a recursion must end. */
export const MAX_DEPTH = 256;

/** The name without its namespace prefix: `w:p` and `p` are `p`. */
export function localName(element: MarkupElement): string {
  return element.name.slice(element.name.indexOf(':') + 1);
}

/** An attribute by its local name, whatever its prefix. */
export function attribute(element: MarkupElement, name: string): string | undefined {
  const exact = element.attributes[name];
  if (exact !== undefined) return exact;
  const key = Object.keys(element.attributes).find((key) => key.endsWith(`:${name}`));
  return key === undefined ? undefined : element.attributes[key];
}

/** Child elements, of one local name if it is given. */
export function elementsOf(element: MarkupElement, name?: string): MarkupElement[] {
  const found: MarkupElement[] = [];
  for (const child of element.children) {
    if (typeof child !== 'string' && (name === undefined || localName(child) === name)) found.push(child);
  }
  return found;
}

/** The element down a path of local names, first match at each step. */
export function childAt(
  element: MarkupElement | undefined,
  ...path: readonly string[]
): MarkupElement | undefined {
  let at = element;
  for (const name of path) {
    at = at?.children.find(
      (child): child is MarkupElement => typeof child !== 'string' && localName(child) === name,
    );
  }
  return at;
}

/** Every element below (and not including) `element` with this local name, in document order. */
export function descendants(element: MarkupElement, name: string): MarkupElement[] {
  const found: MarkupElement[] = [];
  const visit = (at: MarkupElement): void => {
    for (const child of at.children) {
      if (typeof child === 'string') continue;
      if (localName(child) === name) found.push(child);
      visit(child);
    }
  };
  visit(element);
  return found;
}

/** All text below an element, as it stands. */
export function textOf(node: MarkupNode): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('');
}

/** White space as a browser shows it: runs become one space, ends are trimmed. */
export function collapse(text: string): string {
  return text.replace(/[\s\u00a0]+/gu, ' ').trim();
}
