/** Every failure that a caller may meet. The gateway's table says how each one looks over HTTP. */
export const ERROR_CODES = [
  'answer.not_found',
  'auth.forbidden',
  'auth.required',
  'collection.not_found',
  'conversation.not_found',
  'document.not_found',
  'engine.crashed',
  'engine.overloaded',
  'engine.unavailable',
  'host.refused',
  'input.invalid',
  'input.too_large',
  'limit.exceeded',
  'model.context_exceeded',
  'model.not_found',
  'origin.refused',
  'policy.blocked',
  'policy.unavailable',
  'record.unavailable',
  'request.method_not_allowed',
  'request.not_found',
  'request.timed_out',
  'server.draining',
  'source.unavailable',
  'storage.damaged',
  'storage.full',
  'conflict.state',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Values that are safe to show: names, numbers, ids. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * An expected failure. Its message is shown to the caller: no prompt, secret or path in it. Anything else that
 * is thrown is a bug.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: ErrorDetails; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Whether `error` is an expected failure, of this code if one is given. */
export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}
