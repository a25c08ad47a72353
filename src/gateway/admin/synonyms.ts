import type { Principal } from '#core/index.ts';
import { SynonymsBody, SynonymsResponse } from '#wire/admin/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface SynonymRouteDeps {
  readSynonyms(principal: Principal): Promise<SynonymsResponse>;
  /** @throws AppError input.invalid, input.too_large, conflict.state */
  setSynonyms(principal: Principal, text: string): Promise<SynonymsResponse>;
}

/** The tenant's list of synonyms: read whole and set whole. */
export function synonymRoutes(deps: SynonymRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/synonyms',
      permission: 'operations.read',
      summary: "The tenant's list of synonyms.",
      response: SynonymsResponse,
      handle: async ({ principal }) => ({ kind: 'json', body: await deps.readSynonyms(principal) }),
    }),
    defineRoute({
      method: 'PUT',
      path: '/admin/v1/synonyms',
      permission: 'operations.manage',
      summary: 'Set the list of synonyms: it counts from the next question on, and nothing is indexed anew.',
      body: SynonymsBody,
      response: SynonymsResponse,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        body: await deps.setSynonyms(principal, body.text),
      }),
    }),
  ];
}
