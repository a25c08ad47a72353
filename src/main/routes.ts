import { join } from 'node:path';
import type { AnswerEvent, AnswerRequest, CollectionId, Principal } from '#core/index.ts';
import {
  chatCompletions,
  evidenceRoutes,
  jobsRoutes,
  models,
  operationsRoutes,
  pageRoutes,
  type EvidenceDeps,
  type Route,
} from '#gateway/index.ts';
import { GROUNDED_MODEL } from './answering.ts';
import type { Parts } from './compose.ts';
import { INSTALLATION } from './product.ts';

function createEvidenceDeps(parts: Parts): EvidenceDeps {
  const iso = (timeMs: number) => new Date(timeMs).toISOString();
  return {
    listCollections: async (principal) =>
      parts.documents.listCollections(await parts.accessFilters.filterFor(principal)),
    async listDocuments(principal: Principal, collectionId: CollectionId) {
      const access = await parts.accessFilters.filterFor(principal);
      const documents = await parts.documents.listDocuments(collectionId, access);
      return documents.map((document) => ({
        id: document.id,
        title: document.title,
        sourceKey: document.sourceKey,
        versionId: document.versionId,
        language: document.language,
        sizeBytes: document.sizeBytes,
        validFrom: iso(document.validFromMs),
      }));
    },
    async readPassage(principal, versionId) {
      const access = await parts.accessFilters.filterFor(principal);
      const passage = await parts.chunks.readPassage(versionId, access);
      if (passage === undefined) return undefined;
      return {
        versionId,
        title: passage.title,
        validFrom: iso(passage.validFromMs),
        chunks: passage.chunks.map((chunk) => ({
          ...chunk,
          headingPath: [...chunk.headingPath],
          page: chunk.page ?? null,
        })),
      };
    },
  };
}

async function listModels(parts: Parts, principal: Principal) {
  const access = await parts.accessFilters.filterFor(principal);
  const collections = await parts.documents.listCollections(access);
  const names = [GROUNDED_MODEL, ...collections.map((collection) => `${GROUNDED_MODEL}/${collection.name}`)];
  return names.map((name) => ({ name, createdAtMs: 0, ownedBy: 'hradlo' }));
}

/** The whole route table of the product. */
export function createRoutes(
  parts: Parts,
  served: { isReady(): boolean; answerChat(request: AnswerRequest): AsyncIterable<AnswerEvent> },
): readonly Route[] {
  const routes: Route[] = [
    chatCompletions((request) => served.answerChat(request)),
    ...models((principal) => listModels(parts, principal)),
    ...evidenceRoutes(createEvidenceDeps(parts)),
    ...jobsRoutes({ jobs: parts.jobs, nowMs: parts.clock.nowMs }),
    ...operationsRoutes({ metrics: parts.metrics, isReady: () => served.isReady() }, () => routes),
    ...pageRoutes(join(INSTALLATION, 'web/dist')),
  ];
  return routes;
}
