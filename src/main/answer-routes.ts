import type { ChatModel, RerankingModel } from '#contracts/index.ts';
import {
  AppError,
  canonicalJson,
  encodeManifest,
  PASS_THROUGH,
  type AnswerRequest,
  type Digest,
  type ReleaseManifest,
} from '#core/index.ts';
import type { PreparedModel } from '#engine/index.ts';
import { digestOf } from '#platform/index.ts';
import { unloadedModel } from '#usecases/index.ts';
import { ANALYZER_VERSION, createGroundedModel, GROUNDED_PROMPT_FORM, RANKING } from '#rag/index.ts';
import type { Parts } from './compose.ts';
import { PIPELINE_DIGEST } from './read-document.ts';
import type { ModelLibrary } from './model-library.ts';
import { productVersion } from './product.ts';

/** Name of the answerer over documents; `hradlo/<collection>` narrows it. */
export const GROUNDED_MODEL = 'hradlo';
const QUOTING_PROMPT = 'hradlo.prompt/1';
const PLAIN_PROMPT = 'hradlo.prompt/plain';

/** What judges on the way, step by step: rights each piece of evidence, and no guardrail is configured besides. */
const POLICY = canonicalJson({
  input: [PASS_THROUGH.rule],
  evidence: ['rights'],
  output: [PASS_THROUGH.rule],
  citations: ['verbatim', 'known-marker'],
});

/** Which model a name leads to, by which release, and whether it answers over documents or just talks. */
export interface AnswerRoute {
  readonly model: ChatModel;
  readonly isGrounded: boolean;
  /** Looks at what was found once more, where one was chosen. */
  readonly reranker?: RerankingModel | undefined;
  readonly releaseDigest: Digest;
  readonly manifest: string;
}

/** Finds the route of a request's model name. @throws {AppError} `model.not_found`. */
export type RouteFor = (name: string) => AnswerRoute;

/** The way from names to routes; follows the library of models. */
export class AnswerRoutes {
  readonly #parts: Parts;
  readonly #library: ModelLibrary;
  #grounded: AnswerRoute | undefined;
  #plain: ReadonlyMap<string, AnswerRoute> = new Map();

  constructor(parts: Parts, library: ModelLibrary) {
    this.#parts = parts;
    this.#library = library;
  }

  /** Reads the library anew and writes the release of every model that may answer. */
  async refresh(): Promise<void> {
    const plain = new Map<string, AnswerRoute>();
    for (const name of this.#library.chatNames()) {
      const found = this.#library.find(name);
      if (found === undefined) continue;
      const release = { model: found.chat, prompt: PLAIN_PROMPT, prepared: found.prepared };
      plain.set(name, {
        model: found.chat,
        isGrounded: false,
        ...(await ensureRelease(this.#parts, release)),
      });
    }
    this.#grounded = await this.#groundedRoute();
    this.#plain = plain;
  }

  async #groundedRoute(): Promise<AnswerRoute> {
    const answerModel = this.#library.chosen('answer');
    const writing = answerModel === undefined ? undefined : this.#library.find(answerModel);
    const isExpected = answerModel === undefined || this.#library.unloadedBehind(answerModel) !== undefined;
    if (writing === undefined && !isExpected)
      this.#parts.logger.error({ model: answerModel }, 'model.answer_model_missing');
    const model = writing === undefined ? this.#parts.quoting : createGroundedModel(writing.chat);
    const prompt = writing === undefined ? QUOTING_PROMPT : GROUNDED_PROMPT_FORM;
    const reranker = this.#library.rerankingModel();
    const release = { model, prompt, prepared: writing?.prepared, reranker };
    return { model, isGrounded: true, reranker, ...(await ensureRelease(this.#parts, release)) };
  }

  /** The route of a request's model name. @throws {AppError} model.not_found, engine.unavailable for an unloaded one. */
  readonly routeFor: RouteFor = (name) => {
    const route = isGroundedName(name) ? this.#grounded : this.#plain.get(name);
    if (route !== undefined) return route;
    const unloaded = this.#library.unloadedBehind(name);
    throw unloaded === undefined ? unknownModel(name) : unloadedModel(unloaded);
  };
}

/** The collections that a model's name narrows to; undefined for all. */
export function collectionsOf(request: AnswerRequest): readonly string[] | undefined {
  return request.model.startsWith(`${GROUNDED_MODEL}/`)
    ? [request.model.slice(GROUNDED_MODEL.length + 1)]
    : request.scope.collections;
}

function isGroundedName(name: string): boolean {
  return name === GROUNDED_MODEL || name.startsWith(`${GROUNDED_MODEL}/`);
}

interface Release {
  readonly model: ChatModel;
  readonly prompt: string;
  readonly prepared: PreparedModel | undefined;
  readonly reranker?: RerankingModel | undefined;
}

function manifestFor(
  { model, prompt, prepared, reranker }: Release,
  embeddingModel: Digest,
): ReleaseManifest {
  return {
    schema: 'hradlo.release/1',
    model: { name: model.name, digest: prepared?.digest ?? null },
    quantization: prepared?.quantization ?? null,
    adapter: null,
    chatTemplate: prepared?.templateDigest ?? null,
    prompt: digestOf(prompt),
    policy: digestOf(POLICY),
    pipeline: PIPELINE_DIGEST,
    index: {
      analyzer: ANALYZER_VERSION,
      ranking: digestOf(RANKING),
      embeddingModel,
      rerankingModel: reranker?.digest ?? null,
      synonyms: null,
    },
    product: productVersion(),
  };
}

/** Writes the release that answers here name, once. */
async function ensureRelease(
  parts: Parts,
  release: Release,
): Promise<Pick<AnswerRoute, 'releaseDigest' | 'manifest'>> {
  const manifest = encodeManifest(manifestFor(release, parts.index.embedding.digest));
  const digest = digestOf(manifest);
  await parts.writer.write({
    statements: [parts.answers.createRelease(digest, manifest, parts.clock.nowMs())],
    audit: [],
  });
  return { releaseDigest: digest, manifest };
}

/** What is said of a model that does not exist, and of one that the caller may not ask. */
export function unknownModel(name: string): AppError {
  return new AppError(
    'model.not_found',
    `No model is called "${name}". Ask GET /v1/models which there are.`,
    { details: { model: name, param: 'model' } },
  );
}
