import createMarkdownIt, { type MarkdownIt, type StateBlock, type StateInline } from 'markdown-it';

const NOTE = /^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$/u;
const CONTINUATION = /^(?: {2,}|\t)\S/u;
/** What is nested deeper is not read; nobody writes so, and the reader's stack must hold it. */
const MAX_NESTING = 400;
const REFERENCE = /\[\^[^\]\s]+\]/y;

/** `[^1]: text` with its indented lines: a token `footnote` whose `info` is the label, then its inline text. */
function readFootnote(state: StateBlock, first: number, last: number, isProbe: boolean): boolean {
  const line = (at: number) => state.getLines(at, at + 1, state.blkIndent, false);
  const match = NOTE.exec(line(first));
  if (match === null) return false;
  if (isProbe) return true;
  let end = first + 1;
  while (end < last && CONTINUATION.test(line(end))) end += 1;
  const rest = Array.from({ length: end - first - 1 }, (_, index) => line(first + 1 + index).trim());
  state.push('footnote', '', 0).info = match[1]!;
  const text = state.push('inline', '', 0);
  text.content = [match[2]!, ...rest].join(' ');
  text.children = [];
  state.line = end;
  return true;
}

/** `[^1]` in a text points to a footnote and is no part of what a person reads. */
function skipReference(state: StateInline): boolean {
  REFERENCE.lastIndex = state.pos;
  const match = REFERENCE.exec(state.src);
  if (match === null) return false;
  state.pos += match[0].length;
  return true;
}

/**
 * CommonMark with the tables and strike-through of GFM, and footnotes. Links keep the target that is written:
 * what may be followed is decided where a link is shown.
 */
export function markdownGrammar(): MarkdownIt {
  const grammar = createMarkdownIt({ html: true, maxNesting: MAX_NESTING });
  grammar.validateLink = () => true;
  grammar.normalizeLink = (target) => target;
  grammar.block.ruler.before('reference', 'footnote', readFootnote, { alt: ['paragraph', 'reference'] });
  grammar.inline.ruler.before('link', 'footnote_reference', skipReference);
  return grammar;
}
