/** A model as GET /v1/models lists it. */
export interface ListedModel {
  readonly name: string;
  readonly createdAtMs: number;
  readonly ownedBy: string;
}

/** One model in OpenAI's shape. */
export function toModel(model: ListedModel) {
  return {
    id: model.name,
    object: 'model',
    created: Math.floor(model.createdAtMs / 1000),
    owned_by: model.ownedBy,
  };
}

/** All models in OpenAI's shape. */
export function toModelList(models: readonly ListedModel[]) {
  return { object: 'list', data: models.map(toModel) };
}
