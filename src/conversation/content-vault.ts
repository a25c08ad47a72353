import type { Clock, Statement, Writer } from '#contracts/index.ts';
import type { AnswerId, AuditEvent, ContentId, DocumentId, NewId, TenantId } from '#core/index.ts';
import type { KeyRing } from '#platform/index.ts';
import type { ContentKind, ContentStore, KeptAnswer, Person } from './content-store.ts';

/** A text that was kept, or why it is not there. */
export type KeptText =
  | { readonly state: 'kept'; readonly text: string }
  | {
      readonly state: 'erased';
      /** The key of the person, or the document that the text repeated. */
      readonly by: { readonly keyId: ContentId } | { readonly documentId: DocumentId };
      readonly erasedAtMs: number;
    }
  /** Its time ran out, or it was never kept. */
  | { readonly state: 'gone' };

export interface VaultDeps {
  readonly store: ContentStore;
  readonly keys: KeyRing;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly newId: NewId;
  /** How long a text is kept. */
  readonly keepMs: number;
}

/** Texts of questions and answers: sealed per person, kept for a time, erased for good. */
export class ContentVault {
  readonly #deps: VaultDeps;
  /** Keys being looked up or made: two first questions of a person must not make two keys. */
  readonly #keyOf = new Map<string, Promise<ContentId>>();

  constructor(deps: VaultDeps) {
    this.#deps = deps;
  }

  /** The statement that keeps a text; the person's key is made, durably, if there is none. */
  async keep(
    person: Person,
    answerId: AnswerId,
    { kind, text }: { kind: ContentKind; text: string },
  ): Promise<Statement> {
    const { store, keys, clock, keepMs } = this.#deps;
    const keyId = await this.#keyFor(person);
    const sealed = await keys.seal(keyId, text, placeOf(answerId, kind));
    const createdAtMs = clock.nowMs();
    return store.save(
      { answerId, kind, keyId, sealed, createdAtMs, expiresAtMs: createdAtMs + keepMs },
      person,
    );
  }

  /** Seals a text of a person for a place of the caller's own; the key is made, durably, if there is none. */
  async seal(
    person: Person,
    text: string,
    place: string,
  ): Promise<{ readonly keyId: ContentId; readonly sealed: Uint8Array; readonly expiresAtMs: number }> {
    const { keys, clock, keepMs } = this.#deps;
    const keyId = await this.#keyFor(person);
    const sealed = await keys.seal(keyId, text, place);
    return { keyId, sealed, expiresAtMs: clock.nowMs() + keepMs };
  }

  /** Seals another text for a place under the key that is there. @throws {Error} when it was destroyed. */
  sealAgain(keyId: ContentId, text: string, place: string): Promise<Uint8Array> {
    return this.#deps.keys.seal(keyId, text, place);
  }

  /** What was sealed for a place; undefined when its key is gone. @throws {SealError} when it was changed. */
  unseal(keyId: ContentId, sealed: Uint8Array, place: string): Promise<string | undefined> {
    return this.#deps.keys.unseal(keyId, sealed, place);
  }

  /** @throws {SealError} when the text was changed. */
  async read(
    person: Person,
    answerId: AnswerId,
    about: { kind: ContentKind; createdAtMs: number },
  ): Promise<KeptText> {
    const { store, keys } = this.#deps;
    const found = await store.find(answerId, about.kind);
    if (found?.erased !== undefined) {
      const { documentId, atMs } = found.erased;
      return { state: 'erased', by: { documentId }, erasedAtMs: atMs };
    }
    const text = found && (await keys.unseal(found.keyId, found.sealed, placeOf(answerId, about.kind)));
    if (text !== undefined) return { state: 'kept', text };
    const erased = (await store.listKeys(person)).find(
      (key) => key.erasedAtMs !== undefined && key.erasedAtMs >= about.createdAtMs,
    );
    if (erased?.erasedAtMs === undefined) return { state: 'gone' };
    return { state: 'erased', by: { keyId: erased.id }, erasedAtMs: erased.erasedAtMs };
  }

  /**
   * Erases every text of a person: the record of it and the end of the rows are one unit, then the key is
   * destroyed. A kill between the two is made good by `finishErasures`. Returns how many keys were erased.
   */
  async erase(
    person: Person,
    more: { statements: readonly Statement[]; audit(keyId: ContentId | undefined): readonly AuditEvent[] },
  ): Promise<number> {
    const { store, keys, writer, clock } = this.#deps;
    this.#keyOf.delete(mapKeyOf(person));
    const inUse = (await store.listKeys(person)).filter((key) => key.erasedAtMs === undefined);
    const statements = inUse.flatMap((key) => store.eraseKey(key.id, clock.nowMs()));
    await writer.write({
      isEssential: true,
      statements: [...statements, ...more.statements],
      audit: more.audit(inUse[0]?.id),
    });
    for (const key of inUse) await keys.destroy(key.id);
    return inUse.length;
  }

  /**
   * The statements that empty every kept text that repeats a document: answers that quoted it, and later questions of
   * the same people that carry such an answer along as their history. Returns them with how many texts go.
   * @param repeats whether a kept question holds one of these answers.
   */
  async planErasureOf(
    { tenantId, documentId }: { readonly tenantId: TenantId; readonly documentId: DocumentId },
    repeats: (question: string, answers: readonly string[]) => boolean,
  ): Promise<readonly Statement[]> {
    const { store, clock } = this.#deps;
    const erased = { documentId, atMs: clock.nowMs() };
    const repeating = await store.listRepeating(tenantId, documentId);
    const statements = repeating.map(({ answerId }) => store.eraseText(answerId, 'answer', erased));
    for (const answers of Map.groupBy(repeating, ({ person }) => mapKeyOf(person)).values()) {
      const texts = await Promise.all(answers.map((answer) => this.#readKept(answer, 'answer')));
      const quoted = texts.filter((text) => text !== undefined);
      const sinceMs = Math.min(...answers.map(({ createdAtMs }) => createdAtMs));
      for (const asked of await store.listAsked(answers[0]!.person, sinceMs)) {
        const question = await this.#readKept(asked, 'question');
        if (question === undefined || !repeats(question, quoted)) continue;
        statements.push(store.eraseText(asked.answerId, 'question', erased));
        if (asked.isGenerated) statements.push(store.eraseText(asked.answerId, 'answer', erased));
      }
    }
    return statements;
  }

  async #readKept(
    { answerId, person, createdAtMs }: KeptAnswer,
    kind: ContentKind,
  ): Promise<string | undefined> {
    const kept = await this.read(person, answerId, { kind, createdAtMs });
    return kept.state === 'kept' ? kept.text : undefined;
  }

  /** Destroys keys whose erasure was recorded but not finished. */
  async finishErasures(): Promise<void> {
    const present = new Set(await this.#deps.keys.list());
    for (const id of await this.#deps.store.listErasedKeys()) {
      if (present.has(id)) await this.#deps.keys.destroy(id);
    }
  }

  #keyFor(person: Person): Promise<ContentId> {
    const mapKey = mapKeyOf(person);
    const known = this.#keyOf.get(mapKey);
    if (known !== undefined) return known;
    const found = this.#findOrMakeKey(person);
    this.#keyOf.set(mapKey, found);
    found.catch(() => this.#keyOf.delete(mapKey));
    return found;
  }

  async #findOrMakeKey(person: Person): Promise<ContentId> {
    const { store, keys, writer, clock, newId } = this.#deps;
    const inUse = (await store.listKeys(person)).find((key) => key.erasedAtMs === undefined);
    if (inUse !== undefined && (await keys.has(inUse.id))) return inUse.id;
    const id = newId('content');
    await keys.create(id);
    // A key in use without its file was lost, as in a restore without keys: what it sealed is gone.
    const lost = inUse === undefined ? [] : store.eraseKey(inUse.id, clock.nowMs());
    await writer.write({ statements: [...lost, store.createKey(id, person, clock.nowMs())], audit: [] });
    return id;
  }
}

const placeOf = (answerId: AnswerId, kind: ContentKind) => `${answerId}/${kind}`;
const mapKeyOf = ({ tenantId, issuer, subject }: Person) => JSON.stringify([tenantId, issuer, subject]);
