import { join } from 'node:path';
import {
  mayAskModel,
  type AnswerEvent,
  type AnswerRequest,
  type CollectionId,
  type Principal,
} from '#core/index.ts';
import {
  chatCompletions,
  evidenceRoutes,
  models,
  modelRoutes,
  ollamaRoutes,
  operationsRoutes,
  keyRoutes,
  limitsRoutes,
  pageRoutes,
  peopleRoutes,
  retrieveRoutes,
  rightsRoutes,
  managedCollectionsRoutes,
  reviewRoutes,
  serviceRoutes,
  passkeyRoutes,
  sessionRoutes,
  snapshotRoutes,
  synonymRoutes,
  tenantsRoutes,
  type CertificateDeps,
  type EvidenceDeps,
  type HealthDeps,
  type OllamaDeps,
  type Route,
  type PasskeyRouteDeps,
  type SessionDeps,
} from '#gateway/index.ts';
import type { RunningAnswers } from '#usecases/index.ts';
import { GROUNDED_MODEL } from './answer-routes.ts';
import { changeMemory } from './change-memory.ts';
import { askingRoutes } from './asking-routes.ts';
import type { Auditing } from './auditing.ts';
import type { Parts } from './compose.ts';
import { createEncoderRoutes } from './encoder-routes.ts';
import { ownConversationRoutes } from './conversation-routes.ts';
import type { Erasing } from './erasing.ts';
import { ingestionRoutes, type Ingestion } from './ingestion.ts';
import { ownInstallationRoutes } from './installation-routes.ts';
import { createLimitsRouteDeps } from './limits-routes.ts';
import { createKeysDeps, createPeopleRouteDeps, createServiceRouteDeps } from './people-routes.ts';
import type { ModelLibrary } from './model-library.ts';
import { createModelRouteDeps, type ServedModels } from './model-routes.ts';
import { INSTALLATION, productVersion } from './product.ts';
import { readPassage } from './passage.ts';
import { recordRoutes } from './record-routes.ts';
import { createRetrieveDeps } from './retrieving.ts';
import { createManagedCollectionsDeps, createReviewRouteDeps } from './review-routes.ts';
import { createRightsRouteDeps } from './rights-routes.ts';
import { createSnapshotRouteDeps } from './snapshot-routes.ts';
import { createSynonymRouteDeps } from './synonym-routes.ts';
import { createTenantsRouteDeps } from './tenants-routes.ts';

function createEvidenceDeps(parts: Parts): EvidenceDeps {
  const iso = (timeMs: number) => new Date(timeMs).toISOString();
  return {
    async listCollections(principal) {
      const access = await parts.accessFilters.filterFor(principal);
      const collections = await parts.documents.listCollections(access);
      const ids = collections.map(({ id }) => id);
      const counts = await parts.documents.countDocuments(ids, access);
      return collections.map(({ id, name, title }) => ({
        id,
        name,
        title,
        documentCount: counts.get(id) ?? 0,
      }));
    },
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
      return readPassage(parts, versionId, access);
    },
  };
}

async function listModels(parts: Parts, library: ModelLibrary, principal: Principal) {
  const access = await parts.accessFilters.filterFor(principal);
  const collections = await parts.documents.listCollections(access);
  const names = [
    GROUNDED_MODEL,
    ...collections.map((collection) => `${GROUNDED_MODEL}/${collection.name}`),
    ...library.chatNames(),
  ];
  return names
    .filter((name) => mayAskModel(principal, name))
    .map((name) => ({ name, createdAtMs: 0, ownedBy: 'hradlo' }));
}

/** Who may read what: grants, exceptions, owners, explanations, the review. */
function rightsOf(parts: Parts): Route[] {
  return [
    ...rightsRoutes(createRightsRouteDeps(parts)),
    ...managedCollectionsRoutes(createManagedCollectionsDeps(parts)),
    ...reviewRoutes(createReviewRouteDeps(parts)),
  ];
}

function ollamaDeps(parts: Parts, served: ServedModels & Pick<OllamaDeps, 'answerChat'>): OllamaDeps {
  const list = (principal: Principal) => listModels(parts, served.library, principal);
  const listNames = async (principal: Principal) => (await list(principal)).map(({ name }) => name);
  return {
    answerChat: (request) => served.answerChat(request),
    listModels: list,
    listLoaded: (principal) =>
      served.library.statuses().flatMap(({ name, memoryBytes, state }) => {
        const isLoaded = state === 'ready' && memoryBytes !== undefined;
        return isLoaded && mayAskModel(principal, name) ? [{ name, memoryBytes }] : [];
      }),
    changeMemory: (principal, wish) => changeMemory({ ...served, listNames }, principal, wish),
    nowMs: parts.clock.nowMs,
    monotonicMs: parts.clock.monotonicMs,
    version: productVersion(),
  };
}

/** The whole route table of the product. */
export function createRoutes(
  parts: Parts,
  served: ServedModels & {
    readonly session: SessionDeps;
    readonly passkeys: PasskeyRouteDeps;
    readonly auditing: Auditing;
    readonly certificates: CertificateDeps;
    readonly ingestion: Ingestion;
    readonly health: HealthDeps;
    readonly erasing: Erasing;
    readonly running: RunningAnswers;
    isReady(): boolean;
    answerChat(request: AnswerRequest): AsyncIterable<AnswerEvent>;
  },
): readonly Route[] {
  const routes: Route[] = [
    chatCompletions((request) => served.answerChat(request)),
    ...askingRoutes(parts, served),
    ...createEncoderRoutes(parts, served.library),
    ...ownConversationRoutes(parts),
    ...ownInstallationRoutes(parts),
    ...models((principal) => listModels(parts, served.library, principal)),
    ...modelRoutes(createModelRouteDeps(parts, served)),
    ...ollamaRoutes(ollamaDeps(parts, served)),
    ...evidenceRoutes(createEvidenceDeps(parts)),
    ...ingestionRoutes(parts, served),
    ...retrieveRoutes(createRetrieveDeps(parts, served)),
    ...recordRoutes(parts, served),
    ...sessionRoutes(served.session),
    ...passkeyRoutes(served.passkeys),
    ...keyRoutes(createKeysDeps(parts.people)),
    ...peopleRoutes(createPeopleRouteDeps(parts.people)),
    ...serviceRoutes(createServiceRouteDeps(parts.people)),
    ...limitsRoutes(createLimitsRouteDeps(parts)),
    ...rightsOf(parts),
    ...snapshotRoutes(createSnapshotRouteDeps(parts)),
    ...synonymRoutes(createSynonymRouteDeps(parts)),
    ...tenantsRoutes(createTenantsRouteDeps(parts)),
    ...operationsRoutes({ metrics: parts.metrics, isReady: () => served.isReady() }, () => routes),
    ...pageRoutes(join(INSTALLATION, 'web/dist')),
  ];
  return routes;
}
