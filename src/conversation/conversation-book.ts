import type { Clock, Statement, Writer, WriteUnit } from '#contracts/index.ts';
import {
  foldDiacritics,
  type AnswerId,
  type ContentId,
  type ConversationId,
  type DocumentId,
  type TenantId,
  type TurnPlace,
} from '#core/index.ts';
import type { Person } from './content-store.ts';
import type { ContentVault } from './content-vault.ts';
import type { ConversationRow, ConversationStore, Place, TurnState } from './conversation-store.ts';
import { TurnText } from './turn-schema.ts';

/** A conversation as its owner sees it in a list. */
export interface Conversation extends Omit<ConversationRow, 'title'> {
  readonly title: string;
}

/** A question and what came of it. */
export interface Turn extends TurnText {
  readonly id: TurnPlace['turnId'];
  readonly state: TurnState;
  readonly answerId: AnswerId | undefined;
  readonly feedback: string | undefined;
}

export interface BookDeps {
  readonly store: ConversationStore;
  readonly vault: ContentVault;
  readonly writer: Writer;
  readonly clock: Clock;
}

const BATCH = 100;
const ERASED = {
  code: 'answer.not_found',
  message: 'The answer is gone: it rested on a document that was erased.',
};
const titlePlace = (id: ConversationId) => `${id}/title`;
const turnPlace = ({ conversationId, turnId }: Pick<TurnPlace, 'conversationId' | 'turnId'>) =>
  `${conversationId}/${turnId}`;

const fold = (text: string): string => foldDiacritics(text).toLowerCase();

/** Conversations, opened for their owner: names and turns are sealed in the rows and nowhere else. */
export class ConversationBook {
  readonly #deps: BookDeps;
  constructor(deps: BookDeps) {
    this.#deps = deps;
  }

  /** One page, newest first. A name whose key is gone is left out: its owner was erased meanwhile. */
  async list(person: Person, page: { after: Place | undefined; limit: number }): Promise<Conversation[]> {
    const rows = await this.#deps.store.list(person, page);
    const opened = await Promise.all(rows.map((row) => this.#open(row)));
    return opened.filter((conversation) => conversation !== undefined);
  }

  async find(person: Person, id: ConversationId): Promise<Conversation | undefined> {
    const row = await this.#deps.store.find(person, id);
    return row && this.#open(row);
  }

  /** Those whose name, questions or answers hold every word, in any case and without diacritics; newest first. */
  async search(person: Person, query: string, limit: number): Promise<Conversation[]> {
    const words = fold(query).split(/\s+/).filter(Boolean);
    const found: Conversation[] = [];
    let after: Place | undefined;
    for (;;) {
      const page = await this.#deps.store.list(person, { after, limit: BATCH });
      for (const row of page) {
        const conversation = await this.#open(row);
        if (conversation === undefined) continue;
        const text = fold([conversation.title, ...(await this.#textsOf(row.id))].join('\n'));
        if (words.every((word) => text.includes(word))) found.push(conversation);
        if (found.length === limit) return found;
      }
      after = page.at(-1);
      if (page.length < BATCH || after === undefined) return found;
    }
  }

  async #textsOf(id: ConversationId): Promise<string[]> {
    const turns = await this.listTurns(id);
    return turns.flatMap(({ question, events }) => [question, ...events.map(textOf)]);
  }

  /** Turns of a conversation that was found, in their order. */
  async listTurns(id: ConversationId): Promise<Turn[]> {
    const rows = await this.#deps.store.listTurns(id);
    const opened = await Promise.all(
      rows.map(async ({ text, ...row }): Promise<Turn | undefined> => {
        const place = turnPlace({ conversationId: id, turnId: row.id });
        const json = await this.#deps.vault.unseal(text.keyId, text.sealed, place);
        return json === undefined ? undefined : { ...row, ...TurnText.parse(JSON.parse(json)) };
      }),
    );
    return opened.filter((turn) => turn !== undefined);
  }

  /** Keeps a question, durably, in its conversation; that is made when it is not there. */
  async beginTurn(person: Person, place: TurnPlace, turn: { title: string; text: TurnText }): Promise<void> {
    const { store, vault, clock } = this.#deps;
    const nowMs = clock.nowMs();
    const { conversationId: id } = place;
    const title = await vault.seal(person, turn.title, titlePlace(id));
    const text = await vault.seal(person, JSON.stringify(turn.text), turnPlace(place));
    await this.#write({
      guards: [store.notAnothers(person, id)],
      statements: [
        store.touch(person, id, { title, expiresAtMs: title.expiresAtMs, nowMs }),
        ...store.beginTurn(person, { ...place, replaces: place.replaces, nowMs }, text),
      ],
      audit: [],
    });
  }

  /** Keeps what came of a question; one that was replaced or deleted meanwhile stays away. */
  async endTurn(
    person: Person,
    place: TurnPlace,
    ended: { text: TurnText; state: TurnState; answerId: AnswerId | undefined },
  ): Promise<void> {
    const { store, vault, clock } = this.#deps;
    const text = await vault.seal(person, JSON.stringify(ended.text), turnPlace(place));
    const statement = store.endTurn(place, { ...ended, text, nowMs: clock.nowMs() });
    await this.#write({ statements: [statement], audit: [], isEssential: true });
  }

  /** The statement that gives a conversation of this person another name. */
  async rename(person: Person, id: ConversationId, title: string): Promise<Statement> {
    return this.#deps.store.rename(id, await this.#deps.vault.seal(person, title, titlePlace(id)));
  }

  /**
   * The statements that take out of conversations what came of questions that were answered with a document: questions
   * stay, and say in place of the answer why there is none.
   */
  async planErasureOf(tenantId: TenantId, documentId: DocumentId): Promise<Statement[]> {
    const { store, vault } = this.#deps;
    const statements: Statement[] = [];
    for (const { conversationId, turnId, text } of await store.listRestingOn(tenantId, documentId)) {
      const place = turnPlace({ conversationId, turnId });
      const json = await vault.unseal(text.keyId, text.sealed, place);
      const turn = json === undefined ? undefined : TurnText.parse(JSON.parse(json));
      if (turn === undefined || turn.events.length === 0) continue;
      const left: TurnText = { ...turn, events: [], error: ERASED };
      const sealed = await vault.sealAgain(text.keyId, JSON.stringify(left), place);
      statements.push(store.replaceTurn(conversationId, turnId, sealed));
    }
    return statements;
  }

  async #write(unit: WriteUnit): Promise<void> {
    await this.#deps.writer.write(unit);
  }

  async #open({ title: { keyId, sealed }, ...row }: ConversationRow): Promise<Conversation | undefined> {
    const title = await this.#unseal(keyId, sealed, titlePlace(row.id));
    return title === undefined ? undefined : { ...row, title };
  }

  #unseal(keyId: ContentId, sealed: Uint8Array, place: string): Promise<string | undefined> {
    return this.#deps.vault.unseal(keyId, sealed, place);
  }
}

/** The words of an event of an answer, if it has any. */
function textOf(event: TurnText['events'][number]): string {
  if (event === null || typeof event !== 'object' || Array.isArray(event)) return '';
  return event['type'] === 'text' && typeof event['text'] === 'string' ? event['text'] : '';
}
