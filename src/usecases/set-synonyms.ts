import type { Clock, Writer } from '#contracts/index.ts';
import { AppError, type Principal } from '#core/index.ts';
import { digestOf } from '#platform/index.ts';
import { parseSynonyms, type SynonymBook, type SynonymChoice, type SynonymStore } from '#rag/index.ts';
import { byPrincipal } from './people/people-deps.ts';

export interface SynonymDeps {
  readonly synonymStore: SynonymStore;
  readonly synonyms: SynonymBook;
  readonly writer: Writer;
  readonly clock: Clock;
}

const LATEST = Number.MAX_SAFE_INTEGER;

/**
 * Chooses the tenant's list of synonyms, from its next question on; a text without a group is no list. The audit names
 * the list by its digest and says how many groups it has, and none of its words.
 * @throws {AppError} input.invalid, input.too_large for a text that is no list; conflict.state when another list was
 * chosen at the same moment.
 */
export async function setSynonyms(
  deps: SynonymDeps,
  principal: Principal,
  text: string,
): Promise<SynonymChoice> {
  const { synonymStore, writer, clock } = deps;
  const { tenantId } = principal;
  const { length: groups } = parseSynonyms(text);
  const digest = groups === 0 ? undefined : digestOf(text);
  const before = await synonymStore.chosenAt(tenantId, LATEST);
  if (before !== undefined && before.digest === digest) return before;
  const nowMs = clock.nowMs();
  const choice = choiceAfter(before, { digest, text, chosenAtMs: nowMs, chosenBy: principal.subject });
  try {
    await writer.write({
      statements: synonymStore.choose(tenantId, choice),
      audit: [byPrincipal(principal, 'synonyms.set', { digest: digest ?? null, groups }, nowMs)],
    });
  } catch (error) {
    const now = await synonymStore.chosenAt(tenantId, LATEST);
    if (now?.number !== choice.number) throw error;
    throw new AppError(
      'conflict.state',
      'Somebody else has just changed the synonyms. Look at theirs first.',
    );
  } finally {
    deps.synonyms.forget(tenantId);
  }
  return choice;
}

function choiceAfter(
  before: SynonymChoice | undefined,
  { digest, text, chosenAtMs, chosenBy }: Omit<SynonymChoice, 'number'>,
): SynonymChoice {
  return {
    number: (before?.number ?? 0) + 1,
    digest,
    text: digest === undefined ? '' : text,
    // In the order of their numbers, also when the clock was set back.
    chosenAtMs: Math.max(chosenAtMs, before?.chosenAtMs ?? 0),
    chosenBy,
  };
}
