// Registry: model files: what they are, whether they may be let in, what they will take.
// Owns: the judgement on a model file; later the manifests and artifacts of models.
// Never: hands a file to native code; reads weights; lets a file pass that could not be checked.
// Bound by: ADR 8 (engine in a child).
export { inspectModelFile, type InspectedModel } from './inspect-model-file.ts';
export { estimateMemory } from './gguf/memory-estimate.ts';
