import type { Evidence, Principal } from '#core/index.ts';
import {
  RetrieveRequest,
  RetrieveResponse,
  toRetrieveInput,
  toRetrieveResponse,
  type RetrieveInput,
  type RetrieveTrace,
} from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface RetrieveRouteDeps {
  retrieve(
    principal: Principal,
    asked: RetrieveInput,
  ): Promise<{ readonly evidence: readonly Evidence[]; readonly trace?: RetrieveTrace }>;
}

/** The evidence for a question without an answer made of it: for pages and programs that answer themselves. */
export function retrieveRoutes(deps: RetrieveRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/retrieve',
      permission: 'documents.read',
      summary: 'The chunks that an answer would rest on, as far as the caller may read them.',
      body: RetrieveRequest,
      response: RetrieveResponse,
      async handle({ principal, body }) {
        const asked = toRetrieveInput(body);
        const { evidence, trace } = await deps.retrieve(principal, asked);
        return { kind: 'json', body: toRetrieveResponse(evidence.slice(0, asked.limit), trace) };
      },
    }),
  ];
}
