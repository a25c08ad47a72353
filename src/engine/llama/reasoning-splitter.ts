/** A part of an answer: what is said, or what was thought before. */
export interface AnswerPart {
  readonly kind: 'text' | 'reasoning';
  readonly text: string;
}

const OPEN = '<think>';
const CLOSE = '</think>';

/**
 * Parts thoughts from the answer: what stands between `<think>` and `</think>` at the start of an answer. The marks
 * themselves are never shown. A prompt that ends with an open mark begins inside.
 */
export class ReasoningSplitter {
  #state: 'start' | 'thinking' | 'after' | 'answering';
  #held = '';

  constructor(isInside: boolean) {
    this.#state = isInside ? 'thinking' : 'start';
  }

  push(text: string): AnswerPart[] {
    this.#held += text;
    const parts: AnswerPart[] = [];
    while (this.#advance(parts));
    return parts;
  }

  /** What was held back, once nothing more can come. */
  finish(): AnswerPart[] {
    const text = this.#held;
    this.#held = '';
    return text === '' ? [] : [{ kind: this.#state === 'thinking' ? 'reasoning' : 'text', text }];
  }

  /** One step; true when there may be another. */
  #advance(parts: AnswerPart[]): boolean {
    switch (this.#state) {
      case 'start':
        return this.#leaveStart();
      case 'thinking':
        return this.#leaveThinking(parts);
      case 'after':
        return this.#skipSpace();
      case 'answering':
      default:
        if (this.#held !== '') parts.push({ kind: 'text', text: this.#held });
        this.#held = '';
        return false;
    }
  }

  #leaveStart(): boolean {
    const text = this.#held.trimStart();
    if (text.startsWith(OPEN)) {
      this.#held = text.slice(OPEN.length);
      this.#state = 'thinking';
      return true;
    }
    if (OPEN.startsWith(text)) return false;
    this.#state = 'answering';
    return true;
  }

  #leaveThinking(parts: AnswerPart[]): boolean {
    const at = this.#held.indexOf(CLOSE);
    const shown = at >= 0 ? at : this.#held.length - endThatBegins(CLOSE, this.#held);
    if (shown > 0) parts.push({ kind: 'reasoning', text: this.#held.slice(0, shown) });
    this.#held = this.#held.slice(at >= 0 ? at + CLOSE.length : shown);
    if (at >= 0) this.#state = 'after';
    return at >= 0;
  }

  /** The blank lines between thought and answer belong to neither. */
  #skipSpace(): boolean {
    this.#held = this.#held.trimStart();
    if (this.#held === '') return false;
    this.#state = 'answering';
    return true;
  }
}

function endThatBegins(mark: string, text: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (mark.startsWith(text.slice(text.length - length))) return length;
  }
  return 0;
}
