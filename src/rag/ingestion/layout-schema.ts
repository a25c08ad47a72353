import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { Span } from '#core/index.ts';
import { boxesOf, type CanonicalText, type SourceBox } from './parse/canonical-text.ts';
import {
  REMOVAL_REASONS,
  type Block,
  type Page,
  type ParsedDocument,
  type RemovedRange,
  type Word,
} from './parse/parsed-document.ts';

/** A heading with its place in the canonical text. */
export interface OutlineEntry extends Span {
  readonly level: number;
  readonly text: string;
  readonly page: number | undefined;
}

/** What is kept of a version beside its chunks: pages, headings, what was left out, and where each word stands. */
export interface VersionLayout {
  readonly format: string;
  readonly pages: readonly Page[];
  readonly outline: readonly OutlineEntry[];
  readonly removed: readonly Pick<RemovedRange, 'reason' | 'text' | 'page'>[];
  readonly warnings: readonly { readonly code: string; readonly detail: string }[];
  /** The rectangles that mark a span of the canonical text, in PDF points from the top left corner. */
  boxesOf(span: Span): readonly SourceBox[];
}

/** Boxes are kept in tenths of a point: a reader's eye sees no less. */
const SCALE = 10;
const NUMBERS_PER_WORD = 7;
const MAX_LAYOUT_BYTES = 256 * 1024 * 1024;

const Stored = z.object({
  format: z.string(),
  pages: z.array(z.tuple([z.number(), z.number(), z.number(), z.number().nullable()])),
  outline: z.array(z.tuple([z.number(), z.number(), z.number(), z.string(), z.number().nullable()])),
  removed: z.array(z.object({ reason: z.string(), text: z.string(), page: z.number().optional() })),
  warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
  // Start and end in the text, page and box of the block (0 and empty where it has none), then its words, each as the
  // difference to the one before: small numbers pack well.
  blocks: z.array(z.tuple([z.number(), z.number(), z.number(), z.array(z.number()), z.array(z.number())])),
});
type Stored = z.infer<typeof Stored>;

const toTenths = (values: readonly number[]) => values.map((value) => Math.round(value * SCALE));

function packWords(words: readonly Word[]): number[] {
  const packed: number[] = [];
  const before = Array.from({ length: NUMBERS_PER_WORD }, () => 0);
  const add = (place: number, value: number): void => {
    packed.push(value - before[place]!);
    before[place] = value;
  };
  for (const { start, end, page, box } of words) {
    add(0, start);
    add(1, end);
    add(2, page);
    for (let side = 0; side < box.length; side++) add(3 + side, Math.round(box[side]! * SCALE));
  }
  return packed;
}

function unpackWords(packed: readonly number[]): Word[] {
  const words: Word[] = [];
  let before: number[] = Array.from({ length: NUMBERS_PER_WORD }, () => 0);
  for (let at = 0; at + NUMBERS_PER_WORD <= packed.length; at += NUMBERS_PER_WORD) {
    before = before.map((value, index) => value + packed[at + index]!);
    const [start = 0, end = 0, page = 0, x0 = 0, y0 = 0, x1 = 0, y1 = 0] = before;
    words.push({ start, end, page, box: [x0 / SCALE, y0 / SCALE, x1 / SCALE, y1 / SCALE] });
  }
  return words;
}

/** Packs what is kept of a parsed document; about six bytes a word. */
export function encodeLayout(parsed: ParsedDocument, canonical: CanonicalText): Uint8Array {
  const spans = canonical.blockSpans;
  const stored: Stored = {
    format: parsed.format,
    pages: parsed.pages.map((page) => [page.number, page.width, page.height, page.ocrConfidence ?? null]),
    outline: parsed.blocks.flatMap((block, index): Stored['outline'] => {
      const { start, end } = spans[index]!;
      return block.kind === 'heading' ? [[start, end, block.level, block.text, block.page ?? null]] : [];
    }),
    removed: parsed.removed.map(({ reason, text, page }) => ({ reason, text, ...(page && { page }) })),
    warnings: parsed.warnings.map(({ code, detail }) => ({ code, detail })),
    blocks: parsed.blocks.map((block, index) => {
      const { start, end } = spans[index]!;
      const box = block.box === undefined ? [] : toTenths(block.box);
      return [start, end, block.page ?? 0, box, packWords(block.words ?? [])];
    }),
  };
  return deflateRawSync(JSON.stringify(stored));
}

/** Unpacks a layout. @throws {Error} when the row is damaged. */
export function decodeLayout(bytes: Uint8Array): VersionLayout {
  const text = inflateRawSync(bytes, { maxOutputLength: MAX_LAYOUT_BYTES }).toString('utf8');
  const stored = Stored.parse(JSON.parse(text));
  const blockSpans = stored.blocks.map(([start, end]) => ({ start, end }));
  const blocks = stored.blocks.map(([, , page, box, words]): Block => {
    const [x0, y0, x1, y1] = box;
    return {
      kind: 'paragraph',
      text: '',
      ...(page > 0 && { page }),
      ...(x0 !== undefined &&
        y0 !== undefined &&
        x1 !== undefined &&
        y1 !== undefined && { box: [x0 / SCALE, y0 / SCALE, x1 / SCALE, y1 / SCALE] }),
      ...(words.length > 0 && { words: unpackWords(words) }),
    };
  });
  return {
    format: stored.format,
    pages: stored.pages.map(([number, width, height, ocrConfidence]) => {
      return { number, width, height, ...(ocrConfidence !== null && { ocrConfidence }) };
    }),
    outline: stored.outline.map(([start, end, level, title, page]) => {
      return { start, end, level, text: title, page: page ?? undefined };
    }),
    removed: stored.removed.flatMap(({ reason, text, page }) => {
      const known = REMOVAL_REASONS.find((one) => one === reason);
      return known === undefined ? [] : [{ reason: known, text, page }];
    }),
    warnings: stored.warnings,
    boxesOf: (span) => boxesOf({ text: '', blockSpans }, blocks, span),
  };
}
