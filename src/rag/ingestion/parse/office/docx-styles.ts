import { attribute, childAt, elementsOf, type MarkupElement } from '../markup/markup-tree.ts';

/** What a paragraph style says of structure. */
export interface ParagraphStyle {
  /** 0 for the widest heading; undefined for text. */
  readonly outlineLevel: number | undefined;
  readonly isTitle: boolean;
  readonly isQuote: boolean;
  readonly isCode: boolean;
  readonly numbering: NumberingReference | undefined;
}

/** The list a paragraph belongs to. */
export interface NumberingReference {
  readonly numId: string;
  readonly level: number | undefined;
}

const PLAIN: ParagraphStyle = {
  outlineLevel: undefined,
  isTitle: false,
  isQuote: false,
  isCode: false,
  numbering: undefined,
};
const MAX_CHAIN = 20;
const BODY_LEVEL = 9;

/** The list in a paragraph's properties. */
export function numberingOf(properties: MarkupElement | undefined): NumberingReference | undefined {
  const reference = childAt(properties, 'numPr');
  const numId = childAt(reference, 'numId');
  if (reference === undefined || numId === undefined) return undefined;
  const level = childAt(reference, 'ilvl');
  return {
    numId: attribute(numId, 'val') ?? '0',
    level: level === undefined ? undefined : Number(attribute(level, 'val') ?? 0),
  };
}

/** The outline level in a paragraph's properties. */
export function outlineLevelOf(properties: MarkupElement | undefined): number | undefined {
  const element = childAt(properties, 'outlineLvl');
  const level = element === undefined ? undefined : Number(attribute(element, 'val'));
  return level !== undefined && level >= 0 && level < BODY_LEVEL ? level : undefined;
}

function levelInName(name: string): number | undefined {
  const level = /^(?:heading|nadpis|überschrift|titre|nagłówek)\s*(\d)/iu.exec(name)?.[1];
  return level === undefined ? undefined : Number(level) - 1;
}

/** Styles of paragraphs by id, each with what it inherits. */
export class ParagraphStyles {
  readonly #elements: ReadonlyMap<string, MarkupElement>;
  readonly #resolved = new Map<string, ParagraphStyle>();

  constructor(styles: MarkupElement | undefined) {
    const elements = styles === undefined ? [] : elementsOf(styles, 'style');
    this.#elements = new Map(elements.map((style) => [attribute(style, 'styleId') ?? '', style]));
  }

  /** The style of this id; a plain one when it is not defined. */
  get(id: string | undefined): ParagraphStyle {
    return id === undefined ? PLAIN : this.#resolve(id, 0);
  }

  #resolve(id: string, depth: number): ParagraphStyle {
    const known = this.#resolved.get(id);
    if (known !== undefined) return known;
    const element = this.#elements.get(id);
    if (element === undefined || depth > MAX_CHAIN) return PLAIN;
    const basedOn = childAt(element, 'basedOn');
    const parentId = basedOn === undefined ? undefined : attribute(basedOn, 'val');
    const parent = parentId === undefined || parentId === id ? PLAIN : this.#resolve(parentId, depth + 1);
    const style = read(element, parent);
    this.#resolved.set(id, style);
    return style;
  }
}

function read(element: MarkupElement, parent: ParagraphStyle): ParagraphStyle {
  const nameElement = childAt(element, 'name');
  const name = (nameElement === undefined ? undefined : attribute(nameElement, 'val')) ?? '';
  const properties = childAt(element, 'pPr');
  const level = outlineLevelOf(properties) ?? levelInName(name) ?? parent.outlineLevel;
  const isTitle = /^(?:title|název|titul)$/iu.test(name) || (parent.isTitle && level === undefined);
  return {
    outlineLevel: isTitle ? 0 : level,
    isTitle,
    isQuote: /^(?:intense )?(?:quote|citát|citace)/iu.test(name) || parent.isQuote,
    isCode: /\bcode\b|preformatted|zdrojový kód|html (?:code|preformatted)/iu.test(name) || parent.isCode,
    numbering: merged(numberingOf(properties), parent.numbering),
  };
}

function merged(
  own: NumberingReference | undefined,
  inherited: NumberingReference | undefined,
): NumberingReference | undefined {
  return own === undefined ? inherited : { ...own, level: own.level ?? inherited?.level };
}
