import type { Span } from '#core/index.ts';

// A full stop behind these does not end a sentence.
const ABBREVIATIONS =
  /(?:^|[\s(„"])(?:čl|odst|písm|č|r|s|str|tj|tzn|tzv|např|apod|atd|resp|popř|příp|mj|kap|obr|tab|vyhl|zák|sb|ing|mgr|bc|judr|mudr|rndr|phdr|dr|prof|doc|mr|mrs|ms|vs|etc|eg|ie|e\.g|i\.e|no|art|sec|fig|approx|inc|ltd|co|st|\p{Lu}|\d{1,3})\.$/iu;
const END = /[.!?…]+["”’“)\]]*(?=\s+["„“‚([]?[\p{Lu}\d§])|\n+/gu;

/** Splits a span of text into sentences that join without a gap; the white space behind belongs to each. */
export function sentenceSpans(text: string, within: Span): Span[] {
  const spans: Span[] = [];
  let start = within.start;
  const source = text.slice(within.start, within.end);
  for (const match of source.matchAll(END)) {
    let end = within.start + match.index + match[0].length;
    if (!match[0].startsWith('\n') && ABBREVIATIONS.test(text.slice(Math.max(start, end - 12), end)))
      continue;
    while (end < within.end && /\s/u.test(text[end]!)) end += 1;
    if (end >= within.end) break;
    spans.push({ start, end });
    start = end;
  }
  if (start < within.end) spans.push({ start, end: within.end });
  return spans;
}
