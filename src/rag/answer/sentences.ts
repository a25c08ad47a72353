import type { Span } from '#core/index.ts';

// A full stop ends a sentence unless a known abbreviation, a single letter or an ordinal number stands before it.
const END = /[.!?…]+["“”')\]]*(?=\s)|\n+/g;
const ABBREVIATION =
  /(?:^|[\s(])(?:\p{L}|\d{1,2}|např|tj|tzn|tzv|atd|apod|popř|resp|čl|odst|písm|č|str|s\.r\.o|a\.s|Ing|Mgr|Bc|Dr|e\.g|i\.e|etc|No)\.$/u;

/** Sentences of a text as trimmed spans, in order. Line ends also end a sentence, as in lists and tables. */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  const push = (end: number) => {
    const raw = text.slice(start, end);
    const trimmed = raw.trim();
    if (trimmed !== '') {
      const from = start + raw.indexOf(trimmed);
      spans.push({ start: from, end: from + trimmed.length });
    }
    start = end;
  };
  for (const match of text.matchAll(END)) {
    const end = match.index + match[0].length;
    const isLine = match[0].startsWith('\n');
    if (isLine || !ABBREVIATION.test(text.slice(Math.max(0, match.index - 12), match.index + 1))) push(end);
  }
  push(text.length);
  return spans;
}
