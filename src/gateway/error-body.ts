import { isAppError, type AppError } from '#core/index.ts';
import { INTERNAL, PROBLEMS, type Problem } from './problem.ts';

/** Which shape of error body a client understands. */
export type ErrorDialect = 'openai' | 'ollama' | 'problem';

/** The dialect by the path of the route. */
export function dialectOf(path: string): ErrorDialect {
  if (path.startsWith('/v1/')) return 'openai';
  return path.startsWith('/api/') ? 'ollama' : 'problem';
}

export interface ErrorResponse {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfterSeconds: number | undefined;
  readonly body: object;
}

const RETRY_AFTER_SECONDS = 1;

/** What a client is told of a failure, in its dialect. A bug is told by the request's id and nothing else. */
export function toErrorResponse(error: unknown, dialect: ErrorDialect, requestId: string): ErrorResponse {
  const known = isAppError(error) ? error : undefined;
  const problem: Problem = known === undefined ? INTERNAL : PROBLEMS[known.code];
  const message = known?.message ?? `Something went wrong here. Give this id to the operator: ${requestId}.`;
  const isBusy = problem.status === 429 || problem.status === 503;
  return {
    status: problem.status,
    contentType:
      dialect === 'problem' ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8',
    retryAfterSeconds: known?.retryAfterSeconds ?? (isBusy ? RETRY_AFTER_SECONDS : undefined),
    body: toBody(dialect, problem, { message, requestId, known }),
  };
}

interface Said {
  readonly message: string;
  readonly requestId: string;
  readonly known: AppError | undefined;
}

function toBody(dialect: ErrorDialect, problem: Problem, { message, requestId, known }: Said): object {
  if (dialect === 'ollama') return { error: message };
  if (dialect === 'openai') {
    const param = known?.details['param'];
    return {
      error: {
        message,
        type: problem.type,
        param: typeof param === 'string' ? param : null,
        code: problem.code,
      },
    };
  }
  const code = known?.code ?? 'internal';
  return {
    type: `/docs/errors#${code}`,
    title: problem.code.replaceAll('_', ' '),
    status: problem.status,
    detail: message,
    instance: requestId,
    code,
    ...(known && Object.keys(known.details).length > 0 && { details: known.details }),
  };
}
