import type { SynonymRouteDeps } from '#gateway/index.ts';
import { parseSynonyms, type SynonymChoice } from '#rag/index.ts';
import { setSynonyms } from '#usecases/index.ts';
import type { Parts } from './compose.ts';

function toResponse(choice: SynonymChoice | undefined) {
  return {
    text: choice?.text ?? '',
    digest: choice?.digest ?? null,
    groups: parseSynonyms(choice?.text ?? '').length,
    chosenAt: choice === undefined ? null : new Date(choice.chosenAtMs).toISOString(),
    chosenBy: choice?.chosenBy ?? null,
  };
}

/** What the routes about synonyms are handed. */
export function createSynonymRouteDeps(parts: Parts): SynonymRouteDeps {
  return {
    readSynonyms: async ({ tenantId }) =>
      toResponse(await parts.synonymStore.chosenAt(tenantId, Number.MAX_SAFE_INTEGER)),
    setSynonyms: async (principal, text) => toResponse(await setSynonyms(parts, principal, text)),
  };
}
