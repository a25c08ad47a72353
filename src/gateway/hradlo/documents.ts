import { z } from 'zod';
import { AppError, type Principal } from '#core/index.ts';
import {
  BoxesQuery,
  BoxesResponse,
  ChangesQuery,
  ChangesResponse,
  DocumentAnswersResponse,
  DocumentResponse,
  LayoutResponse,
} from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';

/** Each resolves to undefined for what is not there or may not be read, alike on purpose. */
export interface DocumentsDeps {
  find(principal: Principal, documentId: string): Promise<DocumentResponse | undefined>;
  compare(
    principal: Principal,
    documentId: string,
    query: z.infer<typeof ChangesQuery>,
  ): Promise<ChangesResponse | undefined>;
  answers(principal: Principal, documentId: string): Promise<DocumentAnswersResponse | undefined>;
  original(
    principal: Principal,
    versionId: string,
  ): Promise<{ readonly bytes: Uint8Array; readonly fileName: string } | undefined>;
  layout(principal: Principal, versionId: string): Promise<LayoutResponse | undefined>;
  boxes(
    principal: Principal,
    versionId: string,
    span: z.infer<typeof BoxesQuery>,
  ): Promise<BoxesResponse | undefined>;
}

const DocumentParams = z.object({ documentId: z.string() });
const VersionParams = z.object({ versionId: z.string() });

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new AppError('document.not_found', 'There is no such document.');
  return value;
}

/** The name as browsers of any age save it (RFC 6266): plain letters, and the whole name beside it. */
function attachment(fileName: string): string {
  const plain = fileName.replaceAll(/[^\w .()-]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}

/** A document with its history, what changed in it, and where its words stand. */
export function documentsRoutes(deps: DocumentsDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/documents/:documentId',
      permission: 'documents.read',
      summary: 'A document and its versions, past ones too.',
      params: DocumentParams,
      response: DocumentResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: found(await deps.find(principal, params.documentId)),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/documents/:documentId/changes',
      permission: 'documents.read',
      summary: 'What changed between two versions.',
      params: DocumentParams,
      query: ChangesQuery,
      response: ChangesResponse,
      handle: async ({ principal, params, query }) => ({
        kind: 'json',
        body: found(await deps.compare(principal, params.documentId, query)),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/documents/:documentId/answers',
      permission: 'answers.read',
      summary: 'Answers that used a version of the document: the caller’s own, or all for who may audit.',
      params: DocumentParams,
      response: DocumentAnswersResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: found(await deps.answers(principal, params.documentId)),
      }),
    }),
    ...versionRoutes(deps),
  ];
}

function versionRoutes(deps: DocumentsDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/versions/:versionId/original',
      permission: 'documents.read',
      summary: 'The file of a version, to save.',
      params: VersionParams,
      async handle({ principal, params }) {
        const { bytes, fileName } = found(await deps.original(principal, params.versionId));
        return {
          kind: 'bytes',
          bytes,
          // Never shown as a page of ours, whatever it says it is.
          contentType: 'application/octet-stream',
          headers: {
            'content-disposition': attachment(fileName),
            'content-security-policy': "default-src 'none'; sandbox",
            'cache-control': 'private, no-store',
          },
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/versions/:versionId/layout',
      permission: 'documents.read',
      summary: 'Pages and headings of a version, and what was left out of its text.',
      params: VersionParams,
      response: LayoutResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: found(await deps.layout(principal, params.versionId)),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/versions/:versionId/boxes',
      permission: 'documents.read',
      summary: 'The rectangles that mark a span of the text on its pages.',
      params: VersionParams,
      query: BoxesQuery,
      response: BoxesResponse,
      handle: async ({ principal, params, query }) => ({
        kind: 'json',
        body: found(await deps.boxes(principal, params.versionId, query)),
      }),
    }),
  ];
}
