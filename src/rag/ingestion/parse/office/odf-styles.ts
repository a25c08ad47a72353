import { attribute, childAt, descendants, elementsOf, type MarkupElement } from '../markup/markup-tree.ts';
import { formatNumber } from './docx-numbering.ts';

const FORMATS: Readonly<Record<string, string>> = {
  a: 'lowerLetter',
  A: 'upperLetter',
  i: 'lowerRoman',
  I: 'upperRoman',
};
const MAX_CHAIN = 20;

/** How a level of a list is labelled; undefined for bullets. */
interface LabelFormat {
  readonly format: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly shownLevels: number;
}

/** Styles of an OpenDocument text that tell structure. */
export class OdfStyles {
  readonly #parents = new Map<string, string>();
  readonly #displayNames = new Map<string, string>();
  readonly #lists = new Map<string, ReadonlyMap<number, LabelFormat>>();

  constructor(trees: readonly (MarkupElement | undefined)[]) {
    for (const tree of trees) {
      if (tree === undefined) continue;
      for (const style of descendants(tree, 'style')) this.#addStyle(style);
      for (const list of descendants(tree, 'list-style')) this.#addList(list);
    }
  }

  /** The name of a style and of all that it builds on, from the narrowest. */
  chain(name: string | undefined): string[] {
    const names: string[] = [];
    let at = name;
    while (at !== undefined && names.length < MAX_CHAIN) {
      names.push(this.#displayNames.get(at) ?? at);
      at = this.#parents.get(at);
    }
    return names;
  }

  /** The label of an item, given how far each level has counted; undefined for a bullet. */
  label(list: string | undefined, level: number, counts: readonly number[]): string | undefined {
    const levels = list === undefined ? undefined : this.#lists.get(list);
    const format = levels?.get(level);
    if (format === undefined) return undefined;
    const first = Math.max(0, level - format.shownLevels + 1);
    const numbers = counts
      .slice(first, level + 1)
      .map((count, index) => formatNumber(count, levels?.get(first + index)?.format ?? 'decimal'));
    return `${format.prefix}${numbers.join('.')}${format.suffix}`;
  }

  #addStyle(style: MarkupElement): void {
    const name = attribute(style, 'name');
    if (name === undefined) return;
    const parent = attribute(style, 'parent-style-name');
    if (parent !== undefined) this.#parents.set(name, parent);
    this.#displayNames.set(name, attribute(style, 'display-name') ?? name);
  }

  #addList(list: MarkupElement): void {
    const levels = new Map<number, LabelFormat>();
    for (const level of elementsOf(list, 'list-level-style-number')) {
      const format = attribute(level, 'num-format') ?? '1';
      if (format === '') continue;
      levels.set(Number(attribute(level, 'level') ?? 1) - 1, {
        format: FORMATS[format] ?? 'decimal',
        prefix: attribute(level, 'num-prefix') ?? '',
        suffix: attribute(level, 'num-suffix') ?? '',
        shownLevels: Number(attribute(level, 'display-levels') ?? 1),
      });
    }
    this.#lists.set(attribute(list, 'name') ?? '', levels);
  }
}

/** Title, author and dates from `meta.xml`. */
export function readOdfMetadata(meta: MarkupElement | undefined): Record<string, string> {
  const names: Readonly<Record<string, string>> = {
    title: 'title',
    subject: 'subject',
    description: 'description',
    'initial-creator': 'author',
    'creation-date': 'createdAt',
    date: 'modifiedAt',
    language: 'language',
  };
  const metadata: Record<string, string> = {};
  const body = childAt(meta, 'meta');
  for (const element of body === undefined ? [] : elementsOf(body)) {
    const name = names[element.name.slice(element.name.indexOf(':') + 1)];
    const [value] = element.children;
    if (name !== undefined && typeof value === 'string' && value.trim() !== '') metadata[name] = value.trim();
  }
  return metadata;
}
