import {
  deleteConversation,
  listConversations,
  readMessages,
  renameConversation,
  restoreConversation,
} from '../../api/conversations.ts';
import { onReconnect } from '../../api/connection.ts';
import { ApiError } from '../../api/errors.ts';
import type { Conversation } from './conversation.ts';
import { toListed, toWhole } from './kept-conversation.ts';

type Change = () => Promise<unknown>;

const MOST_PAGES = 25;
const isAway = (error: unknown) => error instanceof ApiError && error.code === 'network';

/**
 * The way between the page and the server's conversations. Changes are sent in their order; those that find no
 * server wait until it is there again.
 */
export class ConversationSync {
  readonly #waiting: Change[] = [];
  readonly #onRefused: () => void;
  #isSending = false;
  readonly #stop: () => void;

  /** @param events `onBack`: the server is there again; `onRefused`: a change did not hold. */
  constructor(events: { onBack(): void; onRefused(): void }) {
    this.#onRefused = () => events.onRefused();
    this.#stop = onReconnect(() => {
      void this.#send().then(() => events.onBack());
    });
  }

  close(): void {
    this.#waiting.length = 0;
    this.#stop();
  }

  /** All conversations, page by page. @throws {ApiError} */
  async *list(): AsyncGenerator<readonly Conversation[]> {
    let after: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const { conversations, next } = await listConversations(after);
      yield conversations.map(toListed);
      if (next === null) return;
      after = next;
    }
  }

  /** @throws {ApiError} `conversation.not_found` */
  async read(id: string): Promise<Conversation> {
    return toWhole(await readMessages(id));
  }

  rename(id: string, title: string): void {
    this.#queue(() => renameConversation(id, title));
  }
  delete(id: string): void {
    this.#queue(() => deleteConversation(id));
  }
  restore(id: string): void {
    this.#queue(() => restoreConversation(id));
  }

  #queue(change: Change): void {
    this.#waiting.push(change);
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let change = this.#waiting[0]; change !== undefined; change = this.#waiting[0]) {
        await change();
        this.#waiting.shift();
      }
    } catch (error) {
      if (isAway(error)) return;
      // A refused change will not hold later either: what the server has is shown.
      this.#waiting.shift();
      this.#onRefused();
    } finally {
      this.#isSending = false;
    }
  }
}
