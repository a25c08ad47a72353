import { z } from 'zod';
import { PURPOSE } from '#core/index.ts';

/** Whom it is for: `everyone`, `group:<id>`, `role:<role>` or `principal:<issuer>/<subject>`. */
const SubjectShape = z.string().min(1).max(400);
/**
 * An attribute rule: `{"kind":"anyOf","attribute":"department","values":["legal"]}`, likewise `noneOf`;
 * `{"kind":"clearance","atLeast":"confidential"}`; `{"kind":"purpose","values":[…]}`;
 * `{"kind":"during","fromMs":…,"toMs":…}`; and `all` and `any` with a list `of` rules.
 */
const ConditionShape = z.looseObject({ kind: z.string() });

/** POST /admin/v1/collections/{collectionId}/grants */
export const GrantBody = z.strictObject({
  effect: z.enum(['allow', 'deny']).default('allow'),
  subject: SubjectShape,
  condition: ConditionShape.optional(),
});

/** GET /admin/v1/collections/{collectionId}/grants */
export const GrantsResponse = z.object({
  grants: z.array(
    z.object({
      id: z.number(),
      effect: z.enum(['allow', 'deny']),
      subject: z.string(),
      condition: ConditionShape.nullable(),
      createdAt: z.iso.datetime(),
      createdBy: z.string(),
    }),
  ),
});
export type GrantsResponse = z.infer<typeof GrantsResponse>;

/** PUT /admin/v1/documents/{documentId}/access and …/chunks/{chunkId}/access */
export const OverrideBody = z.strictObject({
  /** False drops what is allowed further up; denials and rules further up stay. */
  inherits: z.boolean().default(true),
  entries: z.array(GrantBody).max(500).default([]),
  rules: z.array(ConditionShape).max(64).default([]),
});

/** GET /admin/v1/collections: those whose rights the caller may manage or audit, readable or not. */
export const ManagedCollectionsResponse = z.object({
  collections: z.array(z.object({ id: z.string(), name: z.string() })),
});

/** Who answers for a collection. */
export const OwnerBody = z.strictObject({ subject: SubjectShape });
/** GET /admin/v1/collections/{collectionId}/owners */
export const OwnersResponse = z.object({
  owners: z.array(z.object({ subject: z.string(), createdAt: z.iso.datetime(), createdBy: z.string() })),
});
export type OwnersResponse = z.infer<typeof OwnersResponse>;

/** GET /admin/v1/collections/{collectionId}/exceptions and /admin/v1/documents/{documentId}/exceptions */
export const ExceptionsResponse = z.object({
  exceptions: z.array(
    z.object({
      documentId: z.string(),
      /** Null where the caller may not read the document. */
      documentTitle: z.string().nullable(),
      /** Null when it is said of the whole document. */
      chunkId: z.string().nullable(),
      inherits: z.boolean(),
      entries: z.array(
        z.object({
          effect: z.enum(['allow', 'deny']),
          subject: z.string(),
          condition: ConditionShape.nullable(),
        }),
      ),
      rules: z.array(ConditionShape),
      updatedAt: z.iso.datetime(),
    }),
  ),
});
export type ExceptionsResponse = z.infer<typeof ExceptionsResponse>;

/** Whether, and why or why not. */
export const DecisionShape = z.object({
  allowed: z.boolean(),
  reasons: z.array(
    z.object({
      code: z.string(),
      from: z.enum(['collection', 'override']).optional(),
      subject: z.string().optional(),
      condition: ConditionShape.optional(),
    }),
  ),
});

/** Whether they might read it with this purpose; without one as if they stated none. */
export const ExplainQuery = z.object({ purpose: z.string().regex(PURPOSE).optional() });

/** GET /admin/v1/collections/{collectionId}/access, GET /admin/v1/documents/{documentId}/access */
export const ReadersResponse = z.object({
  people: z.array(DecisionShape.extend({ userId: z.string(), displayName: z.string() })),
});
/** GET /admin/v1/people/{userId}/access */
export const ReachResponse = z.object({
  targets: z.array(DecisionShape.extend({ collectionId: z.string(), documentId: z.string().nullable() })),
});
