const HEAD_BYTES = 4;

/** A message on a pipe: its length in four bytes, then its bytes. */
export function toFrame(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEAD_BYTES + message.length);
  new DataView(frame.buffer).setUint32(0, message.length);
  frame.set(message, HEAD_BYTES);
  return frame;
}

/** Thrown for a message that is longer than allowed, before it is read. */
export class FrameTooLarge extends Error {
  override readonly name = 'FrameTooLarge';
}

/** Puts the pieces of a pipe together to messages. */
export class FrameReader {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes a piece and gives the messages that it completes. @throws {FrameTooLarge} */
  push(piece: Uint8Array): Uint8Array[] {
    this.#parts.push(piece);
    this.#length += piece.length;
    const messages: Uint8Array[] = [];
    for (let size = this.#nextSize(); size !== undefined; size = this.#nextSize()) {
      if (size > this.#maxBytes) throw new FrameTooLarge(`${size} bytes`);
      if (this.#length < HEAD_BYTES + size) break;
      const whole = Buffer.concat(this.#parts);
      messages.push(whole.subarray(HEAD_BYTES, HEAD_BYTES + size));
      this.#parts = [whole.subarray(HEAD_BYTES + size)];
      this.#length -= HEAD_BYTES + size;
    }
    return messages;
  }

  #nextSize(): number | undefined {
    if (this.#length < HEAD_BYTES) return undefined;
    const [first] = this.#parts;
    if (first !== undefined && first.length >= HEAD_BYTES) {
      return new DataView(first.buffer, first.byteOffset).getUint32(0);
    }
    const whole = Buffer.concat(this.#parts);
    this.#parts = [whole];
    return whole.readUInt32BE(0);
  }
}
