import { bulletLength, isItemScheme, isSectionScheme, rankOf, readNumbering } from '../numbering.ts';
import { emptyDocument, type Block, type ParsedDocument } from '../parsed-document.ts';

const MAX_HEADING_CHARACTERS = 120;
const UNDERLINE = /^\s*(?:={3,}|-{3,}|~{3,}|\*{3,})\s*$/u;

/** A heading whose level is known only beside the others. */
interface RankedBlock {
  readonly block: Block;
  readonly rank: number | undefined;
}

const isShouted = (line: string): boolean => /\p{Lu}{3}/u.test(line) && !/\p{Ll}/u.test(line);
const endsSentence = (line: string): boolean => /[.,;:!?]$/u.test(line);

/** How wide a part the numbering of a line heads; undefined when it numbers an item or nothing. */
function numberedRank(line: string, isAlone: boolean): number | undefined {
  const numbering = readNumbering(line);
  if (numbering === undefined || endsSentence(numbering.rest)) return undefined;
  const isSection = isSectionScheme(numbering.scheme);
  const isNumberedTitle = numbering.scheme === 'decimal' && isAlone && numbering.rest !== '';
  return isSection || isNumberedTitle ? rankOf(numbering) : undefined;
}

/** How wide a part a line heads; undefined when it is not a heading. A smaller rank is wider. */
function headingRank(line: string, next: string | undefined, isAlone: boolean): number | undefined {
  if (line.length > MAX_HEADING_CHARACTERS) return undefined;
  if (next !== undefined && UNDERLINE.test(next)) return next.includes('=') ? 0 : 1;
  const rank = numberedRank(line, isAlone);
  return rank ?? (isAlone && isShouted(line) && !endsSentence(line) ? 2 : undefined);
}

/** A line that begins an item of a list, or undefined. */
function itemOf(line: string): (Block & { kind: 'list-item' }) | undefined {
  const bullet = bulletLength(line);
  const level = line.startsWith('    ') || line.startsWith('\t') ? 1 : 0;
  if (bullet > 0) return { kind: 'list-item', level, text: line.trim().slice(bulletLength(line.trim())) };
  const numbering = readNumbering(line);
  const isItem =
    numbering !== undefined && (isItemScheme(numbering.scheme) || numbering.scheme === 'decimal');
  return isItem ? { kind: 'list-item', level, text: line.trim(), label: numbering.label } : undefined;
}

/** The blocks of one run of lines between empty lines. */
function readParagraph(lines: readonly string[]): RankedBlock[] {
  const found: RankedBlock[] = [];
  let text: string[] = [];
  let item: (Block & { kind: 'list-item' }) | undefined;
  const flush = (): void => {
    if (item !== undefined) found.push({ block: { ...item, text: text.join('\n') }, rank: undefined });
    else if (text.length > 0)
      found.push({ block: { kind: 'paragraph', text: text.join('\n') }, rank: undefined });
    text = [];
    item = undefined;
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const rank = headingRank(line.trim(), lines[at + 1], lines.length === 1);
    const begun = rank === undefined ? itemOf(line) : undefined;
    if (rank !== undefined) {
      flush();
      const heading = line.trim();
      const label = readNumbering(heading)?.label;
      found.push({ block: { kind: 'heading', level: 1, text: heading, label }, rank });
      if (lines[at + 1] !== undefined && UNDERLINE.test(lines[at + 1]!)) at += 1;
    } else if (begun !== undefined) {
      flush();
      item = begun;
      text = [begun.text];
    } else {
      text.push(line.trim());
    }
  }
  flush();
  return found;
}

/** Ranks that occur become levels 1, 2, 3 … in their order. */
function settleLevels(found: readonly RankedBlock[]): Block[] {
  const ranks = [...new Set(found.flatMap(({ rank }) => rank ?? []))].toSorted((a, b) => a - b);
  return found.map(({ block, rank }) =>
    block.kind === 'heading' && rank !== undefined ? { ...block, level: ranks.indexOf(rank) + 1 } : block,
  );
}

/** Reads plain text: paragraphs, lists, and headings as underlines, capitals and numbering show them. */
export function parsePlainText(source: string): ParsedDocument {
  const lines = source
    .replace(/^\uFEFF/u, '')
    .replace(/\r\n?|\u2028|\u0085/gu, '\n')
    .replace(/[^\S\n\t]/gu, ' ')
    .split(/[\n\f\v]/u);
  const found: RankedBlock[] = [];
  let run: string[] = [];
  for (const line of [...lines, '']) {
    if (line.trim() !== '') {
      run.push(line.trimEnd());
    } else if (run.length > 0) {
      found.push(...readParagraph(run));
      run = [];
    }
  }
  const blocks = settleLevels(found);
  const title = blocks[0]?.kind === 'heading' ? blocks[0].text : undefined;
  return { ...emptyDocument('text'), title, blocks };
}
