import type { Conversation } from './conversation.ts';

const TABLE = 'conversation';

function settle<Result>(request: IDBRequest<Result>): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  request.addEventListener('success', () => resolve(request.result));
  request.addEventListener('error', () => reject(request.error ?? new Error('the browser refused to store')));
  return promise;
}

/** The browser's own store of conversations. Private windows may refuse it: then nothing is kept. */
export class ConversationFile {
  readonly #database: Promise<IDBDatabase>;

  /** @param personId whose conversations: people who share a browser do not share them. */
  constructor(personId: string) {
    const request = indexedDB.open(`hradlo.${personId}`, 1);
    request.addEventListener('upgradeneeded', () =>
      request.result.createObjectStore(TABLE, { keyPath: 'id' }),
    );
    this.#database = settle(request);
    this.#database.catch(() => undefined);
  }

  async list(): Promise<Conversation[]> {
    const database = await this.#database;
    // Only this class writes here, in the shape of this version of the page.
    const rows: Conversation[] = await settle(database.transaction(TABLE).objectStore(TABLE).getAll());
    return rows;
  }

  async save(conversation: Conversation): Promise<void> {
    const database = await this.#database;
    await settle(database.transaction(TABLE, 'readwrite').objectStore(TABLE).put(conversation));
  }

  async delete(id: string): Promise<void> {
    const database = await this.#database;
    await settle(database.transaction(TABLE, 'readwrite').objectStore(TABLE).delete(id));
  }
}
