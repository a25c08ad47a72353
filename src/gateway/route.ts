import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Permission, Principal } from '#core/index.ts';
import type { EventReply } from './sse.ts';

/** What a route asks of its caller; `public` asks nothing and its caller is nobody. */
export type RoutePermission = Permission | 'public';

/** A request as a route sees it: authenticated, permitted, its parts parsed. */
export interface Call<Params, Query, Body> {
  readonly principal: Principal;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Aborts when the client hangs up. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly raw: IncomingMessage;
}

/** What a route answers with. */
export type Reply =
  | {
      readonly kind: 'json';
      readonly body: object;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | EventReply
  /** A text of any length, in parts. */
  | { readonly kind: 'text'; readonly parts: AsyncIterable<string>; readonly contentType: string }
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array | string;
      readonly contentType: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly status?: number;
    };

/** One route. Every one declares its permission; the table is what OpenAPI is made of. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly permission: RoutePermission;
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response?: z.ZodType;
  /** The body is taken as it comes, from `raw`, sent as application/octet-stream; the handler sees to its size. */
  readonly takesStream?: boolean;
  /** Bytes; the server's own limit where it is not given. */
  readonly bodyLimitBytes?: number;
  handle(call: Call<unknown, unknown, unknown>): Promise<Reply>;
}

type Parsed<Schema> = Schema extends z.ZodType<infer Output> ? Output : undefined;

interface TypedRoute<Params, Query, Body> extends Omit<Route, 'params' | 'query' | 'body' | 'handle'> {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  handle(call: Call<Parsed<Params>, Parsed<Query>, Parsed<Body>>): Promise<Reply>;
}

/** Declares a route whose handler sees the parsed types of its schemas. */
export function defineRoute<
  Params extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(route: TypedRoute<Params, Query, Body>): Route {
  // The server parses with these very schemas before it calls, so what arrives is of their output types.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return route as unknown as Route;
}
