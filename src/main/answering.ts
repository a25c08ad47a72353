import type { ChatModel } from '#contracts/index.ts';
import {
  AppError,
  encodeManifest,
  isMinted,
  mayRead,
  PASS_THROUGH,
  type AnswerEvent,
  type AnswerRequest,
  type Digest,
  type Evidence,
  type ReleaseManifest,
  type Verdict,
} from '#core/index.ts';
import { digestOf } from '#platform/index.ts';
import { ANALYZER_VERSION, createExtractiveModel, createRetrieve } from '#rag/index.ts';
import {
  answerChat,
  createOpenRecord,
  createReserveBudget,
  type AnswerDeps,
  type Grant,
} from '#usecases/index.ts';
import type { Parts } from './compose.ts';
import { PIPELINE_DIGEST } from './first-start.ts';
import { productVersion } from './product.ts';

/** Name of the answerer over documents; `hradlo/<collection>` narrows it. */
export const GROUNDED_MODEL = 'hradlo';

function manifestFor(model: ChatModel): ReleaseManifest {
  return {
    schema: 'hradlo.release/1',
    model: { name: model.name, digest: null },
    quantization: null,
    adapter: null,
    chatTemplate: null,
    prompt: digestOf('hradlo.prompt/1'),
    policy: digestOf(PASS_THROUGH.rule),
    pipeline: PIPELINE_DIGEST,
    index: { analyzer: ANALYZER_VERSION, ranking: 'additive/1', embeddingModel: null, rerankingModel: null },
    product: productVersion(),
  };
}

/** Writes the release that answers here name, once. */
export async function ensureRelease(parts: Parts, model: ChatModel): Promise<Digest> {
  const manifest = encodeManifest(manifestFor(model));
  const digest = digestOf(manifest);
  await parts.writer.write({
    statements: [parts.answers.createRelease(digest, manifest, parts.clock.nowMs())],
    audit: [],
  });
  return digest;
}

/** The collections that a model's name narrows to; undefined for all. */
function collectionsOf(request: AnswerRequest): readonly string[] | undefined {
  if (request.model === GROUNDED_MODEL) return request.scope.collections;
  if (request.model.startsWith(`${GROUNDED_MODEL}/`)) return [request.model.slice(GROUNDED_MODEL.length + 1)];
  throw new AppError(
    'model.not_found',
    `No model is called "${request.model}". Ask GET /v1/models which there are.`,
    {
      details: { model: request.model, param: 'model' },
    },
  );
}

/** Wires the answer pipeline: every step in its place. */
export async function createAnswering(
  parts: Parts,
): Promise<(request: AnswerRequest) => AsyncGenerator<AnswerEvent>> {
  const model = createExtractiveModel();
  const releaseDigest = await ensureRelease(parts, model);
  const retrieve = createRetrieve({
    index: parts.index,
    listEvidence: (hits, access) => parts.chunks.listEvidence(hits, access),
  });
  const deps: AnswerDeps = {
    step: (name, work) => parts.tracer.span(name, work),
    authorize: async (request) => {
      const collections = collectionsOf(request);
      const nowMs = parts.clock.nowMs();
      return {
        access: await parts.accessFilters.filterFor(request.principal, { collections }),
        target: { model: request.model, mode: model.mode, releaseDigest },
        validAtMs: request.scope.validAtMs ?? nowMs,
        recordedAtMs: request.scope.recordedAtMs ?? nowMs,
      };
    },
    reserveBudget: createReserveBudget({
      limits: parts.limits,
      prices: parts.limitStore,
      onSettled: (name, inputTokens, outputTokens) =>
        parts.metrics.countTokens(name, inputTokens, outputTokens),
    }),
    openRecord: createOpenRecord({
      ...parts,
      keepText: (person, answerId, text) => parts.vault.keep(person, answerId, text),
      commitmentKey: parts.installation.commitmentKey,
    }),
    checkInput: async () => PASS_THROUGH,
    retrieve: (messages, grant) => retrieve({ messages, ...grant }),
    checkEvidence: async (evidence, grant) => evidence.map((piece) => judge(parts, piece, grant)),
    assemblePrompt: async (request, messages, evidence) => ({
      messages,
      evidence,
      sampling: request.sampling,
    }),
    chatModelFor: async () => model,
    checkOutput: (events, trail) => {
      trail.note('output', PASS_THROUGH);
      return events;
    },
  };
  return (request) => answerChat(deps, request);
}

/** The last look before a prompt is built: a chunk that the filter does not show is an alarm and goes no further. */
function judge(parts: Parts, piece: Evidence, { access }: Grant): Verdict {
  if (isMinted(access) && mayRead(access, piece.aclSet, piece.collectionId)) return PASS_THROUGH;
  parts.metrics.countForbiddenChunk();
  parts.logger.error({}, 'rights.second_check_failed');
  return { action: 'block', rule: 'rights' };
}
