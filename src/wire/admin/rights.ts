import { z } from 'zod';

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

const DecisionShape = z.object({
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

/** GET /admin/v1/collections/{collectionId}/access, GET /admin/v1/documents/{documentId}/access */
export const ReadersResponse = z.object({
  people: z.array(DecisionShape.extend({ userId: z.string(), displayName: z.string() })),
});
/** GET /admin/v1/people/{userId}/access */
export const ReachResponse = z.object({
  targets: z.array(DecisionShape.extend({ collectionId: z.string(), documentId: z.string().nullable() })),
});
