/** One piece of a sample's source, in reading order. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  /** An item of a list: level 1 is numbered or a bullet, level 2 is lettered. */
  | { readonly kind: 'item'; readonly level: 1 | 2; readonly marker: string; readonly text: string }
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'signatures'; readonly columns: readonly string[] };

/** What a sample document is made from: a few named fields and the text. */
export interface Source {
  readonly fields: ReadonlyMap<string, string>;
  readonly blocks: readonly Block[];
}

const cellsOf = (line: string): string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

/** The block that one line stands for; undefined for a table row, which needs its neighbours. */
function blockOf(line: string): Block | undefined {
  const heading = /^(#{1,3}) (.+)$/.exec(line);
  if (heading) return { kind: 'heading', level: heading[1]!.length, text: heading[2]! };
  const item = /^(\s*)(-|\d+\.|[a-z]\)) (.+)$/.exec(line);
  if (item) return { kind: 'item', level: item[1] === '' ? 1 : 2, marker: item[2]!, text: item[3]! };
  if (line.startsWith('@signatures ')) return { kind: 'signatures', columns: cellsOf(line.slice(12)) };
  return line.startsWith('|') ? undefined : { kind: 'paragraph', text: line };
}

/**
 * Reads a source: `name: value` lines between two `---` lines, then one block a line in a small part of
 * Markdown: headings, paragraphs, `1.` and `-` items, indented `a)` items, tables, and
 * `@signatures left | right`.
 * @throws {Error} when the opening fields are missing.
 */
export function parseSource(text: string): Source {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text);
  if (!match) throw new Error('a sample source starts with its fields between two --- lines');
  const fields = new Map(
    match[1]!.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const blocks: Block[] = [];
  let table: string[][] = [];
  const endTable = (): void => {
    const [header, , ...rows] = table;
    if (header) blocks.push({ kind: 'table', header, rows });
    table = [];
  };
  for (const line of match[2]!.split('\n')) {
    if (line.startsWith('|')) table.push(cellsOf(line));
    else {
      endTable();
      const block = line.trim() === '' ? undefined : blockOf(line);
      if (block) blocks.push(block);
    }
  }
  endTable();
  return { fields, blocks };
}

/** A field that the source must have. */
export function fieldOf(source: Source, name: string): string {
  const value = source.fields.get(name);
  if (value === undefined) throw new Error(`a sample source lacks the field ${name}`);
  return value;
}

/** The text of a block as a reader sees it; the cells of a table row are joined by one space. */
export function textOf(block: Block): string {
  if (block.kind === 'table') return [block.header, ...block.rows].map((row) => row.join(' ')).join('\n');
  return block.kind === 'signatures' ? block.columns.join(' ') : block.text;
}
