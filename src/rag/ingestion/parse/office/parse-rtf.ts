import { collapse } from '../markup/markup-tree.ts';
import { bulletLength, readNumbering } from '../numbering.ts';
import { emptyDocument, type Block, type ParsedDocument, type RemovedRange } from '../parsed-document.ts';
import { tableOfRows } from '../tables.ts';
import { rtfTokens, type RtfToken } from './rtf-tokens.ts';
import {
  CHARSETS,
  codePage,
  decode,
  DESTINATIONS,
  SKIPPED,
  SYMBOLS,
  type Destination,
  type Group,
} from './rtf-vocabulary.ts';

/** Walks over the tokens of an RTF file. */
class RtfReader {
  readonly blocks: Block[] = [];
  readonly removed: RemovedRange[] = [];
  readonly metadata: Record<string, string> = {};
  #group: Group = { destination: 'body', encoding: 'windows-1252', skipAfterUnicode: 1, isHidden: false };
  readonly #stack: Group[] = [];
  readonly #texts = new Map<Destination, string>();
  #bytes: number[] = [];
  #pendingSkip = 0;
  #isOptional = false;
  #font = 0;
  readonly #fontEncodings = new Map<number, string>();
  readonly #headingStyles = new Map<number, number>();
  #style = 0;
  #outline: number | undefined;
  #isInTable = false;
  #row: string[] = [];
  #rows: string[][] = [];
  #notes: string[] = [];
  #styleInTable = 0;

  read(tokens: Iterable<RtfToken>): void {
    for (const token of tokens) {
      if (token.kind === 'byte') this.#byte(token.value);
      else {
        this.#flushBytes();
        if (token.kind === 'open') this.#stack.push(this.#group);
        else if (token.kind === 'close') this.#close();
        else this.#control(token.name, token.value);
      }
    }
    this.#flushBytes();
    this.#endParagraph();
    this.#endTable();
  }

  #byte(value: number): void {
    this.#isOptional = false;
    if (this.#pendingSkip > 0) this.#pendingSkip -= 1;
    else this.#bytes.push(value);
  }

  #flushBytes(): void {
    if (this.#bytes.length === 0) return;
    const text = decode(Uint8Array.from(this.#bytes), this.#group.encoding);
    this.#bytes = [];
    this.#addText(text);
  }

  #addText(text: string): void {
    const { destination, isHidden } = this.#group;
    if (destination === 'skip' || (isHidden && destination === 'body')) return;
    this.#texts.set(destination, (this.#texts.get(destination) ?? '') + text);
  }

  #take(destination: Destination): string {
    const text = this.#texts.get(destination) ?? '';
    this.#texts.delete(destination);
    return text
      .split('\n')
      .map(collapse)
      .filter((line) => line !== '')
      .join('\n');
  }

  #close(): void {
    const closed = this.#group;
    this.#group = this.#stack.pop() ?? this.#group;
    this.#pendingSkip = 0;
    if (closed.destination !== this.#group.destination) this.#endDestination(closed.destination);
  }

  /** What a group held besides the body is done with when it closes. */
  #endDestination(destination: Destination): void {
    if (
      destination === 'body' ||
      destination === 'skip' ||
      destination === 'fonts' ||
      destination === 'label'
    )
      return;
    const text = this.#take(destination);
    if (destination === 'styles' || text === '') return;
    if (destination === 'footnote') this.#notes.push(text);
    else if (destination === 'title' || destination === 'author') this.metadata[destination] = text;
    else this.removed.push({ reason: destination, text });
  }

  #control(name: string, value: number | undefined): void {
    if (name === '*') {
      this.#isOptional = true;
      return;
    }
    const isOptional = this.#isOptional;
    this.#isOptional = false;
    if (this.#enter(name, isOptional)) return;
    const symbol = SYMBOLS[name];
    if (symbol !== undefined) this.#addText(symbol);
    else if (name === 'u') this.#unicode(value ?? 0);
    else this.#property(name, value);
  }

  /** Whether a control opens a destination; text of unknown optional ones is skipped. */
  #enter(name: string, isOptional: boolean): boolean {
    const { destination } = this.#group;
    if (name === 'info') return true;
    const target = DESTINATIONS[name];
    if (target !== undefined && destination !== 'skip') {
      this.#group = { ...this.#group, destination: target };
      return true;
    }
    const isSkipped = SKIPPED.has(name) || (isOptional && !['shppict', 'fldinst', 'shptxt'].includes(name));
    if (isSkipped) this.#group = { ...this.#group, destination: 'skip' };
    return isSkipped;
  }

  #unicode(value: number): void {
    this.#addText(String.fromCharCode(value < 0 ? value + 65_536 : value));
    this.#pendingSkip = this.#group.skipAfterUnicode;
  }

  #property(name: string, value: number | undefined): void {
    switch (name) {
      case 'ansicpg':
        this.#group = { ...this.#group, encoding: codePage(value ?? 1252) };
        break;
      case 'uc':
        this.#group = { ...this.#group, skipAfterUnicode: value ?? 1 };
        break;
      case 'v':
        this.#group = { ...this.#group, isHidden: value !== 0 };
        break;
      case 'f':
        this.#font = value ?? 0;
        if (this.#group.destination !== 'fonts') this.#setFont();
        break;
      case 'fcharset':
        this.#fontEncodings.set(this.#font, CHARSETS[value ?? 0] ?? 'windows-1252');
        break;
      default:
        this.#structure(name, value);
    }
  }

  /** A font's character set decides; the plain Western one leaves the code page of the file. */
  #setFont(): void {
    const encoding = this.#fontEncodings.get(this.#font);
    if (encoding !== undefined && encoding !== 'windows-1252') this.#group = { ...this.#group, encoding };
  }

  #structure(name: string, value: number | undefined): void {
    const { destination } = this.#group;
    if (destination === 'styles') this.#defineStyle(name, value);
    else if (destination === 'body') this.#layOut(name, value);
    else if (name === 'par') this.#addText('\n');
  }

  #layOut(name: string, value: number | undefined): void {
    switch (name) {
      case 'par':
      case 'sect':
      case 'page':
        this.#endParagraph();
        break;
      case 'pard':
        this.#isInTable = false;
        this.#style = 0;
        this.#outline = undefined;
        break;
      case 'intbl':
        this.#isInTable = true;
        break;
      case 's':
        this.#style = value ?? 0;
        break;
      case 'outlinelevel':
        this.#outline = value;
        break;
      default:
        this.#layOutCell(name);
    }
  }

  #layOutCell(name: string): void {
    if (name === 'cell' || name === 'nestcell') this.#row.push(this.#take('body').replaceAll('\n', ' '));
    else if (name === 'row' || name === 'nestrow') this.#endRow();
  }

  #defineStyle(name: string, value: number | undefined): void {
    if (name === 's') this.#styleInTable = value ?? 0;
    else if (name === 'outlinelevel' && value !== undefined && value < 9)
      this.#headingStyles.set(this.#styleInTable, value);
  }

  #endRow(): void {
    if (this.#row.length > 0) this.#rows.push(this.#row);
    this.#row = [];
  }

  #endTable(): void {
    const rows = this.#rows.filter((row) => row.some((cell) => cell !== ''));
    this.#rows = [];
    if (rows.length === 0) return;
    if (rows.length === 1 && rows[0]!.length === 1)
      this.blocks.push({ kind: 'paragraph', text: rows[0]![0]! });
    else this.blocks.push(tableOfRows(rows, rows.length > 1 ? 1 : 0));
  }

  #endParagraph(): void {
    if (this.#isInTable && this.#group.destination === 'body') {
      this.#addText(' ');
      return;
    }
    if (this.#row.length > 0) this.#endRow();
    this.#endTable();
    const label = this.#take('label');
    const text = this.#take('body');
    if (text !== '') this.blocks.push(this.#toBlock(text, label));
    for (const note of this.#notes) this.blocks.push({ kind: 'footnote', text: note });
    this.#notes = [];
  }

  #toBlock(text: string, label: string): Block {
    const outline = this.#outline ?? this.#headingStyles.get(this.#style);
    const isNumber = label !== '' && bulletLength(`${label} `) === 0 && /[\p{L}\p{N}]/u.test(label);
    const whole = isNumber ? `${label} ${text}` : text;
    const numbering = isNumber ? label : readNumbering(text)?.label;
    if (outline !== undefined && outline < 9)
      return { kind: 'heading', level: outline + 1, text: whole, label: numbering };
    if (label !== '')
      return { kind: 'list-item', level: 0, text: whole, label: isNumber ? label : undefined };
    const bullet = bulletLength(text);
    return bullet > 0
      ? { kind: 'list-item', level: 0, text: text.slice(bullet) }
      : { kind: 'paragraph', text };
  }
}

/** Reads Rich Text Format: paragraphs, headings by outline, lists, tables, footnotes. Never fails. */
export function parseRtf(bytes: Uint8Array): ParsedDocument {
  const reader = new RtfReader();
  reader.read(rtfTokens(bytes));
  const { blocks, removed, metadata } = reader;
  const title = metadata['title'] ?? blocks.find(({ kind }) => kind === 'heading')?.text;
  return { ...emptyDocument('rtf'), title, metadata, blocks, removed };
}
