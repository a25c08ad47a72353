import { AppError, parseId, type DocumentId, type Principal } from '#core/index.ts';
import {
  DocumentErasureRequest,
  DocumentErasureResponse,
  ErasureRequest,
  ErasureResponse,
} from '#wire/admin/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface ErasureDeps {
  eraseSubject(request: {
    readonly principal: Principal;
    readonly issuer: string;
    readonly subject: string;
    readonly reference: string;
  }): Promise<{ keys: number }>;
  eraseDocument(request: {
    readonly principal: Principal;
    readonly documentId: DocumentId;
    readonly reference: string;
  }): Promise<DocumentErasureResponse>;
}

/** Erasing for good: a person's questions and answers, a document with all that repeats it. */
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
    defineRoute({
      method: 'POST',
      path: '/admin/v1/document-erasures',
      permission: 'people.manage',
      summary: 'Erase a document for good: its file, text, name, and the kept answers that quoted it.',
      body: DocumentErasureRequest,
      response: DocumentErasureResponse,
      async handle({ principal, body: { documentId: text, reference } }) {
        const documentId = parseId('document', text);
        if (documentId === undefined) throw new AppError('document.not_found', 'There is no such document.');
        return { kind: 'json', body: await deps.eraseDocument({ principal, documentId, reference }) };
      },
    }),
  ];
}
