import type { ModelRuntime, StepOutcome, TokenSampler } from '#engine/llama/model-runtime.ts';

interface Row {
  readonly token: number;
  readonly position: number;
  readonly sequence: number;
  readonly wantsOutput: boolean;
}

/** Token that ends an answer. */
export const END = 0;
const VOCABULARY = 97;

/**
 * A model in memory for tests of the batcher. What it says next depends on every token of its sequence, so a cell
 * that is missing, doubled or another's changes the answer; positions out of order are refused at once.
 */
export class FakeRuntime implements ModelRuntime {
  readonly facts;
  readonly #cells = new Map<number, number[]>();
  readonly #capacity: number;
  #rows: Row[] = [];
  #decoded: Row[] = [];
  #isInterrupted = false;
  decodes = 0;
  sampled = 0;
  /** Called before each step: tests abort or fail there. */
  beforeDecode: (length: 'short' | 'long') => void = () => undefined;
  /** Largest step so far, in rows. */
  largestStep = 0;

  constructor(options: { readonly contextTokens?: number; readonly capacity?: number } = {}) {
    this.facts = {
      contextTokens: options.contextTokens ?? 512,
      vocabularySize: VOCABULARY,
      embeddingLength: 2,
      canShareCells: true,
      processorLibrary: 'fake',
    };
    this.#capacity = options.capacity ?? Infinity;
  }

  /** What comes after these tokens. Never the end before the tenth token of an answer, so that tests can count. */
  static next(tokens: readonly number[]): number {
    const hash = tokens.reduce((sum, token, index) => (sum * 31 + token * 7 + index) % 1_000_003, 17);
    return 1 + (hash % (VOCABULARY - 1));
  }

  tokenize(text: string): number[] {
    return Array.from(Buffer.from(text), (byte) => 1 + (byte % (VOCABULARY - 1)));
  }
  pieceOf(token: number): Uint8Array {
    return Buffer.from(String.fromCodePoint(0x100 + token));
  }
  isEnd(token: number): boolean {
    return token === END;
  }
  createSampler(): TokenSampler {
    return {
      sample: (row) => {
        this.sampled += 1;
        const { sequence, position, wantsOutput } = this.#decoded[row]!;
        if (!wantsOutput) throw new Error('no output was asked for at this row');
        return FakeRuntime.next(this.#cells.get(sequence)!.slice(0, position + 1));
      },
      free: () => undefined,
    };
  }
  clearBatch(): void {
    this.#rows = [];
  }
  addRow(row: Row): number {
    return this.#rows.push(row) - 1;
  }
  async decode(length: 'short' | 'long' = 'long'): Promise<StepOutcome> {
    this.#isInterrupted = false;
    if (length === 'long') await Promise.resolve();
    this.beforeDecode(length);
    const used = [...this.#cells.values()].reduce((sum, cells) => sum + cells.length, 0);
    if (used + this.#rows.length > this.#capacity) return 'no-room';
    this.decodes += 1;
    this.largestStep = Math.max(this.largestStep, this.#rows.length);
    // As the real one does, it may leave a part of an interrupted step in its cells.
    const rows = this.#isInterrupted ? this.#rows.slice(0, this.#rows.length / 2) : this.#rows;
    for (const { token, position, sequence } of rows) {
      const cells = this.#cells.get(sequence) ?? [];
      if (cells.length !== position)
        throw new Error(`sequence ${sequence} holds ${cells.length}, got ${position}`);
      cells.push(token);
      this.#cells.set(sequence, cells);
    }
    this.#decoded = this.#isInterrupted ? [] : this.#rows;
    return this.#isInterrupted ? 'interrupted' : 'done';
  }
  interrupt(): void {
    this.#isInterrupted = true;
  }
  copySequence(from: number, to: number, length: number): void {
    this.#cells.set(to, this.#cells.get(from)!.slice(0, length));
  }
  trimSequence(sequence: number, from: number): void {
    this.#cells.set(sequence, (this.#cells.get(sequence) ?? []).slice(0, from));
  }
  saveSequence(sequence: number): Uint8Array {
    return new Uint8Array(this.#cells.get(sequence) ?? []);
  }
  restoreSequence(sequence: number, data: Uint8Array): boolean {
    this.#cells.set(sequence, Array.from(data));
    return true;
  }
  pooled(sequence: number): Float32Array<ArrayBuffer> {
    return new Float32Array([3, this.#cells.get(sequence)?.length ?? 0]);
  }
}

/** The answer of the fake to a prompt, token by token. */
export function expectedAnswer(prompt: readonly number[], length: number): number[] {
  const tokens = [...prompt];
  for (let index = 0; index < length; index++) tokens.push(FakeRuntime.next(tokens));
  return tokens.slice(prompt.length);
}
