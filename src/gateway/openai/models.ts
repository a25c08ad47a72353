import { z } from 'zod';
import { AppError, type Principal } from '#core/index.ts';
import { toModel, toModelList, type ListedModel } from '#wire/openai/index.ts';
import { defineRoute, type Route } from '../route.ts';

/** GET /v1/models and /v1/models/{model}: what can be asked. */
export function models(listModels: (principal: Principal) => Promise<readonly ListedModel[]>): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/models',
      permission: 'ask',
      summary: 'Models and collections that can be asked.',
      handle: async ({ principal }) => ({ kind: 'json', body: toModelList(await listModels(principal)) }),
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/models/*',
      permission: 'ask',
      summary: 'One model.',
      params: z.object({ '*': z.string() }),
      async handle({ principal, params }) {
        const name = params['*'];
        const found = (await listModels(principal)).find((model) => model.name === name);
        if (found === undefined) throw new AppError('model.not_found', `No model is called "${name}".`);
        return { kind: 'json', body: toModel(found) };
      },
    }),
  ];
}
