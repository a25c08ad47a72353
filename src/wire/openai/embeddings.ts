import { z } from 'zod';

const MAX_TEXTS = 2_048;

/** The body of POST /v1/embeddings. */
export const EmbeddingsRequest = z.looseObject({
  model: z.string().min(1).max(200),
  input: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(MAX_TEXTS)])
    .describe('One text or several.'),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).nullish().describe('Keeps that many leading dimensions, at length one again.'),
  input_type: z
    .enum(['query', 'document'])
    .default('document')
    .describe('Questions and documents may be treated apart.'),
});
export type EmbeddingsRequest = z.infer<typeof EmbeddingsRequest>;

/** The texts of a request. */
export function toTexts({ input }: EmbeddingsRequest): readonly string[] {
  return typeof input === 'string' ? [input] : input;
}

/** Vectors in OpenAI's shape, as numbers or as little-endian 32-bit floats in base64. */
export function toEmbeddings(
  { model, encoding_format: format, dimensions }: EmbeddingsRequest,
  { vectors, inputTokens }: { readonly vectors: readonly Float32Array[]; readonly inputTokens: number },
): object {
  return {
    object: 'list',
    data: vectors.map((vector, index) => {
      const kept = dimensions == null ? vector : shortened(vector, dimensions);
      return {
        object: 'embedding',
        index,
        embedding: format === 'base64' ? toBase64(kept) : Array.from(kept),
      };
    }),
    model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  };
}

function shortened(vector: Float32Array, dimensions: number): Float32Array {
  const kept = vector.slice(0, dimensions);
  const length = Math.hypot(...kept);
  return length === 0 ? kept : kept.map((value) => value / length);
}

function toBase64(vector: Float32Array): string {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
