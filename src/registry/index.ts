// Registry: model files and names: what they are, where they came from, whether they may be let in.
// Owns: the tables model, model_artifact, model_alias, model_role, model_unloaded, engine_endpoint; the folder of model files.
// Never: hands a file to native code; reads weights; lets a file pass that could not be checked.
// Bound by: ADR 8 (engine in a child).
export { estimateMemory } from './gguf/memory-estimate.ts';
export type { GgufModel } from './gguf/model-facts.ts';
export { artifactPath, download } from './hub/download.ts';
export { HubClient, type HubConnection, type HubFile } from './hub/hub-client.ts';
export { parseHubReference, type HubReference } from './hub/hub-reference.ts';
export { inspectModelFile, type InspectedModel } from './inspect-model-file.ts';
export { keepModelFile } from './keep-file.ts';
export { offerFor, type OfferedHardware, type OfferedModel } from './offered-models.ts';
export { searchPromptsOf, withSearchPrompts } from './search-prompts.ts';
export {
  ModelStore,
  type Artifact,
  type EngineEndpoint,
  type ModelPurpose,
  type ModelRole,
  type RegisteredModel,
  type RegistrySchema,
} from './model-store.ts';
