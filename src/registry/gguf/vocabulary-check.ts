import { GgufFault } from './fault.ts';
import { FingerprintSet } from './fingerprint-set.ts';
import type { ArrayVisitor } from './values.ts';

const BYTE_TOKEN_TYPE = 6;
const BYTE_TOKEN = /^<0x[0-9A-Fa-f]{2}>$/;

/**
 * Watches a vocabulary go by. A token of type "byte" must be spelled `<0xHH>`: the native tokenizer reads the two
 * digits without checking, and `<0x-1>` has been used to write outside its table. No two tokens may be alike: the
 * native loader stops its whole process at that.
 */
export class VocabularyCheck {
  readonly #seen = new FingerprintSet();
  readonly #byteTokens = new Set<number>();
  /** Tokens that look like a byte but are not spelled like one. */
  readonly #misspelled = new Set<number>();
  #typedBytes: number[] = [];
  readonly #invalidTypes: number[] = [];

  /** What to watch in the array of this key. */
  visitorFor(key: string): ArrayVisitor {
    if (key === 'tokenizer.ggml.tokens')
      return { onString: (index, window, start, end) => this.#onToken(index, window, start, end) };
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

  #onToken(index: number, window: Buffer, start: number, end: number): void {
    if (!this.#seen.add(window, start, end))
      throw new GgufFault('vocabulary.inconsistent', `Token ${index} is in the vocabulary twice.`);
    if (window[start] !== 0x3c || end - start < 3) return;
    const text = window.toString('latin1', start, end);
    if (!text.startsWith('<0x')) return;
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
