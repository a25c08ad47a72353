import type { Span } from '#core/index.ts';
import type { CanonicalText } from '../parse/canonical-text.ts';
import type { Block } from '../parse/parsed-document.ts';
import { sentenceSpans } from './sentences.ts';
import { countTokens } from './token-count.ts';

/** How good a place for a cut the end of a unit is. */
export const CUT_STRENGTH = { word: 0, line: 1, sentence: 2, block: 3 } as const;

/** The smallest piece that chunks are packed of: a block, or part of one that is too long. */
export interface Unit extends Span {
  readonly tokens: number;
  readonly blockIndex: number;
  readonly kind: 'heading' | 'text' | 'code' | 'table';
  /** Headings from the top down to this unit, its own included when it is one. */
  readonly headingPath: readonly string[];
  /** Grows with every heading: units of one section have one number. */
  readonly section: number;
  readonly strength: number;
}

interface OpenHeading {
  readonly level: number;
  readonly text: string;
}

/** Cuts a stretch without sentence ends at white space, or anywhere when there is none. */
function cutByLength(text: string, span: Span, maxTokens: number): Span[] {
  const parts: Span[] = [];
  let start = span.start;
  while (start < span.end) {
    // A token is never longer in this estimate than 4.5 letters, so this many characters cannot be too few.
    let end = Math.min(span.end, start + maxTokens * 4);
    while (end > start + 1 && countTokens(text.slice(start, end)) > maxTokens) {
      end = start + Math.floor((end - start) * 0.8);
    }
    if (end < span.end) {
      const space = text.slice(start, end).search(/\s\S*$/u);
      if (space > 0) end = start + space + 1;
      // A pair of surrogates is one character.
      if (/[\ud800-\udbff]/u.test(text[end - 1]!) && end - 1 > start) end -= 1;
    }
    end = Math.max(end, start + 1);
    parts.push({ start, end });
    start = end;
  }
  return parts;
}

/** The rows of a table's text, each with its line break. */
function rowSpans(text: string, within: Span): Span[] {
  const spans: Span[] = [];
  let start = within.start;
  while (start < within.end) {
    const at = text.indexOf('\n', start);
    const end = at < 0 || at + 1 >= within.end ? within.end : at + 1;
    spans.push({ start, end });
    start = end;
  }
  return spans;
}

function strengthAt(text: string, end: number, isBlockEnd: boolean): number {
  if (isBlockEnd) return CUT_STRENGTH.block;
  const before = text.slice(Math.max(0, end - 8), end);
  if (/[.!?…]["”’“)\]]*\s*$/u.test(before)) return CUT_STRENGTH.sentence;
  return /\n\s*$/u.test(before) ? CUT_STRENGTH.line : CUT_STRENGTH.word;
}

/** The pieces of one block with the separator behind it. */
function piecesOf(text: string, block: Block, span: Span, maxTokens: number): Span[] {
  if (countTokens(text.slice(span.start, span.end)) <= maxTokens) return [span];
  const parts = block.kind === 'table' ? rowSpans(text, span) : sentenceSpans(text, span);
  return parts.flatMap((part) =>
    countTokens(text.slice(part.start, part.end)) > maxTokens ? cutByLength(text, part, maxTokens) : [part],
  );
}

function unitKind(block: Block): Unit['kind'] {
  return block.kind === 'heading' || block.kind === 'table' || block.kind === 'code' ? block.kind : 'text';
}

/** Units in order; they join without a gap to the whole canonical text. */
export function toUnits(canonical: CanonicalText, blocks: readonly Block[], maxTokens: number): Unit[] {
  const units: Unit[] = [];
  let open: OpenHeading[] = [];
  let section = 0;
  for (const [blockIndex, block] of blocks.entries()) {
    const start = blockIndex === 0 ? 0 : canonical.blockSpans[blockIndex]!.start;
    const end = canonical.blockSpans[blockIndex + 1]?.start ?? canonical.text.length;
    if (block.kind === 'heading') {
      open = [...open.filter(({ level }) => level < block.level), { level: block.level, text: block.text }];
      section += 1;
    }
    const headingPath = open.map(({ text }) => text);
    for (const piece of piecesOf(canonical.text, block, { start, end }, maxTokens)) {
      units.push({
        ...piece,
        tokens: countTokens(canonical.text.slice(piece.start, piece.end)),
        blockIndex,
        kind: unitKind(block),
        headingPath,
        section,
        strength: strengthAt(canonical.text, piece.end, piece.end === end),
      });
    }
  }
  return units;
}
