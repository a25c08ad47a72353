import { z } from 'zod';

const Text = z.object({
  state: z.enum(['kept', 'erased', 'gone', 'withheld']),
  text: z.string().nullable(),
});

/** GET /hradlo/v1/answers/{answerId}/certificate */
export const CertificateResponse = z.object({
  format: z.literal('hradlo.certificate/1'),
  answerId: z.string(),
  askedBy: z.object({ issuer: z.string(), subject: z.string() }),
  askedAt: z.string(),
  endedAt: z.string().nullable(),
  state: z.string(),
  grade: z.string().nullable(),
  errorCode: z.string().nullable(),
  ranOn: z.string().nullable().describe('Where it ran: `here`, or the name of an engine.'),
  model: z.string(),
  mode: z.string(),
  dialect: z.string(),
  dataClass: z.string(),
  release: z.object({ digest: z.string(), manifest: z.record(z.string(), z.unknown()) }),
  rights: z.object({ fingerprint: z.string(), accessSets: z.array(z.number()) }),
  validAt: z.string(),
  knownAt: z.string(),
  commitments: z.object({
    question: z.string(),
    prompt: z.string().nullable(),
    answer: z.string().nullable(),
  }),
  evidence: z.array(
    z.object({
      number: z.number(),
      cited: z.boolean(),
      chunkId: z.string(),
      versionId: z.string(),
      documentId: z.string(),
      accessSet: z.number(),
      score: z.number(),
      title: z.string().nullable(),
      file: z.string().nullable(),
      canonicalText: z.string().nullable(),
      pipeline: z.string().nullable(),
      validFrom: z.string().nullable(),
    }),
  ),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number() }).nullable(),
  events: z.array(
    z.object({
      kind: z.string(),
      chain: z.string(),
      sequence: z.number(),
      hash: z.string(),
      at: z.string(),
    }),
  ),
  /** Texts of the evidence that somebody read without a grant; only for who may read the audit trail. */
  brokenGlass: z.array(
    z.object({
      versionId: z.string(),
      reason: z.string(),
      by: z.object({ issuer: z.string(), subject: z.string() }),
      sequence: z.number(),
      at: z.string(),
    }),
  ),
  question: Text,
  answer: Text,
});
export type CertificateResponse = z.infer<typeof CertificateResponse>;

/** POST /hradlo/v1/answers/{answerId}/replay */
export const ReplayResponse = z.object({
  prompt: z.enum(['equal', 'different', 'not rebuilt']),
  answer: z.enum(['equal', 'different', 'not compared']),
  release: z.enum(['same', 'changed']),
  differences: z.array(z.string()),
});

/** GET /admin/v1/lineage/documents/{documentId} */
export const LineageResponse = z.object({
  documentId: z.string(),
  versions: z.array(
    z.object({
      versionId: z.string(),
      number: z.number(),
      file: z.string(),
      canonicalText: z.string(),
      pipeline: z.string(),
      validFrom: z.string(),
      knownFrom: z.string(),
      knownTo: z.string().nullable(),
      chunks: z.number(),
      answers: z.array(z.object({ answerId: z.string(), cited: z.boolean(), at: z.string() })),
    }),
  ),
});
export type LineageResponse = z.infer<typeof LineageResponse>;
