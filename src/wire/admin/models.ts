import { z } from 'zod';

const Name = z.string().min(1).max(64);

/** POST /admin/v1/models/{name}/load and …/unload; one of the models that GET /admin/v1/models lists. */
export const ModelResponse = z.object({
  name: z.string(),
  where: z.string().describe('`here`, or the name of an engine behind us.'),
  purpose: z.string(),
  state: z
    .string()
    .describe(
      'loading, ready, restarting, refused, stopped, unloading (finishes what it began) or unloaded.',
    ),
  reason: z.string().nullable(),
  memoryBytes: z.number().nullable().describe('What it takes; null for one that takes nothing here.'),
  loadedRatio: z.number().nullable().describe('How much is loaded, 0 to 1, while it loads.'),
  stats: z.record(z.string(), z.unknown()).nullable(),
});
export type ModelResponse = z.infer<typeof ModelResponse>;

/** GET /admin/v1/models */
export const ModelsResponse = z.object({
  answerModel: z
    .string()
    .nullable()
    .describe('Who writes answers over documents; null while answers are quoted.'),
  embeddingModel: z.string().nullable().describe('Who makes vectors; null for the built-in one.'),
  rerankingModel: z
    .string()
    .nullable()
    .describe('Who judges the relevance of what was found; null for nobody.'),
  embedding: z
    .object({
      inUse: z.string().describe('Whose vectors are searched now.'),
      state: z
        .enum(['built-in', 'making', 'in-use', 'failed', 'unloaded'])
        .describe(
          'Of the chosen model: while it is `making`, `failed` or `unloaded` the vectors from before serve.',
        ),
      done: z.number().nullable().describe('Chunks that have their vector, while they are made.'),
      total: z.number().nullable(),
      reason: z.string().nullable(),
    })
    .describe('How the vectors of the chosen model stand.'),
  models: z.array(ModelResponse),
  aliases: z.array(z.object({ alias: z.string(), targets: z.array(z.string()) })),
  engines: z.array(z.object({ name: z.string(), kind: z.string(), url: z.string() })),
});
export type ModelsResponse = z.infer<typeof ModelsResponse>;

/** POST /admin/v1/models */
export const AcquireModelRequest = z.strictObject({
  source: z
    .string()
    .min(1)
    .max(4096)
    .describe('Path of a GGUF file on the server, or hf:org/repo/file.gguf.'),
  name: Name,
  purpose: z.enum(['chat', 'embedding', 'reranking']).default('chat'),
  contextTokens: z.int().min(128).max(1_048_576).optional(),
  approvedTemplate: z
    .string()
    .max(100)
    .optional()
    .describe('Digest of a chat template that was read and is accepted.'),
});
export const AcquireModelResponse = z.object({ jobId: z.string() });

const Role = z.enum(['answer', 'embedding', 'reranking']);

/** PUT /admin/v1/answer-model */
export const UseModelRequest = z.strictObject({
  name: Name.nullable().describe('A model is used for what it was made for; null for none.'),
  role: Role.default('answer').describe('What no model is to be used for; said with null only.'),
});
export const UseModelResponse = z.object({ done: z.literal(true), role: Role });

/** GET /admin/v1/model-offer */
export const ModelOfferResponse = z.object({
  offer: z
    .object({
      name: Name,
      title: z.string(),
      source: z.string(),
      purpose: z.enum(['chat', 'embedding', 'reranking']),
      sizeBytes: z.number().describe('About so many; the hub says how many.'),
      licence: z.string(),
    })
    .nullable()
    .describe('A model that suits this machine; null when none fits or offers are turned off.'),
});
export type ModelOfferResponse = z.infer<typeof ModelOfferResponse>;

/** POST /admin/v1/model-offer/look */
export const ModelOfferLookResponse = z.object({
  reachable: z.boolean(),
  reason: z.string().nullable().describe('Why the hub said nothing.'),
  sizeBytes: z.number().nullable(),
  licence: z.string().nullable(),
  seconds: z.number().nullable().describe('How long fetching it takes, at the speed that was just measured.'),
});
export type ModelOfferLookResponse = z.infer<typeof ModelOfferLookResponse>;

/** POST /admin/v1/engines */
export const AddEngineRequest = z.strictObject({
  name: Name,
  kind: z
    .enum(['openai-compatible', 'llama-server', 'vllm', 'tgi', 'ollama', 'lm-studio'])
    .default('openai-compatible'),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .describe('Address of the engine, without /v1.'),
  apiKeyFile: z.string().max(4096).optional().describe('File on the server with its key.'),
  model: z.string().min(1).max(200).describe('Name of the model at the engine.'),
  as: Name.optional().describe('Name of the model here; the name of the engine where it is not given.'),
  contextTokens: z.int().min(128).max(1_048_576).optional(),
});

/** PUT /admin/v1/aliases/{alias} */
export const SetAliasRequest = z.strictObject({ targets: z.array(Name).max(10) });

export const DoneResponse = z.object({ done: z.literal(true) });
