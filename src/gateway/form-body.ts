import type { FastifyRequest } from 'fastify';
import { AppError } from '#core/index.ts';
import { dialectOf } from './error-body.ts';

/** The refusal of a body that does not say that it is JSON. */
export const notJsonType = (cause?: unknown): AppError =>
  new AppError('input.invalid', 'Send the body as JSON, with content-type application/json.', { cause });

/**
 * curl says "form" of whatever it posts, and the examples of Ollama rely on it: there such a body is read as JSON.
 * A browser names the origin of every form it posts, and never gets this far with one.
 * @throws AppError input.invalid: not on a route of Ollama, or not JSON
 */
export async function readFormAsJson(
  { url, headers }: FastifyRequest,
  body: string | Buffer,
): Promise<unknown> {
  if (dialectOf(url) !== 'ollama' || headers.origin !== undefined || headers.cookie !== undefined)
    throw notJsonType();
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw new AppError('input.invalid', 'The request body is not JSON.', { cause });
  }
}
