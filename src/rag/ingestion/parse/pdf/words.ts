import type { Box } from '../parsed-document.ts';
import { boundingBox } from './matrix.ts';
import type { FontStyle, Glyph } from './page-content.ts';

/** A word as it is drawn. */
export interface PageWord {
  readonly text: string;
  readonly box: Box;
  /** Height of the line that letters stand on, from the top of the page. */
  readonly baseline: number;
  readonly size: number;
  readonly font: FontStyle;
  readonly angle: number;
  readonly isArtifact: boolean;
  readonly color: string;
  /** Position in the order of drawing. */
  readonly order: number;
}

/** A gap wider than this share of the size parts two words (poppler takes the same). */
const WORD_GAP = 0.1;
/** A glyph that starts this far before the end of the last one does not go on with it. */
const MAX_BACKWARD = 0.45;
const MAX_BASELINE_SHIFT = 0.35;
/** A smaller letter off the line is a mark of its own: the number of a note, an index. */
const MAX_SCRIPT_SIZE = 0.87;
const MIN_SCRIPT_SHIFT = 0.08;
const DEGREE = Math.PI / 180;

/** Spacing accents that some fonts draw over a letter, and the combining marks that they stand for. */
const ACCENTS: Readonly<Record<string, string>> = {
  ˇ: '\u030c',
  '´': '\u0301',
  '`': '\u0300',
  '¨': '\u0308',
  '˚': '\u030a',
  ˆ: '\u0302',
  '˜': '\u0303',
  '˝': '\u030b',
  '¸': '\u0327',
};

/** How far `next` starts behind `last` along the line, and how far it is off the line. */
function stepBetween(last: Glyph, next: Glyph): { gap: number; shift: number } {
  if (last.angle === 0)
    return { gap: next.origin[0] - last.end[0], shift: Math.abs(next.origin[1] - last.end[1]) };
  const cos = Math.cos(last.angle * DEGREE);
  const sin = Math.sin(last.angle * DEGREE);
  const dx = next.origin[0] - last.end[0];
  const dy = next.origin[1] - last.end[1];
  return { gap: dx * cos + dy * sin, shift: Math.abs(dy * cos - dx * sin) };
}

function continuesWord(last: Glyph, next: Glyph): boolean {
  if (Math.abs(last.angle - next.angle) > 2) return false;
  const { gap, shift } = stepBetween(last, next);
  const size = Math.max(last.size, next.size, 1);
  const isSmaller = Math.min(last.size, next.size) < MAX_SCRIPT_SIZE * size;
  const isScript = shift > MAX_BASELINE_SHIFT * size || (isSmaller && shift > MIN_SCRIPT_SHIFT * size);
  return gap <= WORD_GAP * size && gap >= -MAX_BACKWARD * size && !isScript;
}

/** Whether a text is made of nothing but what ASCII has; the one accent among that is `` ` ``. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f || code === 0x60) return false;
  }
  return true;
}

/** Joins an accent drawn over a letter with it: `ˇ` and `c` are `č`. */
function joinText(glyphs: readonly Glyph[]): string {
  let text = '';
  for (const glyph of glyphs) text += glyph.text;
  if (isPlain(text)) return text;
  text = '';
  let pending = '';
  for (const [index, glyph] of glyphs.entries()) {
    const mark = ACCENTS[glyph.text];
    const next = glyphs[index + 1];
    const isOverNext =
      mark !== undefined && next !== undefined && stepBetween(glyph, next).gap < -0.2 * glyph.size;
    if (isOverNext) pending = mark;
    else if (
      mark !== undefined &&
      index > 0 &&
      stepBetween(glyphs[index - 1]!, glyph).gap < -0.2 * glyph.size
    ) {
      text += mark;
    } else {
      text += glyph.text + pending;
      pending = '';
    }
  }
  return text.normalize('NFC');
}

function toWord(glyphs: readonly Glyph[], order: number): PageWord {
  const first = glyphs[0]!;
  const tallest = glyphs.reduce((a, b) => (b.size > a.size ? b : a));
  return {
    text: joinText(glyphs),
    box: boundingBox(glyphs.map(({ box }) => box)),
    baseline: first.origin[1],
    size: tallest.size,
    font: first.font,
    angle: first.angle,
    isArtifact: first.isArtifact,
    color: first.color,
    order,
  };
}

/** Whether a word is drawn a second time over itself, which makes thin type look bold. */
function isRepeated(word: PageWord, drawn: readonly PageWord[]): boolean {
  return drawn.some(
    (other) =>
      other.text === word.text &&
      Math.abs(other.box[0] - word.box[0]) < 0.15 * word.size &&
      Math.abs(other.box[1] - word.box[1]) < 0.15 * word.size,
  );
}

/** Groups the characters of a page to words, in the order of drawing. */
export function toWords(glyphs: readonly Glyph[]): PageWord[] {
  const words: PageWord[] = [];
  const byPlace = new Map<string, PageWord[]>();
  let run: Glyph[] = [];
  const flush = (): void => {
    if (run.length === 0) return;
    const word = toWord(run, words.length);
    run = [];
    if (word.text.trim() === '') return;
    const place = `${Math.round(word.box[0] / 4)},${word.text}`;
    const drawn = byPlace.get(place) ?? [];
    if (isRepeated(word, drawn)) return;
    if (drawn.push(word) === 1) byPlace.set(place, drawn);
    words.push(word);
  };
  for (const glyph of glyphs) {
    const last = run.at(-1);
    if (glyph.isSpace || (last !== undefined && !continuesWord(last, glyph))) flush();
    if (!glyph.isSpace) run.push(glyph);
  }
  flush();
  return words;
}
