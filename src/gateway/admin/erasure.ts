import type { Principal } from '#core/index.ts';
import { ErasureRequest, ErasureResponse } from '#wire/admin/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface ErasureDeps {
  eraseSubject(request: {
    readonly principal: Principal;
    readonly issuer: string;
    readonly subject: string;
    readonly reference: string;
  }): Promise<{ keys: number }>;
}

/** Erasing a person's questions and answers for good. */
export function erasureRoutes(deps: ErasureDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/admin/v1/erasures',
      permission: 'people.manage',
      summary: 'Erase the questions, answers and account of a person for good.',
      body: ErasureRequest,
      response: ErasureResponse,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        body: await deps.eraseSubject({ principal, ...body }),
      }),
    }),
  ];
}
