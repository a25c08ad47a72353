/** Messages from a callback to a loop: pushed as they come, taken in order, ended once. */
export class MessageQueue<Message> {
  readonly #messages: Message[] = [];
  #end: { readonly error: Error | undefined } | undefined;
  #wake: (() => void) | undefined;

  push(message: Message): void {
    if (this.#end !== undefined) return;
    this.#messages.push(message);
    this.#wake?.();
  }

  /** No more will come; with an error the loop throws it after the last message. */
  end(error?: Error): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  [Symbol.asyncIterator](): AsyncIterator<Message> {
    return { next: () => this.#next() };
  }

  async #next(): Promise<IteratorResult<Message, undefined>> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return { value: message, done: false };
      if (this.#end !== undefined) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return { value: undefined, done: true };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
