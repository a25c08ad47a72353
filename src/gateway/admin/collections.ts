import { z } from 'zod';
import type { CollectionId, DocumentId, Principal } from '#core/index.ts';
import {
  ExceptionsResponse,
  ManagedCollectionsResponse,
  OwnerBody,
  OwnersResponse,
} from '#wire/admin/index.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';
import { expectCollectionId, expectTarget } from './rights.ts';

export interface ManagedCollectionsDeps {
  listManaged(principal: Principal): Promise<z.infer<typeof ManagedCollectionsResponse>['collections']>;
  listOwners(principal: Principal, id: CollectionId): Promise<OwnersResponse['owners']>;
  addOwner(principal: Principal, id: CollectionId, subject: string): Promise<void>;
  removeOwner(principal: Principal, id: CollectionId, subject: string): Promise<void>;
  listExceptions(
    principal: Principal,
    of: { readonly collectionId: CollectionId } | { readonly documentId: DocumentId },
  ): Promise<ExceptionsResponse['exceptions']>;
}

const DONE: Reply = { kind: 'json', body: { done: true } };
const ofCollection = z.object({ collectionId: z.string() });

/** Collections as those see them who answer for them: whether or not they may read a word of them. */
export function managedCollectionsRoutes(deps: ManagedCollectionsDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/collections',
      permission: 'rights.explain',
      summary: 'Collections whose rights the caller may manage or audit, whether or not they may read them.',
      response: ManagedCollectionsResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        body: { collections: await deps.listManaged(principal) },
      }),
    }),
    ...exceptionRoutes(deps),
    ...ownerRoutes(deps),
  ];
}

function exceptionRoutes(deps: ManagedCollectionsDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/collections/:collectionId/exceptions',
      permission: 'rights.explain',
      summary: 'Documents and chunks of a collection of which something of their own is said.',
      params: ofCollection,
      response: ExceptionsResponse,
      async handle({ principal, params }) {
        const collectionId = expectCollectionId(params.collectionId);
        return { kind: 'json', body: { exceptions: await deps.listExceptions(principal, { collectionId }) } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/documents/:documentId/exceptions',
      permission: 'rights.explain',
      summary: 'What is said of one document and of its chunks.',
      params: z.object({ documentId: z.string() }),
      response: ExceptionsResponse,
      async handle({ principal, params }) {
        const { documentId } = expectTarget(params.documentId);
        return { kind: 'json', body: { exceptions: await deps.listExceptions(principal, { documentId }) } };
      },
    }),
  ];
}

function ownerRoutes(deps: ManagedCollectionsDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/collections/:collectionId/owners',
      permission: 'rights.explain',
      summary: 'Who answers for a collection.',
      params: ofCollection,
      response: OwnersResponse,
      async handle({ principal, params }) {
        const collectionId = expectCollectionId(params.collectionId);
        return { kind: 'json', body: { owners: await deps.listOwners(principal, collectionId) } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/collections/:collectionId/owners',
      permission: 'rights.manage',
      summary:
        'Let somebody answer for a collection: they manage its rights and documents, and read none by that.',
      params: ofCollection,
      body: OwnerBody,
      async handle({ principal, params, body }) {
        await deps.addOwner(principal, expectCollectionId(params.collectionId), body.subject);
        return { ...DONE, status: 201 };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/collections/:collectionId/owners',
      permission: 'rights.manage',
      summary: 'Take an owner away: it acts on the next request.',
      params: ofCollection,
      query: OwnerBody,
      async handle({ principal, params, query }) {
        await deps.removeOwner(principal, expectCollectionId(params.collectionId), query.subject);
        return DONE;
      },
    }),
  ];
}
