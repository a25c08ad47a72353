import { attribute, childAt, descendants, textOf, type MarkupElement } from '../markup/markup-tree.ts';
import { isSectionScheme, rankOf, readNumbering, type Numbering } from '../numbering.ts';
import type { Block } from '../parsed-document.ts';

const MAX_CHARACTERS = 120;
const MAX_LEVEL = 6;
/** Behind every numbered one. */
const UNNUMBERED_RANK = Number.MAX_SAFE_INTEGER;

const isOn = (element: MarkupElement | undefined): boolean =>
  element !== undefined && !['0', 'false', 'off'].includes(attribute(element, 'val') ?? '1');

/** Whether every letter of a paragraph is bold by its own formatting, or it is set in the middle. */
export function isSetApart(paragraph: MarkupElement): boolean {
  const runs = descendants(paragraph, 'r').filter((run) =>
    descendants(run, 't').some((text) => textOf(text).trim() !== ''),
  );
  const align = childAt(paragraph, 'pPr', 'jc');
  const isCentered = align !== undefined && attribute(align, 'val') === 'center';
  return runs.length > 0 && (isCentered || runs.every((run) => isOn(childAt(run, 'rPr', 'b'))));
}

function sectionOf(text: string): Numbering | undefined {
  const numbering = readNumbering(text);
  return numbering !== undefined && isSectionScheme(numbering.scheme) ? numbering : undefined;
}

const isTitle = (text: string): boolean => text.length <= MAX_CHARACTERS && !/[.,;:]$/u.test(text);

/**
 * Finds the headings of a document whose author used no style for them: short paragraphs set apart that are numbered
 * as parts of a law or contract are (`Čl. 5`, `§ 3`, `Hlava II`), and the title right below a number that stands
 * alone. They rank below the widest heading that has a style.
 * @param setApart the blocks that bold type or the middle of the page sets apart.
 */
export function markManualHeadings(blocks: readonly Block[], setApart: ReadonlySet<Block>): Block[] {
  const ranks = new Map<Block, number>();
  for (const [index, block] of blocks.entries()) {
    if (block.kind !== 'paragraph' || !setApart.has(block) || !isTitle(block.text)) continue;
    const above = blocks[index - 1];
    const numbering = sectionOf(block.text);
    const isBelowNumber = above !== undefined && ranks.has(above) && sectionOf(above.text)?.rest === '';
    if (numbering !== undefined) ranks.set(block, rankOf(numbering));
    else if (isBelowNumber) ranks.set(block, UNNUMBERED_RANK);
  }
  const order = [...new Set(ranks.values())].toSorted((a, b) => a - b);
  const styled = Math.min(...blocks.flatMap((block) => (block.kind === 'heading' ? [block.level] : [])));
  const above = Number.isFinite(styled) ? styled : 0;
  return blocks.map((block) => {
    const rank = ranks.get(block);
    if (rank === undefined) return block;
    const level = Math.min(MAX_LEVEL, above + 1 + order.indexOf(rank));
    return { kind: 'heading', level, text: block.text, label: sectionOf(block.text)?.label };
  });
}
