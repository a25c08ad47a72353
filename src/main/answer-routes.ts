import type { ChatModel } from '#contracts/index.ts';
import {
  AppError,
  encodeManifest,
  PASS_THROUGH,
  type AnswerRequest,
  type Digest,
  type ReleaseManifest,
} from '#core/index.ts';
import type { PreparedModel } from '#engine/index.ts';
import { digestOf } from '#platform/index.ts';
import {
  ANALYZER_VERSION,
  createExtractiveModel,
  createGroundedModel,
  GROUNDED_PROMPT_VERSION,
} from '#rag/index.ts';
import type { Parts } from './compose.ts';
import { PIPELINE_DIGEST } from './read-document.ts';
import type { Models } from './models.ts';
import { productVersion } from './product.ts';

/** Name of the answerer over documents; `hradlo/<collection>` narrows it. */
export const GROUNDED_MODEL = 'hradlo';
const QUOTING_PROMPT = 'hradlo.prompt/1';
const PLAIN_PROMPT = 'hradlo.prompt/plain';

/** Which model a name leads to, by which release, and whether it answers over documents or just talks. */
export interface AnswerRoute {
  readonly model: ChatModel;
  readonly isGrounded: boolean;
  readonly releaseDigest: Digest;
  readonly manifest: string;
}

/** Finds the route of a request's model name. @throws {AppError} `model.not_found`. */
export type RouteFor = (name: string) => AnswerRoute;

/** Writes the release of every model that may answer, and hands back the way from names to routes. */
export async function createRoutesToModels(parts: Parts, models: Models): Promise<RouteFor> {
  const answerModel = parts.config.engine.answerModel;
  const writing = answerModel === undefined ? undefined : models.engine.chatModel(answerModel);
  if (answerModel !== undefined && writing === undefined)
    parts.logger.error({ model: answerModel }, 'model.answer_model_missing');
  const grounded = writing === undefined ? createExtractiveModel() : createGroundedModel(writing);
  const prompt = writing === undefined ? QUOTING_PROMPT : GROUNDED_PROMPT_VERSION;
  const groundedRoute: AnswerRoute = {
    model: grounded,
    isGrounded: true,
    ...(await ensureRelease(parts, {
      model: grounded,
      prompt,
      prepared: preparedFor(models, answerModel),
    })),
  };
  const plainRoutes = new Map<string, AnswerRoute>();
  for (const prepared of models.prepared) {
    const model = models.engine.chatModel(prepared.config.name);
    if (model === undefined) continue;
    const release = await ensureRelease(parts, { model, prompt: PLAIN_PROMPT, prepared });
    for (const name of [prepared.config.name, ...prepared.config.aliases])
      plainRoutes.set(name, { model, isGrounded: false, ...release });
  }
  return (name) => {
    const route = isGroundedName(name) ? groundedRoute : plainRoutes.get(name);
    if (route !== undefined) return route;
    throw unknownModel(name);
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

function preparedFor(models: Models, name: string | undefined): PreparedModel | undefined {
  return models.prepared.find(
    ({ config }) => name !== undefined && [config.name, ...config.aliases].includes(name),
  );
}

interface Release {
  readonly model: ChatModel;
  readonly prompt: string;
  readonly prepared: PreparedModel | undefined;
}

function manifestFor({ model, prompt, prepared }: Release): ReleaseManifest {
  return {
    schema: 'hradlo.release/1',
    model: { name: model.name, digest: prepared?.digest ?? null },
    quantization: prepared?.quantization ?? null,
    adapter: null,
    chatTemplate: prepared?.templateDigest ?? null,
    prompt: digestOf(prompt),
    policy: digestOf(PASS_THROUGH.rule),
    pipeline: PIPELINE_DIGEST,
    index: { analyzer: ANALYZER_VERSION, ranking: 'additive/1', embeddingModel: null, rerankingModel: null },
    product: productVersion(),
  };
}

/** Writes the release that answers here name, once. */
async function ensureRelease(
  parts: Parts,
  release: Release,
): Promise<Pick<AnswerRoute, 'releaseDigest' | 'manifest'>> {
  const manifest = encodeManifest(manifestFor(release));
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
