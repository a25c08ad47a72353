import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { sendJson } from './client.ts';

const ModelList = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });

/** Names that can be asked; those of single collections are left out, as the page narrows by chips. */
export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: async ({ signal }): Promise<readonly string[]> => {
    const { data } = await sendJson(ModelList, '/v1/models', { signal });
    return data.map((model) => model.id).filter((name) => !name.startsWith('hradlo/'));
  },
  staleTime: 30_000,
});
