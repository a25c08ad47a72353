import { attribute, childAt, elementsOf, type MarkupElement } from '../markup/markup-tree.ts';

interface LevelFormat {
  readonly format: string;
  readonly text: string;
  readonly start: number;
}

/** What a list gives a paragraph: its label, or nothing for a bullet. */
export interface ListPlace {
  readonly level: number;
  readonly label: string | undefined;
}

const LAST_LEVEL = 8;
const ROMANS: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

function toRoman(value: number): string {
  let rest = Math.min(value, 3999);
  let text = '';
  for (const [worth, sign] of ROMANS) {
    while (rest >= worth) {
      text += sign;
      rest -= worth;
    }
  }
  return text;
}

const ALPHABET = 26;

/** 1 is a, 26 is z, 27 is aa, 28 is bb (ECMA-376, 17.18.59). */
function toLetters(value: number): string {
  const letter = String.fromCodePoint(97 + ((value - 1) % ALPHABET));
  return letter.repeat(Math.min(10, Math.ceil(value / ALPHABET)));
}

/** A number in one of the formats of a list. */
export function formatNumber(value: number, format: string): string {
  switch (format) {
    case 'lowerLetter':
      return toLetters(value);
    case 'upperLetter':
      return toLetters(value).toUpperCase();
    case 'lowerRoman':
      return toRoman(value);
    case 'upperRoman':
      return toRoman(value).toUpperCase();
    case 'decimalZero':
      return String(value).padStart(2, '0');
    default:
      return String(value);
  }
}

function readLevel(level: MarkupElement): LevelFormat {
  const value = (name: string): string | undefined => {
    const element = childAt(level, name);
    return element === undefined ? undefined : attribute(element, 'val');
  };
  return {
    format: value('numFmt') ?? 'decimal',
    text: value('lvlText') ?? '',
    start: Number(value('start') ?? 1),
  };
}

function readLevels(parent: MarkupElement): Map<number, LevelFormat> {
  return new Map(
    elementsOf(parent, 'lvl').map((level) => [Number(attribute(level, 'ilvl') ?? 0), readLevel(level)]),
  );
}

/** Applies what a list changes of its definition. */
function overrideLevel(levels: Map<number, LevelFormat>, override: MarkupElement): void {
  const level = Number(attribute(override, 'ilvl') ?? 0);
  const own = childAt(override, 'lvl');
  const start = childAt(override, 'startOverride');
  const base = own === undefined ? levels.get(level) : readLevel(own);
  if (base === undefined) return;
  levels.set(level, start === undefined ? base : { ...base, start: Number(attribute(start, 'val') ?? 1) });
}

/** The lists of a document and how far each has counted. Ask once for every paragraph, in order. */
export class ListNumbering {
  readonly #levels = new Map<string, Map<number, LevelFormat>>();
  readonly #abstractOf = new Map<string, string>();
  readonly #counts = new Map<string, number[]>();

  constructor(numbering: MarkupElement | undefined) {
    if (numbering === undefined) return;
    const abstracts = new Map(
      elementsOf(numbering, 'abstractNum').map((element) => [
        attribute(element, 'abstractNumId') ?? '',
        readLevels(element),
      ]),
    );
    for (const num of elementsOf(numbering, 'num')) this.#addList(num, abstracts);
  }

  #addList(num: MarkupElement, abstracts: ReadonlyMap<string, Map<number, LevelFormat>>): void {
    const numId = attribute(num, 'numId') ?? '';
    const reference = childAt(num, 'abstractNumId');
    const abstractId = (reference === undefined ? undefined : attribute(reference, 'val')) ?? '';
    const levels = new Map(abstracts.get(abstractId) ?? []);
    const overrides = elementsOf(num, 'lvlOverride');
    for (const override of overrides) overrideLevel(levels, override);
    this.#levels.set(numId, levels);
    // Lists of one definition count on together, unless one says where it starts.
    const isOwn = overrides.some((override) => childAt(override, 'startOverride') !== undefined);
    this.#abstractOf.set(numId, isOwn ? `own ${numId}` : abstractId);
  }

  /** Counts a paragraph of a list and gives its label; undefined when there is no such list. */
  next(numId: string, level: number): ListPlace | undefined {
    const levels = this.#levels.get(numId);
    if (numId === '0' || levels === undefined || level > LAST_LEVEL) return undefined;
    const counts = this.#count(numId, level, levels);
    const format = levels.get(level);
    if (format === undefined || format.format === 'bullet' || format.format === 'none')
      return { level, label: undefined };
    const label = format.text.replace(/%(\d)/gu, (_, digit: string) => {
      const at = Number(digit) - 1;
      return formatNumber(counts[at] ?? 1, levels.get(at)?.format ?? 'decimal');
    });
    return { level, label: label.trim() === '' ? undefined : label.trim() };
  }

  /** The numbers of all levels down to this one, after counting it. */
  #count(numId: string, level: number, levels: ReadonlyMap<number, LevelFormat>): readonly number[] {
    const startOf = (at: number): number => levels.get(at)?.start ?? 1;
    const key = this.#abstractOf.get(numId) ?? numId;
    const counts = this.#counts.get(key) ?? [];
    for (let above = 0; above < level; above++) counts[above] ??= startOf(above);
    counts[level] = (counts[level] ?? startOf(level) - 1) + 1;
    counts.length = level + 1;
    this.#counts.set(key, counts);
    return counts;
  }
}
