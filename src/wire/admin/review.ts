import { z } from 'zod';
import { DecisionShape } from './rights.ts';

const MAX_ROWS = 1_000;
const DEFAULT_ROWS = 200;
const MAX_MARKS = 500;
const targetOf = {
  userId: z.string(),
  collectionId: z.string(),
  /** The id of a document or chunk of which something of its own is said; null for the rest of the collection. */
  targetId: z.string().nullable(),
};
const verdict = z.enum(['keep', 'revoke']);

/** GET /admin/v1/access-review: narrowed to a person, to a collection, to what nobody marked yet. */
export const ReviewQuery = z.object({
  userId: z.string().max(100).optional(),
  collectionId: z.string().max(100).optional(),
  /** `open`: not marked since its reasons came about. */
  state: z.enum(['all', 'open']).default('all'),
  /** `next` of the page before. */
  after: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(DEFAULT_ROWS),
});
export type ReviewQuery = z.infer<typeof ReviewQuery>;

/** GET /admin/v1/access-review/export: all of it, as lines of CSV or of JSON. */
export const ReviewExportQuery = ReviewQuery.pick({ userId: true, collectionId: true, state: true }).extend({
  format: z.enum(['csv', 'json']).default('csv'),
});
export type ReviewExportQuery = z.infer<typeof ReviewExportQuery>;

/** Where a page ended: name of the person, name of the collection, document, target. */
export const ReviewPlace = z.tuple([z.string(), z.string(), z.string(), z.string()]);

const ReviewRowShape = z.object({
  ...targetOf,
  userName: z.string(),
  displayName: z.string(),
  collectionName: z.string(),
  kind: z.enum(['collection', 'document', 'chunk']),
  documentId: z.string().nullable(),
  /** Null also where the reviewer may not read it. */
  documentTitle: z.string().nullable(),
  reasons: DecisionShape.shape.reasons,
  /** Null where it was not noted down when it was given. */
  since: z.iso.datetime().nullable(),
  /** When an answer for this person last rested on it. */
  lastUsedAt: z.iso.datetime().nullable(),
  review: z
    .object({
      verdict,
      note: z.string(),
      reviewedAt: z.iso.datetime(),
      reviewedBy: z.string(),
      /** False when the reasons are others by now: it is to be looked at again. */
      isCurrent: z.boolean(),
    })
    .nullable(),
});
export type ReviewRowBody = z.infer<typeof ReviewRowShape>;

/** One page of GET /admin/v1/access-review. */
export const ReviewResponse = z.object({
  rows: z.array(ReviewRowShape),
  /** Null on the last page. */
  next: z.string().nullable(),
});
export type ReviewResponse = z.infer<typeof ReviewResponse>;

/** POST /admin/v1/access-review/marks: changes no right. */
export const ReviewMarksBody = z.strictObject({
  marks: z
    .array(
      z.strictObject({
        ...targetOf,
        targetId: targetOf.targetId.default(null),
        verdict,
        note: z.string().trim().max(500).default(''),
      }),
    )
    .min(1)
    .max(MAX_MARKS),
});
export type ReviewMarksBody = z.infer<typeof ReviewMarksBody>;
/** How many were marked. */
export const ReviewMarksResponse = z.object({ marked: z.number() });

const CSV_COLUMNS = [
  'person',
  'name',
  'collection',
  'kind',
  'document',
  'why',
  'since',
  'last used',
  'verdict',
  'reviewed at',
  'reviewed by',
  'note',
  'current',
] as const;

/** The head of an export as CSV (RFC 4180), with a mark by which spreadsheets know that it is UTF-8. */
export const REVIEW_CSV_HEAD = `\uFEFF${CSV_COLUMNS.join(',')}\r\n`;

/** One row of it. A field that a spreadsheet would take for a formula is kept from being one. */
export function toReviewCsv(row: ReviewRowBody): string {
  const fields = [
    row.userName,
    row.displayName,
    row.collectionName,
    row.kind,
    row.targetId,
    row.reasons.map(({ code, from, subject }) => [code, from, subject].filter(Boolean).join(' ')).join('; '),
    row.since,
    row.lastUsedAt,
    ...reviewFields(row.review),
  ];
  return `${fields.map((field) => toField(field ?? '')).join(',')}\r\n`;
}

function reviewFields(review: ReviewRowBody['review']): readonly string[] {
  if (review === null) return ['', '', '', '', ''];
  const { verdict: said, reviewedAt, reviewedBy, note, isCurrent } = review;
  return [said, reviewedAt, reviewedBy, note, String(isCurrent)];
}

function toField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
