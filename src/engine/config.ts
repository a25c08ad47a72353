import { z } from 'zod';

const ModelConfig = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._:-]{0,63}$/)
    .describe('Name by which clients ask for it.'),
  path: z.string().min(1).describe('A GGUF file.'),
  aliases: z.array(z.string().min(1)).default([]).describe('Other names for it.'),
  purpose: z
    .enum(['chat', 'embedding', 'reranking'])
    .default('chat')
    .describe('What it is for: writing, vectors, or judging relevance.'),
  streams: z.coerce.number().int().min(1).max(128).default(8).describe('Answers at once.'),
  contextTokens: z.coerce
    .number()
    .int()
    .min(128)
    .max(1_048_576)
    .default(8192)
    .describe('Longest conversation with its answer, in tokens; never more than the model was made for.'),
  cacheTokens: z.coerce
    .number()
    .int()
    .min(256)
    .max(4_194_304)
    .optional()
    .describe(
      'Tokens kept in memory for all answers together; by default a full conversation for every stream, or four where memory is short.',
    ),
  approvedTemplate: z
    .string()
    .optional()
    .describe(
      'Digest of a chat template that the check objects to and an administrator has read and accepts.',
    ),
});
export type ModelConfig = z.infer<typeof ModelConfig>;

/** Models that run here. Without one the product answers by quoting. */
export const EngineConfig = z.strictObject({
  models: z.array(ModelConfig).default([]).describe('Models to load.'),
  answerModel: z
    .string()
    .optional()
    .describe('Name of the model that writes answers over documents; without it answers are quoted.'),
  embeddingModel: z
    .string()
    .optional()
    .describe('Name of the model that makes vectors; without it the built-in one does.'),
  rerankingModel: z
    .string()
    .optional()
    .describe('Name of the model that judges the relevance of what was found; without it nothing does.'),
  threads: z.coerce
    .number()
    .int()
    .min(0)
    .max(512)
    .default(0)
    .describe('Threads of each model; 0 leaves one core to the rest of the machine.'),
  gpuLayers: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(0)
    .describe(
      'Layers of each model that a GPU computes, 1000 for all; it needs a package for the GPU, which the refusal names.',
    ),
  stepTargetMs: z.coerce
    .number()
    .int()
    .min(20)
    .max(5_000)
    .default(200)
    .describe('How long one step may take: shorter is smoother, longer wastes less.'),
  maxQueued: z.coerce.number().int().min(1).max(100_000).default(256).describe('Requests that may wait.'),
  maxWaitMs: z.coerce
    .number()
    .int()
    .min(100)
    .default(30_000)
    .describe('Expected wait above which a request is refused at once.'),
  hangMs: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(30_000)
    .describe('A model that has not answered, or a step that has not ended, for so long is started again.'),
  answerTimeoutMs: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(300_000)
    .describe('Longest time for one answer.'),
  upstreamFirstByteMs: z.coerce
    .number()
    .int()
    .min(100)
    .default(30_000)
    .describe('How long an engine behind us may take to begin its answer.'),
  upstreamIdleMs: z.coerce
    .number()
    .int()
    .min(100)
    .default(15_000)
    .describe('How long an engine behind us may be silent in the middle of an answer.'),
  spillMegabytes: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_048_576)
    .default(256)
    .describe('Memory for beginnings of conversations that no longer fit the cache.'),
});
export type EngineConfig = z.infer<typeof EngineConfig>;
