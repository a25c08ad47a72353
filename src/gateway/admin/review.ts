import type { Principal } from '#core/index.ts';
import {
  REVIEW_CSV_HEAD,
  ReviewExportQuery,
  ReviewMarksBody,
  ReviewMarksResponse,
  ReviewQuery,
  ReviewResponse,
  toReviewCsv,
  type ReviewRowBody,
} from '#wire/admin/index.ts';
import { defineRoute, type Route } from '../route.ts';

export interface ReviewRouteDeps {
  /** One page. @throws AppError input.invalid for an id or a place that is none */
  reviewPage(principal: Principal, query: ReviewQuery): Promise<ReviewResponse>;
  /** All of it. @throws AppError input.invalid at once, not from the rows */
  reviewRows(principal: Principal, query: ReviewExportQuery): AsyncIterable<ReviewRowBody>;
  markReviewed(principal: Principal, body: ReviewMarksBody): Promise<number>;
}

/** Who can see what, why, since when and when it was last of use; and that somebody looked at it. */
export function reviewRoutes(deps: ReviewRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/access-review',
      permission: 'rights.explain',
      summary: 'Who may read what, why, since when, when it was last of use, and what a reviewer said of it.',
      query: ReviewQuery,
      response: ReviewResponse,
      handle: async ({ principal, query }) => ({
        kind: 'json',
        body: await deps.reviewPage(principal, query),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/admin/v1/access-review/export',
      permission: 'rights.explain',
      summary: 'The whole review as CSV, or as a JSON line each.',
      query: ReviewExportQuery,
      handle: async ({ principal, query }) => ({
        kind: 'text',
        parts: toLines(deps.reviewRows(principal, query), query.format),
        contentType: query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/access-review/marks',
      permission: 'rights.explain',
      summary:
        'Mark accesses as reviewed. It changes no right, and holds as long as the reasons are the same.',
      body: ReviewMarksBody,
      response: ReviewMarksResponse,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        body: { marked: await deps.markReviewed(principal, body) },
      }),
    }),
  ];
}

async function* toLines(
  rows: AsyncIterable<ReviewRowBody>,
  format: ReviewExportQuery['format'],
): AsyncGenerator<string> {
  if (format === 'csv') yield REVIEW_CSV_HEAD;
  for await (const row of rows) yield format === 'csv' ? toReviewCsv(row) : `${JSON.stringify(row)}\n`;
}
