import { z } from 'zod';
import type { Quarantine } from './parse-failure.ts';
import { QUARANTINE_REASONS } from './parse-failure.ts';
import { DOCUMENT_FORMATS, REMOVAL_REASONS, type Block, type ParsedDocument } from './parsed-document.ts';

// What comes out of the child process is checked like any other input: the bytes it read may own it.
const offset = z.int().min(0);
const page = z.int().min(1).optional();
const number = z.number();
const box = z.tuple([number, number, number, number]).readonly();
const word = z.object({ start: offset, end: offset, page: z.int().min(1), box });
const base = {
  text: z.string(),
  page,
  box: box.optional(),
  words: z.array(word).optional(),
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
const parsedDocument: z.ZodType<ParsedDocument> = z.object({
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

/** What the child says of one file. */
const reply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('progress'), page: offset }),
  z.object({ type: z.literal('inner'), fileName: z.string().max(4096), base64: z.base64() }),
  z.object({ type: z.literal('parsed'), parsed: parsedDocument }),
  z.object({ type: z.literal('quarantined'), verdict: quarantine }),
]);
export type ParseReply = z.infer<typeof reply>;

/** Whether the places inside of a block are inside of its text. */
function isConsistent({ text, words, ...block }: Block): boolean {
  const places = [...(words ?? []), ...(block.kind === 'table' ? block.table.cells : [])];
  return places.every(({ start, end }) => start <= end && end <= text.length);
}

/** Reads a message of the child; undefined when it is not one. */
export function readReply(json: string): ParseReply | undefined {
  let message: unknown;
  try {
    message = JSON.parse(json);
  } catch {
    return undefined;
  }
  const { data } = reply.safeParse(message);
  if (data?.type === 'parsed' && !data.parsed.blocks.every(isConsistent)) return undefined;
  return data;
}
