import { parse as parseYaml } from 'yaml';
import { readHtmlBlocks } from '../html/html-blocks.ts';
import { parseHtmlTree } from '../markup/parse-html-tree.ts';
import type { Block, ParsedDocument, RemovedRange } from '../parsed-document.ts';
import { tableOfRows } from '../tables.ts';
import { inlineText, type InlineNotes } from './inline.ts';

/** What the walk over the lines fills. */
interface Draft {
  readonly blocks: Block[];
  readonly notes: InlineNotes;
  readonly removed: RemovedRange[];
}

/** Where a run of lines stands: how deep in lists, whether in a quote. */
interface Place {
  readonly listLevel: number;
  readonly isQuote: boolean;
  /** How deep containers nest; the walk stops going deeper at a limit. */
  readonly depth: number;
}

const MAX_NESTING = 40;
const ATX = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/u;
const SETEXT = /^ {0,3}(=+|-+)[ \t]*$/u;
const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/u;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/u;
const QUOTE = /^ {0,3}>[ ]?/u;
const ITEM = /^( {0,3})([-+*]|\d{1,9}[.)])(?:([ \t]+)(.*)|[ \t]*)$/u;
const FOOTNOTE = /^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$/u;
const DEFINITION = /^ {0,3}\[([^\]^][^\]]*)\]:[ \t]*<?([^\s>]+)>?(?:[ \t]+["'(].*)?$/u;
const HTML_BLOCK =
  /^ {0,3}<(?:!--|\/?(?:address|article|aside|blockquote|body|center|details|dialog|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|head|header|hr|html|iframe|img|legend|li|link|main|menu|nav|ol|p|pre|script|section|style|summary|table|tbody|td|tfoot|th|thead|tr|ul|video)\b)/iu;
const DELIMITER_ROW = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/u;

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === '';
const dedent = (line: string, width: number): string => {
  const expanded = line.replace(/^\t+/u, (tabs) => '    '.repeat(tabs.length));
  const space = /^ */u.exec(expanded)![0].length;
  return expanded.slice(Math.min(width, space));
};

function pushText(draft: Draft, place: Place, source: string): void {
  const text = inlineText(source, draft.notes).replace(/\s+/gu, ' ').trim();
  if (text !== '') draft.blocks.push({ kind: place.isQuote ? 'quote' : 'paragraph', text });
}

/** Cells of one row of a table: bars part them, escaped bars and bars in code do not. */
function splitRow(line: string): string[] {
  const body = line
    .trim()
    .replace(/^\|/u, '')
    .replace(/(?<!\\)\|$/u, '');
  const cells: string[] = [];
  let cell = '';
  let inCode = false;
  for (let at = 0; at < body.length; at++) {
    const character = body[at]!;
    if (character === '`') inCode = !inCode;
    if (character === '\\' && body[at + 1] === '|') {
      cell += '|';
      at += 1;
    } else if (character === '|' && !inCode) {
      cells.push(cell);
      cell = '';
    } else {
      cell += character;
    }
  }
  return [...cells, cell].map((text) => text.trim());
}

type Reader = (lines: readonly string[], at: number, draft: Draft, place: Place) => number | undefined;

const readHeading: Reader = (lines, at, draft) => {
  const match = ATX.exec(lines[at]!);
  if (match === null) return undefined;
  const text = inlineText(match[2] ?? '', draft.notes).trim();
  if (text !== '') draft.blocks.push({ kind: 'heading', level: match[1]!.length, text });
  return at + 1;
};

const readFence: Reader = (lines, at, draft) => {
  const match = FENCE.exec(lines[at]!);
  if (match === null) return undefined;
  const fence = match[1]!;
  const isEnd = (line: string): boolean =>
    line.trim().length >= fence.length && line.trim().replaceAll(fence[0]!, '') === '';
  const length = lines.slice(at + 1).findIndex(isEnd);
  const end = length < 0 ? lines.length : at + 1 + length;
  const text = lines
    .slice(at + 1, end)
    .join('\n')
    .trimEnd();
  if (text.trim() !== '') draft.blocks.push({ kind: 'code', text });
  return end + 1;
};

const readIndentedCode: Reader = (lines, at, draft) => {
  if (!/^(?: {4}|\t)/u.test(lines[at]!)) return undefined;
  let end = at;
  while (end < lines.length && (isBlank(lines[end]) || /^(?: {4}|\t)/u.test(lines[end]!))) end += 1;
  const code = lines.slice(at, end).map((line) => dedent(line, 4));
  const text = code.join('\n').trimEnd();
  if (text.trim() !== '') draft.blocks.push({ kind: 'code', text });
  return end;
};

const readRule: Reader = (lines, at) => (RULE.test(lines[at]!) ? at + 1 : undefined);

const readQuote: Reader = (lines, at, draft, place) => {
  if (!QUOTE.test(lines[at]!)) return undefined;
  let end = at;
  while (
    end < lines.length &&
    !isBlank(lines[end]) &&
    (QUOTE.test(lines[end]!) || !startsBlock(lines[end]!))
  ) {
    end += 1;
  }
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, '').replace(/^\[![A-Z]+\]\s*$/u, ''));
  readLines(inner, draft, { ...place, isQuote: true, depth: place.depth + 1 });
  return end;
};

/** The lines of one item: those indented to its text, blank ones between them, lazy continuations. */
function itemEnd(lines: readonly string[], at: number, indent: number): number {
  let end = at + 1;
  for (; end < lines.length; end++) {
    const line = lines[end]!;
    if (isBlank(line)) continue;
    const expanded = line.replace(/^\t+/u, (tabs) => '    '.repeat(tabs.length));
    const isInside = /^ */u.exec(expanded)![0].length >= indent;
    const isLazy = !isBlank(lines[end - 1]) && !ITEM.test(line) && !startsBlock(line);
    if (!isInside && !isLazy) break;
  }
  return end;
}

/** Makes the first paragraph of an item its head. */
function markItemHead(draft: Draft, first: number, level: number, label: string | undefined): void {
  const head = draft.blocks[first];
  if (head?.kind !== 'paragraph' && head?.kind !== 'quote') return;
  const text = label === undefined ? head.text : `${label} ${head.text}`;
  draft.blocks[first] = { kind: 'list-item', level, text, label };
}

const readItem: Reader = (lines, at, draft, place) => {
  const match = ITEM.exec(lines[at]!);
  if (match === null) return undefined;
  const [, space, marker] = match.map((group) => group ?? '');
  const gapWidth = (match[3] ?? ' ').replaceAll('\t', '   ').length;
  const indent = space!.length + marker!.length + (gapWidth > 4 ? 1 : gapWidth);
  const end = itemEnd(lines, at, Math.min(indent, space!.length + 2));
  const first = draft.blocks.length;
  const inner = [
    (match[4] ?? '').replace(/^\[[ xX]\]\s+/u, ''),
    ...lines.slice(at + 1, end).map((line) => dedent(line, indent)),
  ];
  readLines(inner, draft, { ...place, listLevel: place.listLevel + 1, depth: place.depth + 1 });
  markItemHead(draft, first, place.listLevel, /\d/u.test(marker!) ? marker : undefined);
  return end;
};

const readTable: Reader = (lines, at, draft) => {
  const next = lines[at + 1];
  if (next === undefined || !lines[at]!.includes('|') || !DELIMITER_ROW.test(next)) return undefined;
  const header = splitRow(lines[at]!);
  if (splitRow(next).length !== header.length) return undefined;
  let end = at + 2;
  while (
    end < lines.length &&
    !isBlank(lines[end]) &&
    (lines[end]!.includes('|') || !startsBlock(lines[end]!))
  ) {
    end += 1;
  }
  const rows = [header, ...lines.slice(at + 2, end).map((line) => splitRow(line).slice(0, header.length))];
  const texts = rows.map((row) =>
    header.map((_, column) =>
      inlineText(row[column] ?? '', draft.notes)
        .replace(/\s+/gu, ' ')
        .trim(),
    ),
  );
  draft.blocks.push(tableOfRows(texts, 1));
  return end;
};

const readFootnote: Reader = (lines, at, draft) => {
  const match = FOOTNOTE.exec(lines[at]!);
  if (match === null) return undefined;
  let end = at + 1;
  while (end < lines.length && /^(?: {2,}|\t)\S/u.test(lines[end]!)) end += 1;
  const source = [match[2]!, ...lines.slice(at + 1, end).map((line) => line.trim())].join(' ');
  const text = `${match[1]!} ${inlineText(source, draft.notes).trim()}`;
  draft.blocks.push({ kind: 'footnote', label: match[1]!, text });
  return end;
};

const readDefinition: Reader = (lines, at) => (DEFINITION.test(lines[at]!) ? at + 1 : undefined);

const readHtml: Reader = (lines, at, draft) => {
  if (!HTML_BLOCK.test(lines[at]!)) return undefined;
  const isComment = /^ {0,3}<!--/u.test(lines[at]!);
  let end = at + 1;
  const isEnd = (index: number): boolean =>
    isComment ? lines[index - 1]!.includes('-->') : isBlank(lines[index]);
  while (end < lines.length && !isEnd(end)) end += 1;
  const html = readHtmlBlocks(parseHtmlTree(lines.slice(at, end).join('\n')));
  draft.blocks.push(...html.blocks);
  draft.notes.links.push(...html.links);
  draft.notes.images.push(...html.images);
  draft.removed.push(...html.removed);
  return end;
};

/** A paragraph, or a heading when it is underlined. Always reads at least one line. */
function readParagraph(lines: readonly string[], at: number, draft: Draft, place: Place): number {
  let end = at + 1;
  while (end < lines.length && !isBlank(lines[end])) {
    const underline = SETEXT.exec(lines[end]!);
    if (underline !== null) {
      const text = inlineText(lines.slice(at, end).join(' '), draft.notes).trim();
      draft.blocks.push({ kind: 'heading', level: underline[1]!.startsWith('=') ? 1 : 2, text });
      return end + 1;
    }
    if (startsBlock(lines[end]!)) break;
    end += 1;
  }
  pushText(
    draft,
    place,
    lines
      .slice(at, end)
      .map((line) => line.trim())
      .join('\n'),
  );
  return end;
}

const READERS: readonly Reader[] = [
  readHeading,
  readFence,
  readRule,
  readQuote,
  readItem,
  readIndentedCode,
  readFootnote,
  readDefinition,
  readTable,
  readHtml,
];

/** Whether a line ends a paragraph above it. */
function startsBlock(line: string): boolean {
  const item = ITEM.exec(line);
  const isItem = item !== null && (item[4] ?? '') !== '' && !/^(?!1[.)])\d/u.test(item[2]!);
  return isItem || [ATX, FENCE, RULE, QUOTE, FOOTNOTE, HTML_BLOCK].some((pattern) => pattern.test(line));
}

function readLines(lines: readonly string[], draft: Draft, place: Place): void {
  for (let at = 0; at < lines.length;) {
    if (isBlank(lines[at])) {
      at += 1;
      continue;
    }
    const readers = place.depth > MAX_NESTING ? [] : READERS;
    let next: number | undefined;
    for (const reader of readers) {
      next = reader(lines, at, draft, place);
      if (next !== undefined) break;
    }
    at = next ?? readParagraph(lines, at, draft, place);
  }
}

/** Link targets by their lower-case names, wherever in the document they are defined. */
function readReferences(lines: readonly string[]): Map<string, string> {
  const references = new Map<string, string>();
  for (const line of lines) {
    const match = DEFINITION.exec(line);
    if (match !== null) references.set(match[1]!.toLowerCase(), match[2]!);
  }
  return references;
}

/** The scalar values of a front matter block; nothing when it is not YAML. */
function readFrontMatter(source: string): Record<string, string> {
  const metadata: Record<string, string> = {};
  let parsed: unknown;
  try {
    parsed = parseYaml(source, { maxAliasCount: 0 });
  } catch {
    return metadata;
  }
  if (typeof parsed !== 'object' || parsed === null) return metadata;
  for (const [key, value] of Object.entries(parsed)) {
    if (['string', 'number', 'boolean'].includes(typeof value)) metadata[key] = String(value);
  }
  return metadata;
}

/** Reads Markdown (CommonMark with GFM tables, footnotes and YAML front matter). Never fails. */
export function parseMarkdown(source: string): ParsedDocument {
  const text = source.replace(/^\uFEFF/u, '').replace(/\r\n?/gu, '\n');
  const front = /^---\n([\s\S]*?)\n(?:---|\.\.\.)(?:\n|$)/u.exec(text);
  const metadata = front === null ? {} : readFrontMatter(front[1]!);
  const lines = text.slice(front?.[0].length ?? 0).split('\n');
  const notes: InlineNotes = { links: [], images: [], references: readReferences(lines) };
  const draft: Draft = { blocks: [], notes, removed: [] };
  readLines(lines, draft, { listLevel: 0, isQuote: false, depth: 0 });
  const firstHeading = draft.blocks.find((block) => block.kind === 'heading');
  const title = metadata['title'] ?? (firstHeading?.level === 1 ? firstHeading.text : undefined);
  return {
    format: 'markdown',
    title,
    metadata,
    pages: [],
    blocks: draft.blocks,
    removed: draft.removed,
    links: notes.links,
    images: notes.images,
    warnings: [],
  };
}
