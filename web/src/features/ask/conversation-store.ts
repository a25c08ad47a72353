import { ApiError } from '../../api/errors.ts';
import { addEvent, emptyAnswer, type Answer } from './answer.ts';
import { CUT, endSurely, failed, isGone, stopped, toFailure, waysTo } from './answer-ends.ts';
import { CutError, wholeAnswer, type AnswerSource } from './answer-stream.ts';
import { ask, readOn, type AnswerPlace } from './ask.ts';
import { isAnswering, titleOf, type Conversation, type Scope, type Turn } from './conversation.ts';
import { ConversationSync } from './conversation-sync.ts';
import { newId } from './kept-conversation.ts';
import { ShownConversations } from './shown-conversations.ts';

/** An answer that could not be followed is looked for again after this. */
const LOOK_AGAIN_MS = 1_000;
const LIST_AGAIN_MS = 15_000;

/** Whether the server has an answer to the question, or is making it; one that a kill cut has nothing to show. */
function isKept({ turns }: Conversation, turnId: string): boolean {
  const answer = turns.find(({ id }) => id === turnId)?.answer;
  return answer !== undefined && (answer.state !== 'stopped' || answer.segments.length > 0);
}

/** An answer that is being followed. */
interface Running {
  readonly place: AnswerPlace;
  readonly controller: AbortController;
}

/**
 * Conversations, which the server keeps, and the answers that are being made. It outlives every view: an answer
 * goes on while its reader looks at something else.
 */
class ConversationStore {
  #sync: ConversationSync | undefined;
  #personId: string | undefined;
  readonly #shown = new ShownConversations();
  readonly subscribe = this.#shown.subscribe;
  readonly snapshot = this.#shown.snapshot;
  readonly #running = new Map<string, Running>();
  readonly #reading = new Set<string>();
  /** Asked here, and not yet seen in a list of the server. */
  readonly #unlisted = new Set<string>();
  /** Deleted here; the server may not know yet. */
  readonly #deleted = new Set<string>();
  #listedAtMs = 0;

  /** Shows the conversations of this person, and of nobody else; undefined shows none. */
  open(personId: string | undefined): void {
    if (personId === this.#personId) return;
    for (const { controller } of this.#running.values()) controller.abort();
    this.#sync?.close();
    this.#personId = personId;
    for (const ids of [this.#reading, this.#unlisted, this.#deleted]) ids.clear();
    this.#sync =
      personId === undefined
        ? undefined
        : new ConversationSync({ onBack: this.again, onRefused: () => void this.list() });
    this.#shown.clear();
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
        this.#shown.set({ listing: this.#shown.snapshot().listing === 'loaded' ? 'loaded' : 'failed' });
      return;
    }
    this.#forget((id) => !seen.has(id));
    this.#shown.set({ listing: 'loaded' });
  }

  /** Reads the list anew when it is not of just now: somebody came back to this tab. */
  listIfOld(): void {
    if (Date.now() - this.#listedAtMs > LIST_AGAIN_MS) void this.list();
  }

  #merge(page: readonly Conversation[]): void {
    const all = new Map(this.#shown.all);
    for (const listed of page) {
      const known = all.get(listed.id);
      this.#unlisted.delete(listed.id);
      if (this.#running.has(listed.id) || this.#deleted.has(listed.id)) continue;
      const isChanged = known !== undefined && known.updatedAtMs < listed.updatedAtMs;
      const turns = known === undefined ? {} : { turns: known.turns, isWhole: known.isWhole };
      all.set(listed.id, { ...listed, ...turns });
      if (isChanged && known.isWhole) void this.read(listed.id);
    }
    this.#shown.replace(all);
  }

  #forget(isGone: (id: string) => boolean): void {
    const isKept = (id: string) => this.#running.has(id) || this.#unlisted.has(id) || !isGone(id);
    this.#shown.replace(new Map([...this.#shown.all].filter(([id]) => isKept(id))));
  }

  /** Tries again what failed. */
  readonly again = (): void => {
    if (this.#shown.snapshot().listing === 'failed') this.#shown.set({ listing: 'loading' });
    void this.list();
    for (const id of this.#shown.snapshot().failures.keys()) void this.read(id);
    for (const { id, turns } of this.#shown.all.values()) {
      const last = turns.at(-1);
      const error = last?.answer.error;
      // The question may have come through although nobody heard of it.
      if (last !== undefined && error?.code === 'network') void this.#lookUp({ id, turn: last.id }, error);
    }
  };

  /** Reads a conversation's turns. An answer that is being made is followed from where it is. */
  async read(id: string): Promise<void> {
    const sync = this.#sync;
    if (sync === undefined || this.#deleted.has(id)) return;
    if (this.#reading.has(id) || this.#running.has(id)) return;
    this.#reading.add(id);
    const failures = new Map(this.#shown.snapshot().failures);
    try {
      const whole = await sync.read(id);
      if (sync !== this.#sync || this.#running.has(id)) return;
      failures.delete(id);
      this.#show(whole);
    } catch (error) {
      if (sync === this.#sync && error instanceof ApiError) failures.set(id, error);
    } finally {
      this.#reading.delete(id);
    }
    this.#shown.set({ failures });
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
    const known = conversationId === undefined ? undefined : this.#shown.all.get(conversationId);
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
    this.#shown.put({ ...conversation, updatedAtMs: nowMs, turns: [...conversation.turns, turn] });
    this.#shown.publish();
    const place = { id: conversation.id, turn: turn.id };
    const asked = { ...place, ...(replaces !== undefined && { replaces }) };
    void this.#run(place, (signal) => ask({ before: conversation.turns, turn, place: asked }, signal));
    return conversation.id;
  }

  /** Asks a turn again, as it was or with another question; what came after it is replaced. */
  askAgain(conversationId: string, turnId: string, change: { question?: string; scope?: Scope } = {}): void {
    const conversation = this.#shown.all.get(conversationId);
    const index = conversation?.turns.findIndex((turn) => turn.id === turnId) ?? -1;
    const turn = conversation?.turns[index];
    if (conversation === undefined || turn === undefined) return;
    this.stop(conversationId);
    this.#shown.put({ ...conversation, turns: conversation.turns.slice(0, index) });
    const place = { conversationId, replaces: turn.id };
    this.#ask(change.question ?? turn.question, change.scope ?? turn.scope, place);
  }

  /** Follows an answer to its end, from where it begins or from where it is. */
  async #run(place: AnswerPlace, first: AnswerSource['first']): Promise<void> {
    const running = { place, controller: new AbortController() };
    const { signal } = running.controller;
    this.#running.get(place.id)?.controller.abort();
    this.#running.set(place.id, running);
    const change = (to: (answer: Answer) => Answer) => this.#shown.change(place.id, place.turn, to);
    let failure: unknown;
    try {
      for await (const event of wholeAnswer({ ...waysTo(place), first }, signal))
        change((answer) => addEvent(answer, event));
    } catch (error) {
      failure = error;
    }
    if (this.#running.get(place.id) === running) this.#running.delete(place.id);
    if (signal.aborted) change(stopped);
    else if (failure instanceof CutError) await this.#lookUp(place, CUT);
    else if (isGone(failure)) this.#readSoon(place.id);
    else if (failure !== undefined) change((answer) => failed(answer, toFailure(failure)));
  }

  /** The line broke: what the server made of the answer is shown, or, when that is nothing, what went wrong. */
  async #lookUp({ id, turn }: AnswerPlace, error: NonNullable<Answer['error']>): Promise<void> {
    const sync = this.#sync;
    const whole = await sync?.read(id).catch(() => undefined);
    if (sync !== this.#sync || this.#running.has(id)) return;
    if (whole === undefined || !isKept(whole, turn))
      this.#shown.change(id, turn, (known) => failed(known, error));
    else if (isAnswering(whole)) this.#readSoon(id);
    else this.#show(whole);
  }

  /** Shows a conversation as the server has it, and follows the answer that is being made in it. */
  #show(whole: Conversation): void {
    this.#shown.show(whole);
    const turn = isAnswering(whole) ? whole.turns.at(-1) : undefined;
    if (turn === undefined) return;
    const place = { id: whole.id, turn: turn.id };
    void this.#run(place, (signal) => readOn(place, 0, signal));
  }

  #readSoon(id: string): void {
    setTimeout(() => void this.read(id), LOOK_AGAIN_MS);
  }

  /** Ends the answer that is being made, here at once and at the server. */
  stop(conversationId: string): void {
    const running = this.#running.get(conversationId);
    if (running === undefined) return;
    running.controller.abort();
    void endSurely(running.place);
  }

  rate(conversationId: string, turnId: string, rating: Answer['rating']): void {
    this.#shown.change(conversationId, turnId, (answer) => ({ ...answer, rating }));
  }

  rename(conversationId: string, title: string): void {
    const conversation = this.#shown.all.get(conversationId);
    if (conversation === undefined || title.trim() === '' || title.trim() === conversation.title) return;
    this.#shown.show({ ...conversation, title: title.trim() });
    this.#sync?.rename(conversationId, title.trim());
  }

  /** Deletes a conversation at once; calling what it returns brings it back. */
  delete(conversationId: string): () => void {
    const conversation = this.#shown.all.get(conversationId);
    this.stop(conversationId);
    const rest = new Map(this.#shown.all);
    rest.delete(conversationId);
    this.#deleted.add(conversationId);
    this.#shown.replace(rest);
    this.#sync?.delete(conversationId);
    return () => {
      if (conversation === undefined) return;
      this.#deleted.delete(conversationId);
      this.#shown.show(conversation);
      this.#sync?.restore(conversationId);
    };
  }
}

export const conversationStore = new ConversationStore();
