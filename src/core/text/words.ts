import type { Span } from '../evidence.ts';
import { normalizeWord } from './fold.ts';

/** A word or number: `text` is composed and in lower case, the span is where it stands in the source. */
export interface Word extends Span {
  readonly text: string;
}

// Marks are part of a word, so that decomposed text (as PDF often has it) gives the same words.
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** Below this, characters are composed and none is a mark: what most of Czech and English is written with. */
const FIRST_MARK = 0x300;
const BELOW_MARKS = Array.from({ length: FIRST_MARK }, (_, code) => String.fromCharCode(code));
/** The one character below the marks that is two in lower case. */
const DOTTED_CAPITAL_I = 0x130;
const IS_PART = Uint8Array.from(BELOW_MARKS, (character) => (/[\p{L}\p{N}]/u.test(character) ? 1 : 0));
const LOWER = Uint16Array.from(BELOW_MARKS, (character) => character.toLowerCase().charCodeAt(0));

/** Quotation marks, dashes, dots and signs of currencies: blocks above the marks that hold no part of a word. */
const isPunctuation = (code: number): boolean =>
  (code >= 0x2000 && code <= 0x206f) || (code >= 0x20a0 && code <= 0x20c0);

const isPlainCode = (code: number): boolean =>
  code < FIRST_MARK ? code !== DOTTED_CAPITAL_I : isPunctuation(code);

/** Whether a character below the marks is a letter or a digit. */
export const isPlainLetter = (code: number): boolean => code < FIRST_MARK && IS_PART[code] === 1;

/** The lower case of a plain letter, by its code. */
export const lowerPlain = (code: number): number => LOWER[code]!;

/**
 * Reads the characters of a text, at most as many as `codes` holds. False when it has others than such as are told by
 * one code alone: it needs `normalizedWords`.
 */
export function readPlainCodes(text: string, codes: Uint16Array): boolean {
  const { length } = text;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (!isPlainCode(code)) return false;
    codes[index] = code;
  }
  return true;
}

const isPlain = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) if (!isPlainCode(text.charCodeAt(index))) return false;
  return true;
};

/**
 * Goes through the words of a text by a table of characters. False, before any word, for a text with others: it needs
 * `normalizedWords`.
 */
function scanPlainWords(text: string, onWord: (start: number, end: number) => void): boolean {
  if (!isPlain(text)) return false;
  let start = -1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isPlainLetter(code)) {
      if (start < 0) start = index;
    } else if (start >= 0) {
      onWord(start, index);
      start = -1;
    }
  }
  if (start >= 0) onWord(start, text.length);
  return true;
}

/** The words of any text. */
export function normalizedWords(text: string): Word[] {
  return Array.from(text.matchAll(WORD), (match) => ({
    text: normalizeWord(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Runs of letters and digits in reading order, with exact offsets. */
export function findWords(text: string): Word[] {
  const words: Word[] = [];
  const isDone = scanPlainWords(text, (start, end) => {
    words.push({ text: text.slice(start, end).toLowerCase(), start, end });
  });
  return isDone ? words : normalizedWords(text);
}
