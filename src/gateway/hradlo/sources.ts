import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { AppError, type Principal } from '#core/index.ts';
import {
  EntriesQuery,
  EntriesResponse,
  FileQuery,
  FILE_PASSWORD_HEADER,
  NewSourceRequest,
  NewUploadsRequest,
  RetryRequest,
  SourceProgress,
  SourceResponse,
  SourcesResponse,
  UploadQuery,
  UploadResponse,
} from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';
import { sending, SERVER_SENT_EVENTS } from '../sse.ts';

export interface SourcesDeps {
  addFolder(principal: Principal, source: NewSourceRequest): Promise<SourceResponse>;
  listSources(principal: Principal): Promise<SourceResponse[]>;
  findSource(principal: Principal, sourceId: string): Promise<SourceResponse>;
  openUploads(principal: Principal, uploads: NewUploadsRequest): Promise<SourceResponse>;
  /** The body begins with the sidecar, of so many bytes. */
  sendFile(
    principal: Principal,
    target: { readonly sourceId: string; readonly query: z.infer<typeof FileQuery> },
    body: AsyncIterable<Uint8Array>,
  ): Promise<UploadResponse>;
  /** Rests, goes on, or goes for good. */
  manage(principal: Principal, sourceId: string, to: 'pause' | 'resume' | 'remove'): Promise<SourceResponse>;
  scan(principal: Principal, sourceId: string): Promise<void>;
  follow(principal: Principal, sourceId: string, signal: AbortSignal): Promise<AsyncIterable<SourceProgress>>;
  listEntries(
    principal: Principal,
    sourceId: string,
    query: z.infer<typeof EntriesQuery>,
  ): Promise<EntriesResponse>;
  retry(principal: Principal, entryId: string, password: string | undefined): Promise<void>;
  remove(principal: Principal, entryId: string): Promise<void>;
  upload(
    principal: Principal,
    target: {
      readonly collectionId: string;
      readonly query: z.infer<typeof UploadQuery>;
      readonly password: string | undefined;
    },
    body: AsyncIterable<Uint8Array>,
  ): Promise<UploadResponse>;
}

const SourceParams = z.object({ sourceId: z.string() });
const EntryParams = z.object({ entryId: z.string() });
const DONE = { kind: 'json', status: 202, body: {} } as const;

/** Where documents come from, and how they come in. */
export function sourcesRoutes(deps: SourcesDeps): Route[] {
  return [
    ...sourceRoutes(deps),
    ...manageRoutes(deps),
    ...workRoutes(deps),
    ...entryRoutes(deps),
    ...fileRoutes(deps),
    uploadRoute(deps),
  ];
}

function sourceRoutes(deps: SourcesDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/sources',
      // A folder of the server may hold what its caller could not read otherwise.
      permission: 'operations.manage',
      summary: 'Let the documents of a folder of the server come into a collection.',
      body: NewSourceRequest,
      response: SourceResponse,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        status: 202,
        body: await deps.addFolder(principal, body),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/sources',
      permission: 'documents.write',
      summary: 'Sources of the collections that the caller manages.',
      response: SourcesResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        body: { sources: await deps.listSources(principal) },
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/sources/:sourceId',
      permission: 'documents.write',
      summary: 'A source and how many of its files stand where.',
      params: SourceParams,
      response: SourceResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: await deps.findSource(principal, params.sourceId),
      }),
    }),
  ];
}

function manageRoutes(deps: SourcesDeps): Route[] {
  const action = (to: 'pause' | 'resume', summary: string) =>
    defineRoute({
      method: 'POST',
      path: `/hradlo/v1/sources/:sourceId/${to}`,
      permission: 'documents.write',
      summary,
      params: SourceParams,
      response: SourceResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: await deps.manage(principal, params.sourceId, to),
      }),
    });
  return [
    action('pause', 'Let nothing come in from a source until it goes on.'),
    action('resume', 'Let a source go on.'),
    defineRoute({
      method: 'DELETE',
      path: '/hradlo/v1/sources/:sourceId',
      permission: 'documents.write',
      summary: 'Remove a source: what came from it is taken out of answers, its history stays.',
      params: SourceParams,
      response: SourceResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        status: 202,
        body: await deps.manage(principal, params.sourceId, 'remove'),
      }),
    }),
  ];
}

/** A folder of somebody's own computer comes in file by file. */
function fileRoutes(deps: SourcesDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/uploads',
      permission: 'documents.write',
      summary: 'Open the source that stands for a folder of somebody’s own computer.',
      body: NewUploadsRequest,
      response: SourceResponse,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        body: await deps.openUploads(principal, body),
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/sources/:sourceId/files',
      permission: 'documents.write',
      summary: 'Send a file of such a folder: the body is its sidecar, if it has one, and then the file.',
      params: SourceParams,
      query: FileQuery,
      takesStream: true,
      response: UploadResponse,
      handle: async ({ principal, params, query, raw }) => ({
        kind: 'json',
        status: 202,
        body: await deps.sendFile(principal, { sourceId: params.sourceId, query }, raw),
      }),
    }),
  ];
}

function workRoutes(deps: SourcesDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/sources/:sourceId/scan',
      permission: 'documents.write',
      summary: 'Look at a source again now.',
      params: SourceParams,
      async handle({ principal, params }) {
        await deps.scan(principal, params.sourceId);
        return DONE;
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/sources/:sourceId/progress',
      permission: 'documents.write',
      summary: 'Server-sent events on how a source comes in, until it is in.',
      params: SourceParams,
      response: SourceProgress,
      handle: async ({ principal, params, signal }) => ({
        kind: 'events',
        framing: SERVER_SENT_EVENTS,
        send: sending(await deps.follow(principal, params.sourceId, signal), (progress) => [
          JSON.stringify(progress),
        ]),
      }),
    }),
  ];
}

function entryRoutes(deps: SourcesDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/sources/:sourceId/entries',
      permission: 'documents.write',
      summary: 'Files of a source; those put aside with their reasons.',
      params: SourceParams,
      query: EntriesQuery,
      response: EntriesResponse,
      handle: async ({ principal, params, query }) => ({
        kind: 'json',
        body: await deps.listEntries(principal, params.sourceId, query),
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/hradlo/v1/entries/:entryId/retry',
      permission: 'documents.write',
      summary: 'Try a file again that was put aside, with a password when it was locked.',
      params: EntryParams,
      body: RetryRequest,
      async handle({ principal, params, body }) {
        await deps.retry(principal, params.entryId, body.password);
        return DONE;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/hradlo/v1/entries/:entryId',
      permission: 'documents.write',
      summary: 'Take an uploaded file out of answers; its history stays.',
      params: EntryParams,
      async handle({ principal, params }) {
        await deps.remove(principal, params.entryId);
        return DONE;
      },
    }),
  ];
}

/** @throws {AppError} input.invalid */
function passwordOf({ headers }: IncomingMessage): string | undefined {
  const text = headers[FILE_PASSWORD_HEADER];
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AppError('input.invalid', 'Write the password percent-encoded.', {
      details: { param: FILE_PASSWORD_HEADER },
    });
  }
}

function uploadRoute(deps: SourcesDeps): Route {
  return defineRoute({
    method: 'POST',
    path: '/hradlo/v1/collections/:collectionId/documents',
    permission: 'documents.write',
    summary:
      'Upload a document: the file is the body, sent as application/octet-stream. The header hradlo-file-password, percent-encoded, opens an encrypted one.',
    params: z.object({ collectionId: z.string() }),
    query: UploadQuery,
    takesStream: true,
    response: UploadResponse,
    handle: async ({ principal, params, query, raw }) => ({
      kind: 'json',
      status: 202,
      body: await deps.upload(
        principal,
        { collectionId: params.collectionId, query, password: passwordOf(raw) },
        raw,
      ),
    }),
  });
}
