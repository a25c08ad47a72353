import { useSyncExternalStore } from 'react';
import { ApiError } from '../../api/errors.ts';
import { addEvent, emptyAnswer, type Answer } from './answer.ts';
import { ask } from './ask.ts';
import { ConversationFile } from './conversation-file.ts';
import { titleOf, type Conversation, type Scope, type Turn } from './conversation.ts';

type Snapshot = ReadonlyMap<string, Conversation>;

const SAVE_EVERY_MS = 1_000;

const CUT: NonNullable<Answer['error']> = { code: 'stream.cut', detail: '', requestId: '' };

function toFailure(error: unknown): NonNullable<Answer['error']> {
  // The browser tells a broken stream by a TypeError.
  if (error instanceof TypeError) return CUT;
  if (!(error instanceof ApiError)) return { code: 'internal', detail: String(error), requestId: '' };
  return { code: error.code, detail: error.message, requestId: error.requestId ?? '' };
}

/** What was being answered when the page was closed did not go on: it was cut. */
function settleAfterReload(conversation: Conversation): Conversation {
  const turns = conversation.turns.map((turn): Turn => {
    const isOpen = turn.answer.state === 'waiting' || turn.answer.state === 'streaming';
    return isOpen ? { ...turn, answer: { ...turn.answer, state: 'stopped' } } : turn;
  });
  return { ...conversation, turns };
}

/**
 * Conversations and the answers that are being made. It outlives every view: an answer goes on while its
 * reader looks at something else. Views are told once per frame, not once per token.
 */
class ConversationStore {
  #file: ConversationFile | undefined;
  #personId: string | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #running = new Map<string, AbortController>();
  readonly #saves = new Map<string, ReturnType<typeof setTimeout>>();
  #conversations: Snapshot = new Map();
  #next: Map<string, Conversation> | undefined;
  isLoaded = false;

  /** Shows the conversations of this person, and of nobody else; undefined shows none. */
  open(personId: string | undefined): void {
    if (personId === this.#personId) return;
    for (const id of this.#running.keys()) this.stop(id);
    this.#personId = personId;
    this.#next = undefined;
    this.#conversations = new Map();
    this.isLoaded = false;
    this.#file = personId === undefined ? undefined : new ConversationFile(personId);
    this.#tell();
    if (this.#file !== undefined) void this.#load(this.#file);
  }

  async #load(file: ConversationFile): Promise<void> {
    const kept = await file.list().catch(() => []);
    if (file !== this.#file) return;
    this.isLoaded = true;
    const old = kept.map(settleAfterReload).map((known): [string, Conversation] => [known.id, known]);
    this.#conversations = new Map([...old, ...this.#conversations]);
    this.#tell();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): Snapshot => this.#conversations;

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The newest state, also of what views are told only with the next frame. */
  #current(id: string): Conversation | undefined {
    return (this.#next ?? this.#conversations).get(id);
  }

  #put(conversation: Conversation): void {
    if (this.#next === undefined) {
      this.#next = new Map(this.#conversations);
      // A hidden tab has no frames, but must go on.
      if (document.hidden) setTimeout(() => this.#publish(), 250);
      else requestAnimationFrame(() => this.#publish());
    }
    this.#next.set(conversation.id, conversation);
    this.#saveSoon(conversation.id);
  }

  #publish(): void {
    if (this.#next === undefined) return;
    this.#conversations = this.#next;
    this.#next = undefined;
    this.#tell();
  }

  #saveSoon(id: string): void {
    if (this.#saves.has(id)) return;
    const save = () => {
      this.#saves.delete(id);
      const conversation = this.#current(id);
      if (conversation !== undefined) void this.#file?.save(conversation).catch(() => undefined);
    };
    this.#saves.set(id, setTimeout(save, SAVE_EVERY_MS));
  }

  /** Asks in a conversation, or in a new one; returns its id at once. */
  ask(question: string, scope: Scope, conversationId?: string): string {
    const nowMs = Date.now();
    const known = conversationId === undefined ? undefined : this.#current(conversationId);
    const conversation = known ?? {
      id: crypto.randomUUID(),
      title: titleOf(question),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      turns: [],
    };
    const turn: Turn = {
      id: crypto.randomUUID(),
      question,
      askedAtMs: nowMs,
      scope,
      answer: emptyAnswer(scope.model),
    };
    this.#put({ ...conversation, updatedAtMs: nowMs, turns: [...conversation.turns, turn] });
    this.#publish();
    void this.#run(conversation.id, conversation.turns, turn);
    return conversation.id;
  }

  /** Asks a turn again, as it was or with another question; what came after it is replaced. */
  askAgain(conversationId: string, turnId: string, change: { question?: string; scope?: Scope } = {}): void {
    const conversation = this.#current(conversationId);
    const index = conversation?.turns.findIndex((turn) => turn.id === turnId) ?? -1;
    const turn = conversation?.turns[index];
    if (conversation === undefined || turn === undefined) return;
    this.stop(conversationId);
    this.#put({ ...conversation, turns: conversation.turns.slice(0, index) });
    this.ask(change.question ?? turn.question, change.scope ?? turn.scope, conversationId);
  }

  async #run(conversationId: string, before: readonly Turn[], turn: Turn): Promise<void> {
    const controller = new AbortController();
    this.#running.get(conversationId)?.abort();
    this.#running.set(conversationId, controller);
    try {
      for await (const event of ask(before, turn.question, turn.scope, controller.signal)) {
        this.#change(conversationId, turn.id, (answer) => addEvent(answer, event));
      }
      // A stream that ends without its last event was cut.
      this.#change(conversationId, turn.id, (answer) =>
        answer.state === 'done' || answer.state === 'stopped' ? answer : failed(answer, CUT),
      );
    } catch (error) {
      const isStopped = controller.signal.aborted;
      this.#change(conversationId, turn.id, (answer) =>
        isStopped ? { ...answer, state: 'stopped' } : failed(answer, toFailure(error)),
      );
    } finally {
      if (this.#running.get(conversationId) === controller) this.#running.delete(conversationId);
    }
  }

  #change(conversationId: string, turnId: string, change: (answer: Answer) => Answer): void {
    const conversation = this.#current(conversationId);
    if (conversation === undefined) return;
    const turns = conversation.turns.map((turn) =>
      turn.id === turnId ? { ...turn, answer: change(turn.answer) } : turn,
    );
    this.#put({ ...conversation, turns });
  }

  stop(conversationId: string): void {
    this.#running.get(conversationId)?.abort();
  }

  rate(conversationId: string, turnId: string, rating: Answer['rating']): void {
    this.#change(conversationId, turnId, (answer) => ({ ...answer, rating }));
  }

  rename(conversationId: string, title: string): void {
    const conversation = this.#current(conversationId);
    if (conversation !== undefined && title.trim() !== '') {
      this.#put({ ...conversation, title: title.trim() });
      this.#publish();
    }
  }

  /** Deletes a conversation; calling what it returns brings it back. */
  delete(conversationId: string): () => void {
    const conversation = this.#current(conversationId);
    this.stop(conversationId);
    clearTimeout(this.#saves.get(conversationId));
    this.#saves.delete(conversationId);
    const rest = new Map(this.#next ?? this.#conversations);
    rest.delete(conversationId);
    this.#next = undefined;
    this.#conversations = rest;
    void this.#file?.delete(conversationId).catch(() => undefined);
    this.#tell();
    return () => {
      if (conversation === undefined) return;
      this.#put(settleAfterReload(conversation));
      this.#publish();
    };
  }
}

function failed(answer: Answer, error: NonNullable<Answer['error']>): Answer {
  return { ...answer, state: 'failed', error };
}

export const conversationStore = new ConversationStore();

/** All conversations by id; renders anew at most once per frame. */
export function useConversations(): Snapshot {
  return useSyncExternalStore(conversationStore.subscribe, conversationStore.snapshot);
}
