import type { TextKey, Translate } from '../i18n/index.ts';

/** The server refused or failed, or was not reached (`network`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    at: {
      status?: number;
      requestId?: string | undefined;
      details?: Readonly<Record<string, unknown>> | undefined;
    } = {},
  ) {
    super(message);
    this.code = code;
    this.status = at.status ?? 0;
    this.requestId = at.requestId;
    this.details = at.details ?? {};
  }
}

const SAID: readonly TextKey[] = [
  'error.auth.required',
  'error.auth.forbidden',
  'error.collection.not_found',
  'error.document.not_found',
  'error.answer.not_found',
  'error.conversation.not_found',
  'error.conflict.state',
  'error.engine.crashed',
  'error.engine.overloaded',
  'error.engine.unavailable',
  'error.input.invalid',
  'error.input.too_large',
  'error.limit.exceeded',
  'error.model.context_exceeded',
  'error.model.not_found',
  'error.policy.blocked',
  'error.policy.unavailable',
  'error.record.unavailable',
  'error.request.timed_out',
  'error.server.draining',
  'error.storage.full',
  'error.network',
];

/** What happened and what to do, in the reader's language. */
export function sayError(error: unknown, t: Translate): string {
  if (!(error instanceof ApiError)) return t('error.internal');
  const key = SAID.find((candidate) => candidate === `error.${error.code}`);
  return key === undefined ? t('error.internal') : t(key, { detail: error.message });
}
