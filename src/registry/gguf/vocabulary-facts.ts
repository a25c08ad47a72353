import { GgufFault } from './fault.ts';
import type { GgufHeader } from './header.ts';

const PER_TOKEN = ['tokenizer.ggml.scores', 'tokenizer.ggml.token_type'];

/**
 * How many tokens the model knows; 0 when it has no vocabulary of its own. Lists per token must be as long as the
 * vocabulary, special tokens must be in it, and the embedding table must have a row for each.
 * @throws {GgufFault} when they contradict each other.
 */
export function checkVocabulary(header: GgufHeader, embeddingLength: number): number {
  const tokens = header.values.get('tokenizer.ggml.tokens');
  if (tokens === undefined) throw new GgufFault('key.missing', 'The file has no vocabulary.');
  if (tokens.kind !== 'array' || tokens.type !== 'string' || tokens.length === 0)
    throw new GgufFault('value.type', 'The vocabulary is not a list of texts.');
  const size = tokens.length;
  checkPerToken(header, size);
  checkSpecialTokens(header, size);
  const table = header.tensors.find(({ name }) => name === 'token_embd.weight');
  const [width, rows] = table?.dimensions ?? [];
  if (table !== undefined && (rows !== size || width !== embeddingLength))
    throw new GgufFault('vocabulary.inconsistent', 'The embedding table does not fit the vocabulary.');
  return size;
}

function checkPerToken(header: GgufHeader, size: number): void {
  for (const key of PER_TOKEN) {
    const list = header.values.get(key);
    if (list !== undefined && (list.kind !== 'array' || list.length !== size))
      throw new GgufFault('vocabulary.inconsistent', `${key} does not have one entry for each token.`);
  }
}

function checkSpecialTokens(header: GgufHeader, size: number): void {
  for (const [key, value] of header.values) {
    if (!/^tokenizer\.ggml\..*_token_id$/.test(key)) continue;
    if (value.kind !== 'integer' || value.type !== 'u32')
      throw new GgufFault('value.type', `${key} is not the number of a token.`);
    // 2^32 - 1 is how writers spell "none".
    if (value.value >= BigInt(size) && value.value !== 0xffff_ffffn)
      throw new GgufFault('vocabulary.inconsistent', `${key} names a token that is not in the vocabulary.`);
  }
}
