import { z } from 'zod';
import type { Route } from './route.ts';

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  return z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' });
}

function parametersOf(route: Route): object[] {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

/** The route table as an OpenAPI document. Each operation says the permission it asks for in `x-permission`. */
export function openApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}');
    const response = route.response && {
      content: { 'application/json': { schema: schemaOf(route.response, 'output') } },
    };
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: {
        summary: route.summary,
        'x-permission': route.permission,
        parameters: parametersOf(route),
        ...(route.body && {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }),
        responses: {
          200: { description: 'As asked.', ...response },
          default: { description: 'An error body.' },
        },
      },
    };
  }
  return { openapi: '3.1.0', info: { title: 'Hradlo', version: '1' }, paths };
}
