import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The same thing said in Czech and in English. */
export type TextPair = readonly [czech: string, english: string];

/** Markdown without its marks, links and addresses. */
function plainText(markdown: string): string {
  return markdown
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, ' ')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/https?:\S+/g, ' ')
    .replaceAll(/[*_`#>|]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The kind of a Markdown block, by how it begins. */
function kindOf(block: string): string {
  if (block.startsWith('#')) return 'heading';
  if (block.startsWith('```')) return 'code';
  if (block.startsWith('|')) return 'table';
  return /^(?:[-*+]|\d+\.)\s/.test(block) ? 'item' : 'paragraph';
}

function blocksOf(markdown: string): string[] {
  const blocks: string[] = [];
  let isCode = false;
  let current: string[] = [];
  const flush = (): void => {
    if (current.length > 0) blocks.push(current.join('\n'));
    current = [];
  };
  for (const line of markdown.split('\n')) {
    if (/^\s*```/.test(line)) {
      flush();
      if (!isCode) blocks.push('```');
      isCode = !isCode;
    } else if (!isCode && line.trim() === '') flush();
    else if (!isCode) {
      if (/^\s*(?:#|\||[-*+]\s|\d+\.\s)/.test(line)) flush();
      current.push(line.trim());
    }
  }
  flush();
  return blocks;
}

function sectionsOf(blocks: readonly string[]): string[][] {
  const sections: string[][] = [[]];
  for (const block of blocks) {
    if (kindOf(block) === 'heading') sections.push([]);
    sections.at(-1)!.push(block);
  }
  return sections;
}

const MOST_CHARACTERS = 3_000;
const WINDOW_CHARACTERS = 600;

/** Pairs of one section: block by block and in windows where the blocks match in kind, else the whole. */
function sectionPairs(czech: readonly string[], english: readonly string[]): TextPair[] {
  const isAligned =
    czech.length === english.length &&
    czech.every((block, index) => kindOf(block) === kindOf(english[index]!));
  const whole: TextPair = [czech.join(' '), english.join(' ')];
  if (!isAligned) {
    const ratio = whole[0].length / whole[1].length;
    return whole[0].length < MOST_CHARACTERS && ratio > 0.5 && ratio < 2 ? [whole] : [];
  }
  const pairs = czech.map((block, index): TextPair => [block, english[index]!]);
  for (let at = 0; at < czech.length;) {
    let [left, right] = ['', ''];
    for (; at < czech.length && left.length < WINDOW_CHARACTERS; at++) {
      left += ` ${czech[at]}`;
      right += ` ${english[at]}`;
    }
    pairs.push([left, right]);
  }
  return pairs;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** The folders below `root` that hold the same Markdown files under `cs/` and `en/`, aligned block by block. */
export function readTextPairs(root: string, isHeldOut: (path: string) => boolean): TextPair[] {
  const pairs = new Map<string, TextPair>();
  for (const project of readdirSync(root).toSorted()) {
    const czechRoot = join(root, project, 'cs');
    if (!existsSync(czechRoot)) continue;
    for (const file of filesBelow(czechRoot)) {
      const path = relative(czechRoot, file);
      const other = join(root, project, 'en', path);
      if (!existsSync(other) || isHeldOut(`${project}/${path}`)) continue;
      for (const pair of filePairs(readFileSync(file, 'utf8'), readFileSync(other, 'utf8'))) {
        pairs.set(pair.join('\t'), pair);
      }
    }
  }
  return [...pairs.values()];
}

function filePairs(czech: string, english: string): TextPair[] {
  const left = sectionsOf(blocksOf(czech));
  const right = sectionsOf(blocksOf(english));
  if (left.length !== right.length) return [];
  return left
    .flatMap((section, index) => sectionPairs(section, right[index]!))
    .map(([a, b]): TextPair => [plainText(a), plainText(b)])
    .filter(([a, b]) => a.length > 2 && b.length > 2 && a !== b);
}
