import { GgufFault } from './fault.ts';
import type { ArrayVisitor } from './values.ts';

const BYTE_TOKEN_TYPE = 6;
const BYTE_TOKEN = /^<0x[0-9A-Fa-f]{2}>$/;
const BYTE_TOKEN_START = Buffer.from('<0x');

/**
 * Watches a vocabulary go by. A token of type "byte" must be spelled `<0xHH>`: the native tokenizer reads the two
 * digits without checking, and `<0x-1>` has been used to write outside its table.
 */
export class VocabularyCheck {
  readonly #byteTokens = new Set<number>();
  /** Tokens that look like a byte but are not spelled like one. */
  readonly #misspelled = new Set<number>();
  #typedBytes: number[] = [];
  readonly #invalidTypes: number[] = [];

  /** What to watch in the array of this key. */
  visitorFor(key: string): ArrayVisitor {
    if (key === 'tokenizer.ggml.tokens') return { onString: (bytes, index) => this.#onToken(bytes, index) };
    if (key === 'tokenizer.ggml.token_type') return { onInt32: (type, index) => this.#onType(type, index) };
    return {};
  }

  /** @throws {GgufFault} when a byte token is not one. Call it after the last key. */
  finish(): void {
    if (this.#invalidTypes.length > 0)
      throw new GgufFault('vocabulary.inconsistent', `Token ${this.#invalidTypes[0]} has an unknown type.`);
    const wrong = this.#typedBytes.find((index) => !this.#byteTokens.has(index));
    if (wrong !== undefined || this.#misspelled.size > 0)
      throw new GgufFault('vocabulary.byte_token', 'A byte token is not spelled as one.');
  }

  #onToken(bytes: Buffer, index: number): void {
    if (bytes[0] !== 0x3c || !bytes.subarray(0, 3).equals(BYTE_TOKEN_START)) return;
    const text = bytes.toString('latin1');
    if (BYTE_TOKEN.test(text)) this.#byteTokens.add(index);
    // `<0x` alone is an ordinary token of vocabularies made from program code.
    else if (text.endsWith('>')) this.#misspelled.add(index);
  }

  #onType(type: number, index: number): void {
    if (type < 0 || type > 6) this.#invalidTypes.push(index);
    if (type === BYTE_TOKEN_TYPE) this.#typedBytes.push(index);
    if (this.#typedBytes.length > 512 || this.#invalidTypes.length > 0) {
      // A vocabulary has 256 byte tokens; more than twice that is no vocabulary, and the list stays short.
      this.#typedBytes = this.#typedBytes.slice(0, 513);
    }
  }
}
