import type { Span } from '../evidence.ts';
import { normalizeWord } from './fold.ts';

/** A word or number: `text` is composed and in lower case, the span is where it stands in the source. */
export interface Word extends Span {
  readonly text: string;
}

// Marks are part of a word, so that decomposed text (as PDF often has it) gives the same words.
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** Runs of letters and digits in reading order, with exact offsets. */
export function findWords(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    words.push({ text: normalizeWord(match[0]), start: match.index, end: match.index + match[0].length });
  }
  return words;
}
