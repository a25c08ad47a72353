/** What is particular about an engine that speaks OpenAI's dialect. */
export interface EngineProfile {
  readonly label: string;
  /** Appended to the engine's base URL, which ends before `/v1`. */
  readonly chatPath: string;
  readonly embeddingsPath: string | undefined;
  readonly rerankPath: string | undefined;
  /** Whether it counts tokens at the end of a stream when asked; else they are counted here. */
  readonly countsStreamedTokens: boolean;
  /** Fields of a delta that carry thoughts. */
  readonly reasoningFields: readonly string[];
  /** Whether this profile was run against the engine, or written to its documentation. */
  readonly evidence: 'run' | 'written to its documentation, not run';
}

const OPENAI: EngineProfile = {
  label: 'OpenAI-compatible',
  chatPath: '/v1/chat/completions',
  embeddingsPath: '/v1/embeddings',
  rerankPath: undefined,
  countsStreamedTokens: true,
  reasoningFields: ['reasoning_content', 'reasoning'],
  evidence: 'written to its documentation, not run',
};

/** Profiles by the kind that the configuration names. */
export const PROFILES = {
  'openai-compatible': OPENAI,
  'llama-server': { ...OPENAI, label: 'llama-server', rerankPath: '/v1/rerank' },
  vllm: { ...OPENAI, label: 'vLLM', rerankPath: '/v1/rerank' },
  tgi: { ...OPENAI, label: 'TGI', embeddingsPath: undefined },
  ollama: { ...OPENAI, label: 'Ollama' },
  'lm-studio': { ...OPENAI, label: 'LM Studio' },
} as const satisfies Record<string, EngineProfile>;

export type EngineKind = keyof typeof PROFILES;
