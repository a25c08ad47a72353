import type { Digest, TenantId } from '#core/index.ts';
import { parseSynonyms } from './parse-synonyms.ts';
import type { SynonymStore } from './synonym-store.ts';
import { createSynonyms, type Synonyms } from './word-question.ts';

/** A tenant's list, ready, with the digest that names it. */
export interface ChosenSynonyms extends Synonyms {
  readonly digest: Digest;
}

/** The lists of synonyms as questions need them: read once, until a tenant chooses another one. */
export class SynonymBook {
  readonly #store: Pick<SynonymStore, 'chosenAt' | 'findText'>;
  readonly #current = new Map<TenantId, Promise<ChosenSynonyms | undefined>>();

  constructor(store: Pick<SynonymStore, 'chosenAt' | 'findText'>) {
    this.#store = store;
  }

  /** What a tenant's questions are looked for with now; undefined for none. */
  current(tenantId: TenantId): Promise<ChosenSynonyms | undefined> {
    let current = this.#current.get(tenantId);
    if (current === undefined) {
      current = this.at(tenantId, Number.MAX_SAFE_INTEGER);
      this.#current.set(tenantId, current);
      // What could not be read is read by the next who asks.
      current.catch(() => this.#current.delete(tenantId));
    }
    return current;
  }

  /** What they were looked for with at a time. */
  async at(tenantId: TenantId, atMs: number): Promise<ChosenSynonyms | undefined> {
    const choice = await this.#store.chosenAt(tenantId, atMs);
    return choice?.digest === undefined ? undefined : toChosen(choice.digest, choice.text);
  }

  /** The list of a digest that the tenant has or had; undefined where it had none such. */
  async find(tenantId: TenantId, digest: Digest): Promise<ChosenSynonyms | undefined> {
    const text = await this.#store.findText(tenantId, digest);
    return text === undefined ? undefined : toChosen(digest, text);
  }

  /** A tenant chose: its next question reads anew. */
  forget(tenantId: TenantId): void {
    this.#current.delete(tenantId);
  }
}

const toChosen = (digest: Digest, text: string): ChosenSynonyms => ({
  digest,
  ...createSynonyms(parseSynonyms(text)),
});
