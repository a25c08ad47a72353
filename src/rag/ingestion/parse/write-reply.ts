import type { Block } from './parsed-document.ts';
import type { ParseReply } from './parsed-document-schema.ts';

// A message is the length of its head, the head as JSON, then the places of all words as numbers: a page has hundreds
// of them, and as JSON they would take longer to write, read and check than the page took to parse.

/** Start, end, page, and the box. */
export const NUMBERS_PER_WORD = 7;
/** The length of the head. */
export const LENGTH_BYTES = 4;
/** How the head of a document begins. */
export const PARSED_HEAD = '{"type":"parsed"';

function packWords(blocks: readonly Block[]): Float64Array {
  const count = blocks.reduce((sum, { words }) => sum + (words?.length ?? 0), 0);
  const numbers = new Float64Array(count * NUMBERS_PER_WORD);
  let at = 0;
  for (const { words } of blocks) {
    for (const { start, end, page, box } of words ?? []) {
      numbers[at] = start;
      numbers[at + 1] = end;
      numbers[at + 2] = page;
      for (let side = 0; side < box.length; side++) numbers[at + 3 + side] = box[side]!;
      at += NUMBERS_PER_WORD;
    }
  }
  return numbers;
}

/** As `readHead` takes it. */
function toHead(reply: ParseReply): object {
  if (reply.type !== 'parsed') return reply;
  const blocks = reply.parsed.blocks.map((block) => ({ ...block, words: block.words?.length }));
  return { type: 'parsed', parsed: { ...reply.parsed, blocks } };
}

/** What the child says of one file, as bytes. */
export function toReplyMessage(reply: ParseReply): Uint8Array {
  const head = Buffer.from(JSON.stringify(toHead(reply)));
  const numbers = reply.type === 'parsed' ? packWords(reply.parsed.blocks) : new Float64Array(0);
  const message = new Uint8Array(LENGTH_BYTES + head.length + numbers.byteLength);
  new DataView(message.buffer).setUint32(0, head.length);
  message.set(head, LENGTH_BYTES);
  message.set(new Uint8Array(numbers.buffer), LENGTH_BYTES + head.length);
  return message;
}
