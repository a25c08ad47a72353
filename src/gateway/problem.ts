import type { ErrorCode } from '#core/index.ts';

/** How a failure looks over HTTP: the status, and OpenAI's type and code. */
export interface Problem {
  readonly status: number;
  readonly type: string;
  readonly code: string;
}

/** A code of core without a row does not compile. */
export const PROBLEMS = {
  'answer.not_found': { status: 404, type: 'invalid_request_error', code: 'answer_not_found' },
  'auth.forbidden': { status: 403, type: 'permission_error', code: 'permission_denied' },
  'auth.required': { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
  'collection.not_found': { status: 404, type: 'invalid_request_error', code: 'collection_not_found' },
  'conflict.state': { status: 409, type: 'invalid_request_error', code: 'conflict' },
  'conversation.not_found': { status: 404, type: 'invalid_request_error', code: 'conversation_not_found' },
  'document.not_found': { status: 404, type: 'invalid_request_error', code: 'document_not_found' },
  'engine.crashed': { status: 502, type: 'server_error', code: 'engine_crashed' },
  'engine.overloaded': { status: 503, type: 'server_error', code: 'engine_overloaded' },
  'engine.unavailable': { status: 503, type: 'server_error', code: 'engine_unavailable' },
  'host.refused': { status: 421, type: 'invalid_request_error', code: 'host_refused' },
  'input.invalid': { status: 400, type: 'invalid_request_error', code: 'invalid_request' },
  'input.too_large': { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  'limit.exceeded': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'model.context_exceeded': {
    status: 400,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
  },
  'model.not_found': { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  'origin.refused': { status: 403, type: 'permission_error', code: 'origin_refused' },
  'policy.blocked': { status: 400, type: 'invalid_request_error', code: 'content_policy_violation' },
  'policy.unavailable': { status: 503, type: 'server_error', code: 'policy_unavailable' },
  'record.unavailable': { status: 503, type: 'server_error', code: 'record_unavailable' },
  'request.method_not_allowed': { status: 405, type: 'invalid_request_error', code: 'method_not_allowed' },
  'request.not_found': { status: 404, type: 'invalid_request_error', code: 'not_found' },
  'request.timed_out': { status: 408, type: 'invalid_request_error', code: 'request_timeout' },
  'server.draining': { status: 503, type: 'server_error', code: 'server_draining' },
  'source.unavailable': { status: 422, type: 'invalid_request_error', code: 'source_unavailable' },
  'storage.damaged': { status: 500, type: 'server_error', code: 'storage_damaged' },
  'storage.full': { status: 507, type: 'server_error', code: 'storage_full' },
} as const satisfies Record<ErrorCode, Problem>;

/** A bug: nothing is said but the request's id. */
export const INTERNAL: Problem = { status: 500, type: 'server_error', code: 'internal_error' };
