import { freemem } from 'node:os';
import { AppError } from '#core/index.ts';
import { cacheChoices, type ModelConfig, type PreparedModel } from '#engine/index.ts';
import { estimateMemory, inspectModelFile, type GgufModel } from '#registry/index.ts';

const BATCH_TOKENS = 512;

/** Judges a model file and says what running it takes. @throws {AppError} input.invalid with the reason. */
export async function prepareModel(config: ModelConfig): Promise<PreparedModel> {
  const inspected = await inspectModelFile(config.path, config.approvedTemplate);
  if (inspected.verdict === 'refused') throw new AppError('input.invalid', inspected.reason);
  const { model, digest } = inspected;
  if (config.purpose === 'chat' && model.chatTemplate === undefined) {
    throw new AppError('input.invalid', 'The model has no chat template, so it cannot hold a conversation.');
  }
  const freeBytes = freemem();
  const { cacheTokens, totalBytes } = planMemory(config, model, freeBytes);
  if (totalBytes > freeBytes) {
    throw new AppError(
      'input.invalid',
      `It would take about ${toMegabytes(totalBytes)} MB; ${toMegabytes(freeBytes)} MB are free.`,
    );
  }
  return {
    config,
    digest,
    modelName: model.name,
    templateDigest: inspected.templateDigest,
    quantization: model.quantization,
    trainedContextTokens: model.contextTokens,
    embeddingLength: model.embeddingLength,
    memoryBytes: totalBytes,
    cacheTokens,
    chatTemplate: model.chatTemplate,
  };
}

/** The largest cache that leaves half of the free memory to everything else, or the smallest there is to choose. */
function planMemory(
  config: ModelConfig,
  model: GgufModel,
  freeBytes: number,
): { readonly cacheTokens: number; readonly totalBytes: number } {
  const plans = cacheChoices(config, model.contextTokens).map((cacheTokens) => ({
    cacheTokens,
    totalBytes: estimateMemory(model, { cacheTokens, batchTokens: BATCH_TOKENS }).totalBytes,
  }));
  return plans.find(({ totalBytes }) => totalBytes <= freeBytes / 2) ?? plans.at(-1)!;
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}
