import { collapse } from '../markup/markup-tree.ts';
import { ParseFailure } from '../parse-failure.ts';
import { emptyDocument, type Block, type Page, type ParsedDocument } from '../parsed-document.ts';
import type { CompoundFile } from './compound-file.ts';

/** Records of a presentation (MS-PPT, 2.13.24). */
const SLIDE = 0x03ee;
const NOTES = 0x03f0;
const MAIN_MASTER = 0x03f8;
const PERSIST = 0x03f3;
const TEXT_HEADER = 0x0f9f;
const TEXT_WIDE = 0x0fa0;
const TEXT_NARROW = 0x0fa8;
const SLIDE_LIST = 0x0ff0;
const CONTAINER = 0x0f;
const ENCRYPTED_TOKEN = 0xf3d1c4df;
const TITLES = new Set([0, 6]);
const BODIES = new Set([1, 5, 7, 8]);
const MAX_DEPTH = 40;

interface Walk {
  readonly blocks: Block[];
  readonly seen: Set<string>;
  slide: number;
  textType: number;
}

function pushText(walk: Walk, text: string): void {
  const isTitle = TITLES.has(walk.textType);
  for (const line of text.split(/[\r\n]/u)) {
    const shown = collapse(line.replace(/[\v\0]/gu, ' '));
    // Slides repeat in their drawing what the outline says.
    const key = `${walk.slide} ${shown}`;
    if (shown === '' || shown === '*' || walk.seen.has(key)) continue;
    walk.seen.add(key);
    const page = Math.max(1, walk.slide);
    if (isTitle) walk.blocks.push({ kind: 'heading', level: 1, text: shown, page });
    else
      walk.blocks.push(
        BODIES.has(walk.textType)
          ? { kind: 'list-item', level: 0, text: shown, page }
          : { kind: 'paragraph', text: shown, page },
      );
  }
}

function walkRecords(walk: Walk, bytes: Uint8Array, depth: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length;) {
    const head = view.getUint16(at, true);
    const type = view.getUint16(at + 2, true);
    const data = bytes.subarray(at + 8, at + 8 + view.getUint32(at + 4, true));
    at += 8 + view.getUint32(at + 4, true);
    readRecord(
      walk,
      { type, instance: head >> 4, isContainer: (head & CONTAINER) === CONTAINER, data },
      depth,
    );
  }
}

interface PptRecord {
  readonly type: number;
  readonly instance: number;
  readonly isContainer: boolean;
  readonly data: Uint8Array;
}

function readRecord(walk: Walk, record: PptRecord, depth: number): void {
  const { type, instance, isContainer, data } = record;
  if (type === PERSIST) {
    walk.slide += 1;
  } else if (type === TEXT_HEADER) {
    walk.textType = data[0] ?? 4;
  } else if (type === TEXT_WIDE) {
    pushText(walk, new TextDecoder('utf-16le').decode(data));
  } else if (type === TEXT_NARROW) {
    pushText(walk, new TextDecoder('latin1').decode(data));
  } else if (
    isContainer &&
    depth < MAX_DEPTH &&
    type !== MAIN_MASTER &&
    !(type === SLIDE_LIST && instance === 1)
  ) {
    walkRecords(walk, data, depth + 1);
  }
}

/** The drawings of slides hold the texts that are not in the outline. */
function readSlides(walk: Walk, stream: Uint8Array): void {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  let number = 0;
  for (let at = 0; at + 8 <= stream.length;) {
    const type = view.getUint16(at + 2, true);
    const size = view.getUint32(at + 4, true);
    if (type === SLIDE || type === NOTES) {
      if (type === SLIDE) number += 1;
      walk.slide = number;
      walk.textType = 4;
      walkRecords(walk, stream.subarray(at + 8, at + 8 + size), 1);
    }
    at += 8 + size;
  }
}

/**
 * Reads a presentation of PowerPoint 97 to 2003 (MS-PPT): the texts of its slides and notes.
 * @throws {ParseFailure} `encrypted`, `damaged`.
 */
export function parsePpt(file: CompoundFile): ParsedDocument {
  const stream = file.streams.get('PowerPoint Document');
  if (stream === undefined) throw new ParseFailure('damaged', { format: 'ppt' });
  const user = file.streams.get('Current User');
  if (user !== undefined && user.length >= 16) {
    const token = new DataView(user.buffer, user.byteOffset, user.byteLength).getUint32(12, true);
    if (token === ENCRYPTED_TOKEN) throw new ParseFailure('encryption-unsupported', { format: 'ppt' });
  }
  const walk: Walk = { blocks: [], seen: new Set(), slide: 0, textType: 4 };
  walkDocument(walk, stream);
  readSlides(walk, stream);
  const blocks = walk.blocks.toSorted((a, b) => (a.page ?? 0) - (b.page ?? 0));
  const last = Math.max(0, ...blocks.map(({ page }) => page ?? 0));
  const pages = Array.from({ length: last }, (_, index): Page => ({
    number: index + 1,
    width: 720,
    height: 540,
  }));
  return {
    ...emptyDocument('ppt'),
    title: blocks.find(({ kind }) => kind === 'heading')?.text,
    pages,
    blocks,
  };
}

const DOCUMENT = 0x03e8;

/** The outline of all slides stands in the document's own record. */
function walkDocument(walk: Walk, stream: Uint8Array): void {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  for (let at = 0; at + 8 <= stream.length; at += 8 + view.getUint32(at + 4, true)) {
    if (view.getUint16(at + 2, true) !== DOCUMENT) continue;
    walkRecords(walk, stream.subarray(at + 8, at + 8 + view.getUint32(at + 4, true)), 1);
  }
}
