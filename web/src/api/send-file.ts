import type { z } from 'zod';
import { failureOf, headersOf } from './client.ts';
import { reportUnreachable } from './connection.ts';
import { ApiError } from './errors.ts';

interface Sent {
  readonly signal: AbortSignal;
  /** Told how many bytes have gone out. */
  onProgress(sentBytes: number): void;
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/**
 * Sends a file as it is and reads the JSON that comes back. Not by `fetch`, which does not tell how much has gone out.
 * @throws {ApiError} when it was refused, nobody answered, or it was cancelled (`network`).
 */
export async function sendFile<Schema extends z.ZodType>(
  schema: Schema,
  { path, file }: { readonly path: string; readonly file: Blob },
  { signal, onProgress }: Sent,
): Promise<z.infer<Schema>> {
  const { promise, resolve } = Promise.withResolvers<XMLHttpRequest>();
  const request = new XMLHttpRequest();
  request.open('POST', path);
  for (const [name, value] of Object.entries(headersOf({ method: 'POST', file })))
    request.setRequestHeader(name, value);
  request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
  request.addEventListener('loadend', () => resolve(request));
  const cancel = () => request.abort();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (!signal.aborted) request.send(file);
    else resolve(request);
    const { status, responseText } = await promise;
    if (status === 0) {
      if (!signal.aborted) reportUnreachable();
      throw new ApiError('network', 'nobody answered');
    }
    const body = parse(responseText);
    if (status < 200 || status > 299) throw failureOf(body, status);
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new ApiError('internal', `${path} answered in an unknown shape`);
    return parsed.data;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
