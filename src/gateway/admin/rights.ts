import { z } from 'zod';
import {
  AppError,
  parseId,
  type ChunkId,
  type CollectionId,
  type DocumentId,
  type Principal,
  type UserId,
} from '#core/index.ts';
import {
  ExplainQuery,
  GrantBody,
  GrantsResponse,
  OverrideBody,
  ReachResponse,
  ReadersResponse,
} from '#wire/admin/index.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';
import { expectUserId } from './people.ts';

/** What rights are managed on. */
export interface RightsTarget {
  readonly documentId: DocumentId;
  readonly chunkId: ChunkId | undefined;
}

export interface RightsRouteDeps {
  listGrants(principal: Principal, id: CollectionId): Promise<GrantsResponse['grants']>;
  grantAccess(principal: Principal, id: CollectionId, body: z.infer<typeof GrantBody>): Promise<number>;
  revokeGrant(principal: Principal, id: CollectionId, grantId: number): Promise<void>;
  /** Undefined takes away what was said before. */
  overrideAccess(
    principal: Principal,
    target: RightsTarget,
    body: z.infer<typeof OverrideBody> | undefined,
  ): Promise<void>;
  explainTarget(
    principal: Principal,
    target: {
      readonly collectionId?: CollectionId;
      readonly documentId?: DocumentId;
      readonly purpose?: string | undefined;
    },
  ): Promise<z.infer<typeof ReadersResponse>['people']>;
  explainPerson(
    principal: Principal,
    of: { readonly userId: UserId; readonly purpose?: string | undefined },
  ): Promise<z.infer<typeof ReachResponse>['targets']>;
}

const DONE: Reply = { kind: 'json', body: { done: true } };
const ofCollection = z.object({ collectionId: z.string() });
const ofDocument = z.object({ documentId: z.string() });
const ofChunk = z.object({ documentId: z.string(), chunkId: z.string() });

/** An id from a path. @throws AppError collection.not_found */
export function expectCollectionId(text: string): CollectionId {
  const id = parseId('collection', text);
  if (id === undefined) throw new AppError('collection.not_found', 'There is no such collection.');
  return id;
}

/** Ids from a path. @throws AppError document.not_found */
export function expectTarget(documentText: string, chunkText?: string): RightsTarget {
  const documentId = parseId('document', documentText);
  const chunkId = chunkText === undefined ? undefined : parseId('chunk', chunkText);
  if (documentId === undefined || (chunkText !== undefined && chunkId === undefined))
    throw new AppError('document.not_found', 'There is no such document.');
  return { documentId, chunkId };
}

/** Who may read what: grants, exceptions, and the reasons. */
export function rightsRoutes(deps: RightsRouteDeps): Route[] {
  return [...grantRoutes(deps), ...overrideRoutes(deps), ...explainRoutes(deps)];
}

function grantRoutes(deps: RightsRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/collections/:collectionId/grants',
      permission: 'rights.explain',
      summary: 'Grants on a collection.',
      params: ofCollection,
      response: GrantsResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: { grants: await deps.listGrants(principal, expectCollectionId(params.collectionId)) },
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/collections/:collectionId/grants',
      permission: 'rights.manage',
      summary: 'Allow or deny somebody a collection: it acts on the next query.',
      params: ofCollection,
      body: GrantBody,
      async handle({ principal, params, body }) {
        const id = await deps.grantAccess(principal, expectCollectionId(params.collectionId), body);
        return { kind: 'json', status: 201, body: { id } };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/collections/:collectionId/grants/:grantId',
      permission: 'rights.manage',
      summary: 'Take a grant away: it acts on the next query.',
      params: z.object({ collectionId: z.string(), grantId: z.coerce.number().int().positive() }),
      async handle({ principal, params }) {
        await deps.revokeGrant(principal, expectCollectionId(params.collectionId), params.grantId);
        return DONE;
      },
    }),
  ];
}

function overrideRoutes(deps: RightsRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'PUT',
      path: '/admin/v1/documents/:documentId/access',
      permission: 'rights.manage',
      summary: 'Say who may read one document, beside or instead of the grants on its collection.',
      params: ofDocument,
      body: OverrideBody,
      async handle({ principal, params, body }) {
        await deps.overrideAccess(principal, expectTarget(params.documentId), body);
        return DONE;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/documents/:documentId/access',
      permission: 'rights.manage',
      summary: 'A document follows its collection again.',
      params: ofDocument,
      async handle({ principal, params }) {
        await deps.overrideAccess(principal, expectTarget(params.documentId), undefined);
        return DONE;
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/admin/v1/documents/:documentId/chunks/:chunkId/access',
      permission: 'rights.manage',
      summary: 'Say who may read one chunk, beside or instead of what holds for its document.',
      params: ofChunk,
      body: OverrideBody,
      async handle({ principal, params, body }) {
        await deps.overrideAccess(principal, expectTarget(params.documentId, params.chunkId), body);
        return DONE;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/documents/:documentId/chunks/:chunkId/access',
      permission: 'rights.manage',
      summary: 'A chunk follows its document again.',
      params: ofChunk,
      async handle({ principal, params }) {
        await deps.overrideAccess(principal, expectTarget(params.documentId, params.chunkId), undefined);
        return DONE;
      },
    }),
  ];
}

function explainRoutes(deps: RightsRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/collections/:collectionId/access',
      permission: 'rights.explain',
      summary: 'Who may read a collection and why, and who may not and why not.',
      params: ofCollection,
      query: ExplainQuery,
      response: ReadersResponse,
      async handle({ principal, params, query: { purpose } }) {
        const collectionId = expectCollectionId(params.collectionId);
        const people = await deps.explainTarget(principal, { collectionId, purpose });
        return { kind: 'json', body: { people } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/documents/:documentId/access',
      permission: 'rights.explain',
      summary: 'Who may read a document and why, and who may not and why not.',
      params: ofDocument,
      query: ExplainQuery,
      response: ReadersResponse,
      async handle({ principal, params, query: { purpose } }) {
        const { documentId } = expectTarget(params.documentId);
        const people = await deps.explainTarget(principal, { documentId, purpose });
        return { kind: 'json', body: { people } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/people/:userId/access',
      permission: 'rights.explain',
      summary: 'What a person may read and why, and what not and why not.',
      params: z.object({ userId: z.string() }),
      query: ExplainQuery,
      response: ReachResponse,
      async handle({ principal, params, query: { purpose } }) {
        const userId = expectUserId(params.userId);
        return { kind: 'json', body: { targets: await deps.explainPerson(principal, { userId, purpose }) } };
      },
    }),
  ];
}
