import { z } from 'zod';
import type { Quarantine } from './parse-failure.ts';
import { QUARANTINE_REASONS } from './parse-failure.ts';
import { DOCUMENT_FORMATS, REMOVAL_REASONS, type ParsedDocument } from './parsed-document.ts';

// What comes out of the child process is checked like any other input: the bytes it read may own it.
const offset = z.int().min(0);
const page = z.int().min(1).optional();
const number = z.number();
const box = z.tuple([number, number, number, number]).readonly();
const base = {
  text: z.string(),
  page,
  box: box.optional(),
  // How many; they follow as numbers.
  words: offset.optional(),
  language: z.string().optional(),
};
const label = z.string().optional();
const level = z.int().min(0).max(100);
const cell = z.object({
  start: offset,
  end: offset,
  row: offset,
  column: offset,
  rowSpan: z.int().min(1),
  columnSpan: z.int().min(1),
  isHeader: z.boolean(),
});
const table = z.object({ rows: offset, columns: offset, cells: z.array(cell), continuedFromPage: page });
const block = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('heading'), level, label, ...base }),
  z.object({ kind: z.literal('paragraph'), ...base }),
  z.object({ kind: z.literal('list-item'), level, label, ...base }),
  z.object({ kind: z.literal('table'), table, ...base }),
  z.object({ kind: z.literal('footnote'), label, ...base }),
  z.object({ kind: z.literal('code'), ...base }),
  z.object({ kind: z.literal('quote'), ...base }),
]);
const parsedDocument = z.object({
  format: z.enum(DOCUMENT_FORMATS),
  title: z.string().optional(),
  language: z.string().optional(),
  metadata: z.record(z.string(), z.string()),
  pages: z.array(
    z.object({ number: z.int().min(1), width: number, height: number, ocrConfidence: number.optional() }),
  ),
  blocks: z.array(block),
  removed: z.array(
    z.object({ reason: z.enum(REMOVAL_REASONS), text: z.string(), page, box: box.optional() }),
  ),
  links: z.array(z.object({ text: z.string(), target: z.string() })),
  images: z.array(z.object({ description: z.string(), page, box: box.optional() })),
  warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
});
const quarantine: z.ZodType<Quarantine> = z.object({
  quarantine: z.enum(QUARANTINE_REASONS),
  detail: z.record(z.string(), z.union([z.string(), number])),
});

const head = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('progress'), page: offset }),
  z.object({ type: z.literal('inner'), fileName: z.string().max(4096), base64: z.base64() }),
  z.object({ type: z.literal('parsed'), parsed: parsedDocument }),
  z.object({ type: z.literal('quarantined'), verdict: quarantine }),
]);
/** What the child says of one file, without the places of words. */
export type ReplyHead = z.infer<typeof head>;
/** What the child says of one file. */
export type ParseReply =
  | Exclude<ReplyHead, { type: 'parsed' }>
  | { readonly type: 'parsed'; readonly parsed: ParsedDocument };

/** Reads the head of a message of the child; undefined when it is not one. */
export function readHead(json: string): ReplyHead | undefined {
  try {
    const { data } = head.safeParse(JSON.parse(json));
    return data?.type === 'parsed' && !data.parsed.blocks.every(isConsistent) ? undefined : data;
  } catch {
    return undefined;
  }
}

/** Whether the cells of a table are inside of its text. */
function isConsistent(one: z.infer<typeof block>): boolean {
  if (one.kind !== 'table') return true;
  return one.table.cells.every(({ start, end }) => start <= end && end <= one.text.length);
}
