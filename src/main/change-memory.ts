import { AppError, hasPermission, mayAskModel, type Principal } from '#core/index.ts';
import { unloadedModel, type ChangeModels } from '#usecases/index.ts';
import { unknownModel } from './answer-routes.ts';
import type { ModelLibrary } from './model-library.ts';

export interface ChangeMemoryDeps {
  readonly library: Pick<ModelLibrary, 'unloadedBehind'>;
  readonly changeModels: Pick<ChangeModels, 'load' | 'unload'>;
  /** Names that the principal may ask. */
  listNames(principal: Principal): Promise<readonly string[]>;
}

const PERMISSION = 'models.manage';

/**
 * What a client asks that speaks of models in memory as it asks questions. Loading what is loaded changes nothing, so
 * that anybody who may ask a model may do it; the rest is for whoever manages models.
 * @throws {AppError} model.not_found, auth.forbidden, engine.unavailable for an unloaded model, conflict.state.
 */
export async function changeMemory(
  { library, changeModels, listNames }: ChangeMemoryDeps,
  principal: Principal,
  { model, action }: { readonly model: string; readonly action: 'load' | 'unload' },
): Promise<void> {
  if (!mayAskModel(principal, model)) throw unknownModel(model);
  const mayManage = hasPermission(principal, PERMISSION);
  if (action === 'load' && (await listNames(principal)).includes(model)) return;
  if (mayManage) return changeModels[action](principal, model);
  const unloaded = library.unloadedBehind(model);
  if (action === 'load') throw unloaded === undefined ? unknownModel(model) : unloadedModel(unloaded);
  throw new AppError('auth.forbidden', 'Only whoever manages models may unload one.', {
    details: { permission: PERMISSION },
  });
}
