import { useEffect, useSyncExternalStore } from 'react';
import { ApiError } from '../../api/errors.ts';
import { addEvent, emptyAnswer, type Answer } from './answer.ts';
import { ask } from './ask.ts';
import { isAnswering, titleOf, type Conversation, type Scope, type Turn } from './conversation.ts';
import { ConversationSync } from './conversation-sync.ts';
import { newId } from './kept-conversation.ts';

/** What views are shown: conversations by id, and how reading them stands. */
interface Snapshot {
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly listing: 'loading' | 'loaded' | 'failed';
  /** Why a conversation could not be opened. */
  readonly failures: ReadonlyMap<string, ApiError>;
}

const NOTHING: Snapshot = { conversations: new Map(), listing: 'loading', failures: new Map() };
/** An answer that is being made for another tab, or was cut by a reload, is looked at this often. */
const LOOK_AGAIN_MS = 1_000;
const LIST_AGAIN_MS = 15_000;
const SMOOTH_MS = 40;
const HIDDEN_MS = 250;

const CUT: NonNullable<Answer['error']> = { code: 'stream.cut', detail: '', requestId: '' };

function toFailure(error: unknown): NonNullable<Answer['error']> {
  // The browser tells a broken stream by a TypeError.
  if (error instanceof TypeError) return CUT;
  if (!(error instanceof ApiError)) return { code: 'internal', detail: String(error), requestId: '' };
  return { code: error.code, detail: error.message, requestId: error.requestId ?? '' };
}

/**
 * Conversations, which the server keeps, and the answers that are being made. It outlives every view: an answer
 * goes on while its reader looks at something else. Views are told some times a second, not once per token.
 */
class ConversationStore {
  #sync: ConversationSync | undefined;
  #personId: string | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #running = new Map<string, AbortController>();
  readonly #reading = new Set<string>();
  /** Asked here, and not yet seen in a list of the server. */
  readonly #unlisted = new Set<string>();
  /** Deleted here; the server may not know yet. */
  readonly #deleted = new Set<string>();
  #snapshot = NOTHING;
  #next: Map<string, Conversation> | undefined;
  #listedAtMs = 0;
  #publishedAtMs = 0;

  /** Shows the conversations of this person, and of nobody else; undefined shows none. */
  open(personId: string | undefined): void {
    if (personId === this.#personId) return;
    for (const id of this.#running.keys()) this.stop(id);
    this.#sync?.close();
    this.#personId = personId;
    this.#next = undefined;
    this.#snapshot = NOTHING;
    for (const ids of [this.#reading, this.#unlisted, this.#deleted]) ids.clear();
    this.#sync =
      personId === undefined
        ? undefined
        : new ConversationSync({ onBack: this.again, onRefused: () => void this.list() });
    this.#tell();
    if (personId !== undefined) void this.list();
  }

  /** Reads the list anew; what is being answered here stays as it is. */
  async list(): Promise<void> {
    const sync = this.#sync;
    if (sync === undefined) return;
    this.#listedAtMs = Date.now();
    const seen = new Set<string>();
    try {
      for await (const page of sync.list()) {
        if (sync !== this.#sync) return;
        for (const listed of page) seen.add(listed.id);
        this.#merge(page);
      }
    } catch {
      if (sync === this.#sync)
        this.#set({ listing: this.#snapshot.listing === 'loaded' ? 'loaded' : 'failed' });
      return;
    }
    this.#forget((id) => !seen.has(id));
    this.#set({ listing: 'loaded' });
  }

  /** Reads the list anew when it is not of just now: somebody came back to this tab. */
  listIfOld(): void {
    if (Date.now() - this.#listedAtMs > LIST_AGAIN_MS) void this.list();
  }

  #merge(page: readonly Conversation[]): void {
    const all = new Map(this.#all());
    for (const listed of page) {
      const known = all.get(listed.id);
      this.#unlisted.delete(listed.id);
      if (this.#running.has(listed.id) || this.#deleted.has(listed.id)) continue;
      const isChanged = known !== undefined && known.updatedAtMs < listed.updatedAtMs;
      const turns = known === undefined ? {} : { turns: known.turns, isWhole: known.isWhole };
      all.set(listed.id, { ...listed, ...turns });
      if (isChanged && known.isWhole) void this.read(listed.id);
    }
    this.#replace(all);
  }

  #forget(isGone: (id: string) => boolean): void {
    const isKept = (id: string) => this.#running.has(id) || this.#unlisted.has(id) || !isGone(id);
    this.#replace(new Map([...this.#all()].filter(([id]) => isKept(id))));
  }

  /** Tries again what failed. */
  readonly again = (): void => {
    if (this.#snapshot.listing === 'failed') this.#set({ listing: 'loading' });
    void this.list();
    for (const id of this.#snapshot.failures.keys()) void this.read(id);
  };

  /** Reads a conversation's turns. One that is still being answered elsewhere is read until it is not. */
  async read(id: string): Promise<void> {
    const sync = this.#sync;
    if (sync === undefined || this.#deleted.has(id)) return;
    if (this.#reading.has(id) || this.#running.has(id)) return;
    this.#reading.add(id);
    const failures = new Map(this.#snapshot.failures);
    try {
      const whole = await sync.read(id);
      if (sync !== this.#sync || this.#running.has(id)) return;
      if (isAnswering(whole)) setTimeout(() => void this.read(id), LOOK_AGAIN_MS);
      failures.delete(id);
      this.#replace(new Map(this.#all()).set(id, whole));
    } catch (error) {
      if (sync === this.#sync && error instanceof ApiError) failures.set(id, error);
    } finally {
      this.#reading.delete(id);
    }
    this.#set({ failures });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): Snapshot => this.#snapshot;

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#tell();
  }

  /** The newest state, also of what views are told only with the next frame. */
  #all(): ReadonlyMap<string, Conversation> {
    return this.#next ?? this.#snapshot.conversations;
  }

  #replace(conversations: ReadonlyMap<string, Conversation>): void {
    this.#next = undefined;
    this.#set({ conversations });
  }

  #put(conversation: Conversation): void {
    if (this.#next === undefined) {
      this.#next = new Map(this.#snapshot.conversations);
      // A hidden tab has no frames, but must go on.
      if (document.hidden) setTimeout(() => this.#publish(), HIDDEN_MS);
      else this.#publishSoon();
    }
    this.#next.set(conversation.id, conversation);
  }

  /** With the next frame, but not with every one: text that grows 25 times a second grows smoothly. */
  #publishSoon(): void {
    const waitMs = this.#publishedAtMs + SMOOTH_MS - performance.now();
    const publish = () => requestAnimationFrame(() => this.#publish());
    if (waitMs <= 0) publish();
    else setTimeout(publish, waitMs);
  }

  #publish(): void {
    this.#publishedAtMs = performance.now();
    if (this.#next !== undefined) this.#replace(this.#next);
  }

  /** Asks in a conversation, or in a new one; returns its id at once. */
  ask(question: string, scope: Scope, conversationId?: string): string {
    return this.#ask(question, scope, { conversationId, replaces: undefined });
  }

  #ask(
    question: string,
    scope: Scope,
    { conversationId, replaces }: { conversationId: string | undefined; replaces: string | undefined },
  ): string {
    const nowMs = Date.now();
    const known = conversationId === undefined ? undefined : this.#all().get(conversationId);
    const conversation = known ?? {
      id: newId('cnv'),
      title: titleOf(question),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      turns: [],
      isWhole: true,
    };
    if (known === undefined) this.#unlisted.add(conversation.id);
    const turn: Turn = {
      id: newId('trn'),
      question,
      askedAtMs: nowMs,
      scope,
      answer: emptyAnswer(scope.model),
    };
    this.#put({ ...conversation, updatedAtMs: nowMs, turns: [...conversation.turns, turn] });
    this.#publish();
    void this.#run(conversation, turn, replaces);
    return conversation.id;
  }

  /** Asks a turn again, as it was or with another question; what came after it is replaced. */
  askAgain(conversationId: string, turnId: string, change: { question?: string; scope?: Scope } = {}): void {
    const conversation = this.#all().get(conversationId);
    const index = conversation?.turns.findIndex((turn) => turn.id === turnId) ?? -1;
    const turn = conversation?.turns[index];
    if (conversation === undefined || turn === undefined) return;
    this.stop(conversationId);
    this.#put({ ...conversation, turns: conversation.turns.slice(0, index) });
    const place = { conversationId, replaces: turn.id };
    this.#ask(change.question ?? turn.question, change.scope ?? turn.scope, place);
  }

  async #run({ id, turns: before }: Conversation, turn: Turn, replaces: string | undefined): Promise<void> {
    const controller = new AbortController();
    this.#running.get(id)?.abort();
    this.#running.set(id, controller);
    const place = { id, turn: turn.id, ...(replaces !== undefined && { replaces }) };
    try {
      for await (const event of ask({ before, turn, place }, controller.signal)) {
        this.#change(id, turn.id, (answer) => addEvent(answer, event));
      }
      // A stream that ends without its last event was cut.
      this.#change(id, turn.id, (answer) =>
        answer.state === 'done' || answer.state === 'stopped' ? answer : failed(answer, CUT),
      );
    } catch (error) {
      const isStopped = controller.signal.aborted;
      this.#change(id, turn.id, (answer) =>
        isStopped ? { ...answer, state: 'stopped' } : failed(answer, toFailure(error)),
      );
    } finally {
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  #change(conversationId: string, turnId: string, change: (answer: Answer) => Answer): void {
    const conversation = this.#all().get(conversationId);
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
    const conversation = this.#all().get(conversationId);
    if (conversation === undefined || title.trim() === '' || title.trim() === conversation.title) return;
    this.#replace(new Map(this.#all()).set(conversationId, { ...conversation, title: title.trim() }));
    this.#sync?.rename(conversationId, title.trim());
  }

  /** Deletes a conversation at once; calling what it returns brings it back. */
  delete(conversationId: string): () => void {
    const conversation = this.#all().get(conversationId);
    this.stop(conversationId);
    const rest = new Map(this.#all());
    rest.delete(conversationId);
    this.#deleted.add(conversationId);
    this.#replace(rest);
    this.#sync?.delete(conversationId);
    return () => {
      if (conversation === undefined) return;
      this.#deleted.delete(conversationId);
      this.#replace(new Map(this.#all()).set(conversationId, conversation));
      this.#sync?.restore(conversationId);
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

/** What a list says of a conversation. */
export type Listed = Pick<Conversation, 'id' | 'title' | 'updatedAtMs'> & { readonly isAnswering: boolean };

let rows: ReadonlyMap<string, Listed> = new Map();

function toRow(conversation: Conversation): Listed {
  const { id, title, updatedAtMs } = conversation;
  const known = rows.get(id);
  const next = { id, title, updatedAtMs, isAnswering: isAnswering(conversation) };
  const isSame =
    known?.title === title && known.updatedAtMs === updatedAtMs && known.isAnswering === next.isAnswering;
  return isSame ? known : next;
}

function listRows(): ReadonlyMap<string, Listed> {
  const { conversations } = conversationStore.snapshot();
  const next = new Map([...conversations].map(([id, conversation]) => [id, toRow(conversation)]));
  const isSame = next.size === rows.size && [...next].every(([id, row]) => rows.get(id) === row);
  if (!isSame) rows = next;
  return rows;
}

/** What lists show of all conversations; while an answer grows it stays the same. */
export function useListed(): ReadonlyMap<string, Listed> {
  return useSyncExternalStore(conversationStore.subscribe, listRows);
}

export function useListing(): Snapshot['listing'] {
  return useSyncExternalStore(conversationStore.subscribe, () => conversationStore.snapshot().listing);
}

/** Reads a conversation that is not here yet. */
export function useOpenConversation(id: string): void {
  const isWhole = useConversations().conversations.get(id)?.isWhole ?? false;
  useEffect(() => {
    if (!isWhole) void conversationStore.read(id);
  }, [id, isWhole]);
}
