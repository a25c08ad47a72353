import { freemem } from 'node:os';
import { resolve } from 'node:path';
import {
  createEngine,
  cacheTokensOf,
  type Engine,
  type EngineState,
  type ModelConfig,
  type PreparedModel,
} from '#engine/index.ts';
import { estimateMemory, inspectModelFile } from '#registry/index.ts';
import type { Parts } from './compose.ts';
import { INSTALLATION } from './product.ts';

/** The models of this installation: what the configuration named and the preflight let in. */
export interface Models {
  readonly engine: Engine;
  readonly prepared: readonly PreparedModel[];
}

const BATCH_TOKENS = 512;

/**
 * Judges each configured model file and starts those that pass. One that does not is logged with its reason and
 * left out: the product answers without it.
 */
export async function startModels(parts: Parts, stack: AsyncDisposableStack): Promise<Models> {
  const { engine: config } = parts.config;
  const prepared: PreparedModel[] = [];
  for (const model of config.models) {
    const result = await prepare(model);
    if (typeof result === 'string')
      parts.logger.error({ model: model.name, reason: result }, 'model.refused');
    else prepared.push(result);
  }
  const engine = stack.use(
    createEngine(prepared, config, {
      clock: parts.clock,
      scratchDirectory: parts.installation.folder,
      onState: (model, state) => logState(parts, model, state),
      onFinished: ({ model, timings }) => parts.metrics.observeGeneration(model, timings),
    }),
  );
  parts.metrics.watchEngine(() => engine.status());
  return { engine, prepared };
}

/** The model, or why it is refused. */
async function prepare(config: ModelConfig): Promise<PreparedModel | string> {
  const path = resolve(INSTALLATION, config.path);
  const inspected = await inspectModelFile(path, config.approvedTemplate);
  if (inspected.verdict === 'refused') return inspected.reason;
  const { model, digest } = inspected;
  if (config.purpose === 'chat' && model.chatTemplate === undefined)
    return 'The model has no chat template, so it cannot hold a conversation.';
  const cacheTokens = cacheTokensOf(config, model.contextTokens);
  const { totalBytes } = estimateMemory(model, { cacheTokens, batchTokens: BATCH_TOKENS });
  if (totalBytes > freemem())
    return `It would take about ${toMegabytes(totalBytes)} MB; ${toMegabytes(freemem())} MB are free.`;
  return {
    config: { ...config, path },
    digest,
    templateDigest: inspected.templateDigest,
    quantization: model.quantization,
    trainedContextTokens: model.contextTokens,
    embeddingLength: model.embeddingLength,
    memoryBytes: totalBytes,
    chatTemplate: model.chatTemplate,
  };
}

function logState(parts: Parts, model: string, state: EngineState): void {
  const reason = 'reason' in state ? state.reason : undefined;
  const isTrouble = state.state === 'restarting' || state.state === 'refused';
  const fields = { model, ...(reason !== undefined && { reason }) };
  if (isTrouble) parts.logger.error(fields, `model.${state.state}`);
  else parts.logger.info(fields, `model.${state.state}`);
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}
