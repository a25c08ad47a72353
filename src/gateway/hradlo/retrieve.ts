import type { AnswerScope, Evidence, Principal } from '#core/index.ts';
import {
  RetrieveRequest,
  RetrieveResponse,
  toRetrieveInput,
  toRetrieveResponse,
} from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface RetrieveRouteDeps {
  retrieve(principal: Principal, question: string, scope: AnswerScope): Promise<readonly Evidence[]>;
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
        const { question, scope, limit } = toRetrieveInput(body);
        const evidence = await deps.retrieve(principal, question, scope);
        return { kind: 'json', body: toRetrieveResponse(evidence.slice(0, limit)) };
      },
    }),
  ];
}
