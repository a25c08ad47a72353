import { join } from 'node:path';
import { isAppError } from '#core/index.ts';
import {
  createEngine,
  EngineConfig,
  type Engine,
  type EngineState,
  type ModelConfig,
  type PreparedModel,
} from '#engine/index.ts';
import { artifactPath, type RegisteredModel } from '#registry/index.ts';
import type { Parts } from './compose.ts';
import { prepareModel } from './prepare-model.ts';

/** A model that runs here. */
export interface LocalModel {
  readonly kind: 'local';
  readonly prepared: PreparedModel;
  readonly engine: Engine;
}

/** Where model files are kept, by digest. */
export function modelFolder(parts: Parts): string {
  return join(parts.installation.folder, 'models');
}

/** A registered file as if the configuration had named it; undefined for a model of an engine behind us. */
export async function fileConfigOf(parts: Parts, model: RegisteredModel): Promise<ModelConfig | undefined> {
  const { name, purpose, behind, contextTokens } = model;
  if (behind.kind === 'engine') return undefined;
  const artifact = await parts.modelStore.findArtifact(behind.digest);
  return EngineConfig.shape.models.unwrap().element.parse({
    name,
    path: artifactPath(modelFolder(parts), behind.digest),
    purpose,
    ...(contextTokens !== undefined && { contextTokens }),
    ...(artifact?.approvedTemplate !== undefined && { approvedTemplate: artifact.approvedTemplate }),
  });
}

/** Judges a file and starts it in a process of its own, or says why not. Loading goes on after the return. */
export async function startLocalModel(parts: Parts, config: ModelConfig): Promise<LocalModel | string> {
  const prepared = await prepareModel(config).catch((error: unknown) => {
    if (isAppError(error)) return error.message;
    throw error;
  });
  if (typeof prepared === 'string') {
    parts.logger.error({ model: config.name, reason: prepared }, 'model.refused');
    return prepared;
  }
  const engine = createEngine([prepared], parts.config.engine, {
    clock: parts.clock,
    scratchDirectory: parts.installation.folder,
    onState: (model, state) => logState(parts, model, state),
    onFinished: ({ model, timings }) => parts.metrics.observeGeneration(model, timings),
  });
  return { kind: 'local', prepared, engine };
}

/** Whether the file runs in the very way that is wanted. */
export function isSame({ prepared }: LocalModel, { path, contextTokens }: ModelConfig): boolean {
  return prepared.config.path === path && prepared.config.contextTokens === contextTokens;
}

function logState({ logger }: Parts, model: string, state: EngineState): void {
  const reason = 'reason' in state ? state.reason : undefined;
  const isTrouble = state.state === 'restarting' || state.state === 'refused';
  const fields = { model, ...(reason !== undefined && { reason }) };
  if (isTrouble) logger.error(fields, `model.${state.state}`);
  else logger.info(fields, `model.${state.state}`);
}
