import { collapse, textOf, type MarkupElement } from '../markup/markup-tree.ts';
import type { RemovalReason } from '../parsed-document.ts';

const ROLES: Readonly<Record<string, RemovalReason>> = {
  navigation: 'navigation',
  menu: 'navigation',
  menubar: 'navigation',
  search: 'navigation',
  banner: 'boilerplate',
  contentinfo: 'footer',
};
const NAMES =
  /(?:^|[\s_-])(?:nav|navbar|navigation|navbox|menu|sidebar|breadcrumbs?|cookies?|share|social|related|advert(?:isement)?|pagination|skip-?link|catlinks|toc|footer|interlanguage|noprint|mw-jump-link|editsection)(?:$|[\s_-])/iu;
const MIN_LINK_DENSITY = 0.5;
const MAX_HEADER_CHARACTERS = 600;

function linkLength(element: MarkupElement): number {
  let length = 0;
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    length += child.name === 'a' ? collapse(textOf(child)).length : linkLength(child);
  }
  return length;
}

/** Whether most of an element's text is links: lists of places to go, not text to read. */
function isMostlyLinks(element: MarkupElement): boolean {
  const length = collapse(textOf(element)).length;
  return length === 0 || linkLength(element) / length >= MIN_LINK_DENSITY;
}

const hasHeading = (element: MarkupElement): boolean =>
  element.children.some(
    (child) => typeof child !== 'string' && (/^h[1-3]$/.test(child.name) || hasHeading(child)),
  );

const CONTENT = new Set(['body', 'html', 'main', 'article', 'table', 'a']);

/** A short page head without a heading of its own, made of links. */
function isLinkHeader(element: MarkupElement): boolean {
  const isShort = collapse(textOf(element)).length <= MAX_HEADER_CHARACTERS;
  return isShort && !hasHeading(element) && isMostlyLinks(element);
}

function isNamedFurniture(element: MarkupElement): boolean {
  const name = `${element.attributes['class'] ?? ''} ${element.attributes['id'] ?? ''}`;
  return name !== ' ' && NAMES.test(name) && isMostlyLinks(element);
}

/**
 * Why an element is furniture of the site and not part of the document; undefined when it is content. Names
 * of classes count only where most of the text is links, so that a section called "related" stays.
 */
export function removalReasonOf(element: MarkupElement): RemovalReason | undefined {
  const role = ROLES[element.attributes['role'] ?? ''];
  if (role !== undefined && (role !== 'boilerplate' || !hasHeading(element))) return role;
  if (element.name === 'nav') return 'navigation';
  if (element.name === 'footer') return 'footer';
  if (element.name === 'header') return isLinkHeader(element) ? 'navigation' : undefined;
  return !CONTENT.has(element.name) && isNamedFurniture(element) ? 'navigation' : undefined;
}
