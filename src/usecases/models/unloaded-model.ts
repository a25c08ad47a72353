import { AppError } from '#core/index.ts';

/** What is said of a model that somebody unloaded, to those who may ask it. */
export function unloadedModel(name: string): AppError {
  return new AppError(
    'engine.unavailable',
    `The model "${name}" is unloaded. An administrator can load it again.`,
    {
      details: { model: name },
    },
  );
}
