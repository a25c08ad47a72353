import { z } from 'zod';

const metric = z.enum(['requests', 'tokens', 'concurrency', 'cost']);
const DEFAULT_WINDOW_SECONDS = 60;
const MAX_WINDOW_SECONDS = 366 * 24 * 60 * 60;

/** PUT /admin/v1/limits: for `tenant`, `each-person`, `each-key`, `key:…`, `group:…` or `principal:…/…`. */
export const LimitBody = z.strictObject({
  subject: z.string().min(1).max(400),
  metric,
  /** Requests, tokens, requests at once, or millionths of the currency unit. */
  amount: z.number().int().min(0).max(1e15),
  windowSeconds: z.number().int().min(1).max(MAX_WINDOW_SECONDS).default(DEFAULT_WINDOW_SECONDS),
});

/** GET /admin/v1/limits */
export const LimitsResponse = z.object({ limits: z.array(LimitBody.extend({ id: z.number() })) });
export type LimitsResponse = z.infer<typeof LimitsResponse>;

/** GET /hradlo/v1/limits: what is left to the caller. */
export const OwnLimitsResponse = z.object({
  limits: z.array(
    LimitBody.extend({ remaining: z.number(), resetSeconds: z.number().nullable() }).omit({ subject: true }),
  ),
});
export type OwnLimitsResponse = z.infer<typeof OwnLimitsResponse>;

/** GET /admin/v1/limits/{limitId}/use: who drew from it, the one with the least left first. */
export const LimitUseResponse = z.object({
  holders: z.array(
    z.object({
      /** `tenant`, `key:…`, `group:…` or `principal:…/…`. */
      holder: z.string(),
      remaining: z.number(),
      /** Requests under way. */
      running: z.number(),
      resetSeconds: z.number().nullable(),
    }),
  ),
});
export type LimitUseResponse = z.infer<typeof LimitUseResponse>;

/** PUT /admin/v1/prices: millionths of the currency unit per thousand tokens. */
export const PriceBody = z.strictObject({
  model: z.string().min(1).max(200),
  inputMicro: z.number().int().min(0).max(1e12),
  outputMicro: z.number().int().min(0).max(1e12),
});

/** GET /admin/v1/prices */
export const PricesResponse = z.object({ prices: z.array(PriceBody) });
export type PricesResponse = z.infer<typeof PricesResponse>;
