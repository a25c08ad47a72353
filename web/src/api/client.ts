import { z } from 'zod';
import { reportUnreachable } from './connection.ts';
import { ApiError } from './errors.ts';

const ProblemBody = z.looseObject({
  code: z.string(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** An error body as an error; anything else is `internal`. */
export function toApiError(body: unknown, status: number): ApiError {
  const problem = ProblemBody.safeParse(body);
  if (!problem.success) return new ApiError('internal', `HTTP ${status}`, { status });
  const { code, detail, instance, details } = problem.data;
  return new ApiError(code, detail ?? code, { status, requestId: instance, details });
}

type Listener = (error: ApiError) => void;
const onRefused = new Set<Listener>();

/** Runs on every refusal of the server: where an ended session is noticed. */
export function onApiError(listener: Listener): () => void {
  onRefused.add(listener);
  return () => onRefused.delete(listener);
}

let csrfToken: string | undefined;

/** The token that every change carries, so that only our own page can make one. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: object | undefined;
  /** Sent as it is, in the place of a body of JSON. */
  readonly file?: Blob | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a request carries beside its body. */
export function headersOf({
  method = 'GET',
  body,
  file,
}: Pick<Request, 'method' | 'body' | 'file'>): Record<string, string> {
  return {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(file !== undefined && { 'content-type': 'application/octet-stream' }),
    ...(method !== 'GET' && csrfToken !== undefined && { 'x-hradlo-csrf': csrfToken }),
  };
}

/** Sends a request. @throws {ApiError} when it was refused or nobody answered. */
export async function send(path: string, request: Request = {}): Promise<Response> {
  const { method = 'GET', body, file, signal } = request;
  const sent = file ?? (body && JSON.stringify(body));
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: headersOf(request),
      ...(sent !== undefined && { body: sent }),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted !== true) reportUnreachable();
    throw new ApiError('network', String(error));
  }
  if (response.ok) return response;
  throw failureOf(await response.json().catch(() => undefined), response.status);
}

/** A refusal as an error, which whoever listens for refusals has heard of. */
export function failureOf(body: unknown, status: number): ApiError {
  const failure = toApiError(body, status);
  for (const listener of onRefused) listener(failure);
  return failure;
}

async function readJson<Schema extends z.ZodType>(
  schema: Schema,
  response: Response,
): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new ApiError('internal', `${response.url} answered in an unknown shape`);
  return parsed.data;
}

/** Sends a request and reads its JSON. @throws {ApiError} */
export async function sendJson<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  request?: Request,
): Promise<z.infer<Schema>> {
  return readJson(schema, await send(path, request));
}
