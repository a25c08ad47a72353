import type { ApiError } from '../../api/errors.ts';
import type { Answer } from './answer.ts';
import type { Conversation } from './conversation.ts';

/** What views are shown: conversations by id, and how reading them stands. */
export interface Snapshot {
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly listing: 'loading' | 'loaded' | 'failed';
  /** Why a conversation could not be opened. */
  readonly failures: ReadonlyMap<string, ApiError>;
}

const NOTHING: Snapshot = { conversations: new Map(), listing: 'loading', failures: new Map() };
const SMOOTH_MS = 50;
const HIDDEN_MS = 250;

/** The conversations as views see them. Views are told some times a second, not once per token. */
export class ShownConversations {
  readonly #listeners = new Set<() => void>();
  #snapshot = NOTHING;
  #next: Map<string, Conversation> | undefined;
  #publishedAtMs = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): Snapshot => this.#snapshot;

  /** The newest state, also of what views are told only with the next frame. */
  get all(): ReadonlyMap<string, Conversation> {
    return this.#next ?? this.#snapshot.conversations;
  }

  /** Shows nothing, as before the first list. */
  clear(): void {
    this.#next = undefined;
    this.set(NOTHING);
  }

  /** Tells views at once. */
  set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Shows these conversations at once. */
  replace(conversations: ReadonlyMap<string, Conversation>): void {
    this.#next = undefined;
    this.set({ conversations });
  }

  /** Shows a conversation at once. */
  show(conversation: Conversation): void {
    this.replace(new Map(this.all).set(conversation.id, conversation));
  }

  /** Shows a conversation with the next frame. */
  put(conversation: Conversation): void {
    if (this.#next === undefined) {
      this.#next = new Map(this.#snapshot.conversations);
      // A hidden tab has no frames, but must go on.
      if (document.hidden) setTimeout(() => this.publish(), HIDDEN_MS);
      else this.#publishSoon();
    }
    this.#next.set(conversation.id, conversation);
  }

  /** Changes one answer, with the next frame; nothing where it is not shown any more. */
  change(conversationId: string, turnId: string, change: (answer: Answer) => Answer): void {
    const conversation = this.all.get(conversationId);
    if (conversation === undefined) return;
    const turns = conversation.turns.map((turn) =>
      turn.id === turnId ? { ...turn, answer: change(turn.answer) } : turn,
    );
    this.put({ ...conversation, turns });
  }

  /** Tells views what waits for the next frame. */
  publish(): void {
    this.#publishedAtMs = performance.now();
    if (this.#next !== undefined) this.replace(this.#next);
  }

  /** With the next frame, but not with every one: text that grows 20 times a second grows smoothly. */
  #publishSoon(): void {
    const waitMs = this.#publishedAtMs + SMOOTH_MS - performance.now();
    const publish = () => requestAnimationFrame(() => this.publish());
    if (waitMs <= 0) publish();
    else setTimeout(publish, waitMs);
  }
}
