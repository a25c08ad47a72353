import type { Sampling } from '#core/index.ts';
import type { LlamaApi, Pointer } from './bindings-child.ts';
import type { TokenSampler } from './model-runtime.ts';

const DEFAULTS = { temperature: 0.7, topK: 40, topP: 0.95, minP: 0.05 } as const;
/** Everything generated so far counts for penalties, as the chat API has it. */
const PENALTY_WINDOW_TOKENS = 1_048_576;
const NO_REPETITION_PENALTY = 1;

/** Makes samplers for one context. */
export class SamplerFactory {
  readonly #context: Pointer;
  readonly #vocabularySize: number;
  readonly #native;

  constructor(api: LlamaApi, context: Pointer, vocabularySize: number) {
    this.#context = context;
    this.#vocabularySize = vocabularySize;
    this.#native = {
      chain: api.call('void* llama_sampler_chain_init(llama_sampler_chain_params)'),
      add: api.call('void llama_sampler_chain_add(void*, void*)'),
      penalties: api.call('void* llama_sampler_init_penalties(int32, int32, float, float, float)'),
      topK: api.call('void* llama_sampler_init_top_k(int32)'),
      topP: api.call('void* llama_sampler_init_top_p(float, size_t)'),
      minP: api.call('void* llama_sampler_init_min_p(float, size_t)'),
      temperature: api.call('void* llama_sampler_init_temp(float)'),
      random: api.call('void* llama_sampler_init_dist(uint32)'),
      greedy: api.call('void* llama_sampler_init_greedy()'),
      sample: api.call('int32 llama_sampler_sample(void*, void*, int32)'),
      free: api.call('void llama_sampler_free(void*)'),
    };
  }

  /** Penalties, then top-k, top-p, min-p and temperature, then the draw: the order of the reference engine. */
  create(sampling: Sampling, fallbackStart: number): TokenSampler {
    const native = this.#native;
    const chain = native.chain({ no_perf: true });
    const add = (stage: unknown) => native.add(chain, stage);
    const frequency = sampling.frequencyPenalty ?? 0;
    const presence = sampling.presencePenalty ?? 0;
    if (frequency !== 0 || presence !== 0)
      add(
        native.penalties(
          this.#vocabularySize,
          PENALTY_WINDOW_TOKENS,
          NO_REPETITION_PENALTY,
          frequency,
          presence,
        ),
      );
    const temperature = sampling.temperature ?? DEFAULTS.temperature;
    if (temperature <= 0) {
      add(native.greedy());
    } else {
      add(native.topK(sampling.topK ?? DEFAULTS.topK));
      add(native.topP(sampling.topP ?? DEFAULTS.topP, 1));
      add(native.minP(sampling.minP ?? DEFAULTS.minP, 1));
      add(native.temperature(temperature));
      add(native.random((sampling.seed ?? fallbackStart) >>> 0));
    }
    return {
      sample: (row) => Number(native.sample(chain, this.#context, row)),
      free: () => void native.free(chain),
    };
  }
}
