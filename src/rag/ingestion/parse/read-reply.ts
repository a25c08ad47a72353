import type { Block, ParsedDocument, Word } from './parsed-document.ts';
import { readHead, type ParseReply, type ReplyHead } from './parsed-document-schema.ts';
import { LENGTH_BYTES, NUMBERS_PER_WORD, PARSED_HEAD } from './write-reply.ts';

const isOffset = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** One word; undefined when it is none, or stands outside of its text. */
function readWord(numbers: Float64Array, at: number, length: number): Word | undefined {
  const [start, end, page] = [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!];
  const isPlaced = isOffset(start) && isOffset(end) && start <= end && end <= length;
  if (!isPlaced || !isOffset(page) || page < 1) return undefined;
  const [x0, y0, x1, y1] = [numbers[at + 3]!, numbers[at + 4]!, numbers[at + 5]!, numbers[at + 6]!];
  if (!Number.isFinite(x0 + y0 + x1 + y1)) return undefined;
  return { start, end, page, box: [x0, y0, x1, y1] };
}

function readNumbers(bytes: Uint8Array): Float64Array | undefined {
  if (bytes.length % Float64Array.BYTES_PER_ELEMENT !== 0) return undefined;
  const numbers = new Float64Array(bytes.length / Float64Array.BYTES_PER_ELEMENT);
  new Uint8Array(numbers.buffer).set(bytes);
  return numbers;
}

/** The document with its words; undefined when they do not fit it. */
function withWords(
  { parsed }: Extract<ReplyHead, { type: 'parsed' }>,
  numbers: Float64Array,
): ParsedDocument | undefined {
  const blocks: Block[] = [];
  let at = 0;
  for (const { words: count, ...block } of parsed.blocks) {
    if (count === undefined) {
      blocks.push(block);
      continue;
    }
    const words: Word[] = [];
    if (at + count * NUMBERS_PER_WORD > numbers.length) return undefined;
    for (let index = 0; index < count; index++) {
      const word = readWord(numbers, at, block.text.length);
      if (word === undefined) return undefined;
      words.push(word);
      at += NUMBERS_PER_WORD;
    }
    blocks.push({ ...block, words });
  }
  return at === numbers.length ? { ...parsed, blocks } : undefined;
}

/** Reads a message of the child, which is not to be trusted; undefined when it is not one. */
export function readReply(message: Uint8Array): ParseReply | undefined {
  if (message.length < LENGTH_BYTES) return undefined;
  const size = new DataView(message.buffer, message.byteOffset).getUint32(0);
  const end = LENGTH_BYTES + size;
  if (end > message.length) return undefined;
  const head = readHead(
    Buffer.from(message.buffer, message.byteOffset + LENGTH_BYTES, size).toString('utf8'),
  );
  const numbers = readNumbers(message.subarray(end));
  if (head === undefined || numbers === undefined) return undefined;
  if (head.type !== 'parsed') return numbers.length === 0 ? head : undefined;
  const parsed = withWords(head, numbers);
  return parsed && { type: 'parsed', parsed };
}

/** Whether a message claims to be a document, told by its first bytes alone. */
export function claimsDocument(message: Uint8Array): boolean {
  const head = message.subarray(LENGTH_BYTES, LENGTH_BYTES + PARSED_HEAD.length);
  return Buffer.from(head).toString('latin1') === PARSED_HEAD;
}

/** The document in a message that was kept; undefined when there is none. */
export function readDocumentMessage(message: Uint8Array): ParsedDocument | undefined {
  const reply = readReply(message);
  return reply?.type === 'parsed' ? reply.parsed : undefined;
}
