import { z } from 'zod';
import type { Principal } from '#core/index.ts';
import type { ChangeModels } from '#usecases/index.ts';
import {
  AcquireModelRequest,
  AcquireModelResponse,
  AddEngineRequest,
  DoneResponse,
  ModelOfferLookResponse,
  ModelOfferResponse,
  ModelResponse,
  ModelsResponse,
  SetAliasRequest,
  UseModelRequest,
  UseModelResponse,
} from '#wire/admin/index.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';

export interface ModelRouteDeps {
  readonly changeModels: Pick<
    ChangeModels,
    'acquire' | 'use' | 'useNone' | 'load' | 'unload' | 'remove' | 'addEngine' | 'removeEngine' | 'setAlias'
  >;
  list(principal: Principal): Promise<ModelsResponse>;
  /** How a model fares. @throws AppError model.not_found */
  find(name: string): ModelResponse;
  /** A model for this machine; asks nobody. */
  offer(): ModelOfferResponse;
  /** Asks the hub about it. */
  lookAtOffer(signal: AbortSignal): Promise<ModelOfferLookResponse>;
}

const DONE: Reply = { kind: 'json', body: { done: true } };
const ByName = z.object({ name: z.string() });

/** Models of this installation: what runs, adding, choosing, taking away. */
export function modelRoutes(deps: ModelRouteDeps): Route[] {
  return [
    ...fileRoutes(deps),
    ...(['load', 'unload'] as const).map((action) => memoryRoute(deps, action)),
    ...offerRoutes(deps),
    ...nameRoutes(deps),
    ...engineRoutes(deps),
  ];
}

function fileRoutes({ list, changeModels }: ModelRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/models',
      permission: 'models.manage',
      summary: 'Models, aliases and engines, and how they fare.',
      response: ModelsResponse,
      handle: async ({ principal }) => ({ kind: 'json', body: await list(principal) }),
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/models',
      permission: 'models.manage',
      summary: 'Bring a model file in, from a path on the server or from the hub, as a job.',
      body: AcquireModelRequest,
      response: AcquireModelResponse,
      async handle({ principal, body }) {
        const { contextTokens, approvedTemplate, ...rest } = body;
        return {
          kind: 'json',
          status: 202,
          body: {
            jobId: await changeModels.acquire(principal, { ...rest, contextTokens, approvedTemplate }),
          },
        };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/models/:name',
      permission: 'models.manage',
      summary: 'Forget a model.',
      params: ByName,
      response: DoneResponse,
      async handle({ principal, params }) {
        await changeModels.remove(principal, params.name);
        return DONE;
      },
    }),
  ];
}

const MEMORY_SUMMARIES = {
  load: 'Load a model again that was unloaded, from the file that is here.',
  unload:
    'Take a model out of memory, until it is loaded again. What it was doing it may finish, for half a minute.',
} as const;

function memoryRoute({ changeModels, find }: ModelRouteDeps, action: 'load' | 'unload'): Route {
  return defineRoute({
    method: 'POST',
    path: `/admin/v1/models/:name/${action}`,
    permission: 'models.manage',
    summary: MEMORY_SUMMARIES[action],
    params: ByName,
    response: ModelResponse,
    async handle({ principal, params }) {
      await changeModels[action](principal, params.name);
      return { kind: 'json', body: find(params.name) };
    },
  });
}

function offerRoutes({ offer, lookAtOffer }: ModelRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/model-offer',
      permission: 'models.manage',
      summary: 'A model that suits this machine. Nobody outside is asked.',
      response: ModelOfferResponse,
      handle: async () => ({ kind: 'json', body: offer() }),
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/model-offer/look',
      permission: 'models.manage',
      summary: 'Ask the hub for the size and licence of the offered model, and how long it takes to fetch.',
      response: ModelOfferLookResponse,
      handle: async ({ signal }) => ({ kind: 'json', body: await lookAtOffer(signal) }),
    }),
  ];
}

function nameRoutes({ changeModels }: ModelRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'PUT',
      path: '/admin/v1/answer-model',
      permission: 'models.manage',
      summary: 'Choose a model for what it was made for: answers, vectors or relevance; null for none.',
      body: UseModelRequest,
      response: UseModelResponse,
      async handle({ principal, body: { name, role } }) {
        if (name === null) await changeModels.useNone(principal, role);
        return {
          kind: 'json',
          body: { done: true, role: name === null ? role : await changeModels.use(principal, name) },
        };
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/admin/v1/aliases/:name',
      permission: 'models.manage',
      summary: 'Let a name lead to models in order of preference; none takes it away.',
      params: ByName,
      body: SetAliasRequest,
      response: DoneResponse,
      async handle({ principal, params, body }) {
        await changeModels.setAlias(principal, params.name, body.targets);
        return DONE;
      },
    }),
  ];
}

function engineRoutes({ changeModels }: ModelRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/admin/v1/engines',
      permission: 'models.manage',
      summary: "Register an engine that speaks OpenAI's dialect, and one of its models.",
      body: AddEngineRequest,
      response: DoneResponse,
      async handle({ principal, body }) {
        const { name, kind, url, apiKeyFile, model, as = name, contextTokens } = body;
        await changeModels.addEngine(
          principal,
          { name, kind, url, apiKeyFile },
          { name: as, upstreamModel: model, contextTokens },
        );
        return DONE;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/engines/:name',
      permission: 'models.manage',
      summary: 'Forget an engine and the models behind it.',
      params: ByName,
      response: DoneResponse,
      async handle({ principal, params }) {
        await changeModels.removeEngine(principal, params.name);
        return DONE;
      },
    }),
  ];
}
