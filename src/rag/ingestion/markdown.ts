/** A block of a Markdown document with its place in the canonical text. */
export interface MarkdownSection {
  readonly headingPath: readonly string[];
  readonly kind: 'text' | 'table';
  readonly start: number;
  readonly end: number;
}

export interface MarkdownText {
  readonly title: string | undefined;
  /** Marks removed; every block ends with a blank line, so that blocks never run together. */
  readonly text: string;
  readonly sections: readonly MarkdownSection[];
}

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const TABLE_RULE = /^\s*\|?\s*:?-{3,}/;

function plain(line: string): string {
  return line
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`)(.+?)\1/g, '$2')
    .replace(/(^|\s)([*_])(\S.*?)\2(?=\W|$)/g, '$1$3')
    .replace(/^\s*>\s?/, '');
}

function blocksOf(source: string): string[][] {
  const blocks: string[][] = [[]];
  for (const line of source.replaceAll('\r\n', '\n').split('\n')) {
    if (line.trim() === '') blocks.push([]);
    else if (HEADING.test(line)) blocks.push([line], []);
    else blocks.at(-1)!.push(line);
  }
  return blocks.filter((block) => block.length > 0);
}

function toText(block: readonly string[]): { kind: 'text' | 'table'; text: string } {
  if (block.some((line) => TABLE_RULE.test(line) && line.includes('|'))) {
    const rows = block.filter((line) => !TABLE_RULE.test(line));
    return {
      kind: 'table',
      text: rows.map((row) => plain(row.replace(/^\s*\||\|\s*$/g, '').trim())).join('\n'),
    };
  }
  const isList = block.some((line) => /^\s*([-*+]|\d+[.)])\s/.test(line));
  return { kind: 'text', text: block.map((line) => plain(line.trim())).join(isList ? '\n' : ' ') };
}

/** Reads Markdown into its canonical text and the blocks of it, each under its headings. */
export function readMarkdown(source: string): MarkdownText {
  const path: string[] = [];
  const sections: MarkdownSection[] = [];
  let text = '';
  let title: string | undefined;
  for (const block of blocksOf(source)) {
    const heading = HEADING.exec(block[0]!);
    if (heading !== null) {
      path.length = Math.min(path.length, heading[1]!.length - 1);
      path.push(plain(heading[2]!));
      title ??= path[0];
    }
    const content = heading === null ? toText(block) : { kind: 'text' as const, text: plain(heading[2]!) };
    const start = text.length;
    text += `${content.text}\n\n`;
    sections.push({ headingPath: [...path], kind: content.kind, start, end: text.length });
  }
  return { title, text, sections };
}
