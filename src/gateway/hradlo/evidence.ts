import { z } from 'zod';
import { AppError, parseId, type CollectionId, type Principal, type VersionId } from '#core/index.ts';
import { CollectionsResponse, DocumentsResponse, PassageResponse } from '#wire/hradlo/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface EvidenceDeps {
  listCollections(principal: Principal): Promise<CollectionsResponse['collections'][number][]>;
  listDocuments(
    principal: Principal,
    collectionId: CollectionId,
  ): Promise<DocumentsResponse['documents'][number][]>;
  readPassage(principal: Principal, versionId: VersionId): Promise<PassageResponse | undefined>;
}

/** What people read beside an answer: collections, documents, and the text a citation points to. */
export function evidenceRoutes(deps: EvidenceDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/collections',
      permission: 'documents.read',
      summary: 'Collections that the caller may read.',
      response: CollectionsResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        body: { collections: await deps.listCollections(principal) },
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/collections/:collectionId/documents',
      permission: 'documents.read',
      summary: 'Documents of a collection that the caller may read.',
      params: z.object({ collectionId: z.string() }),
      response: DocumentsResponse,
      async handle({ principal, params }) {
        const collectionId = parseId('collection', params.collectionId);
        const documents = collectionId === undefined ? [] : await deps.listDocuments(principal, collectionId);
        return { kind: 'json', body: { documents } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/hradlo/v1/versions/:versionId/passage',
      permission: 'documents.read',
      summary: 'The text of a version of a document, as far as the caller may read it.',
      params: z.object({ versionId: z.string() }),
      response: PassageResponse,
      async handle({ principal, params }) {
        const versionId = parseId('version', params.versionId);
        const passage = versionId && (await deps.readPassage(principal, versionId));
        if (passage === undefined) throw new AppError('document.not_found', 'There is no such document.');
        return { kind: 'json', body: passage };
      },
    }),
  ];
}
