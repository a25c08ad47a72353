import {
  isMinted,
  mayAskModel,
  mayRead,
  PASS_THROUGH,
  type AnswerAsOf,
  type AnswerEvent,
  type AnswerRequest,
  type ChatRequest,
  type Evidence,
  type TenantId,
  type Verdict,
} from '#core/index.ts';
import {
  answerChat,
  createOpenRecord,
  createReserveBudget,
  type AnswerDeps,
  type Grant,
} from '#usecases/index.ts';
import { asOfMoment, wordingsOf, type ChosenSynonyms } from '#rag/index.ts';
import { collectionsOf, unknownModel, type AnswerRoute, type RouteFor } from './answer-routes.ts';
import type { Parts } from './compose.ts';
import { retrieveWith } from './retrieving.ts';
import { SynonymReleases } from './synonym-releases.ts';

/** What may be read, and which model answers by which release. */
async function authorize(
  parts: Parts,
  request: AnswerRequest,
  { route, releases }: { readonly route: AnswerRoute; readonly releases: SynonymReleases },
): Promise<Grant> {
  // Before anything is recorded: in an overload a refusal must cost next to nothing.
  using stack = new DisposableStack();
  const place = stack.use(route.model.takePlace?.(request.principal.tenantId));
  const nowMs = parts.clock.nowMs();
  const collections = collectionsOf(request);
  const synonyms = route.isGrounded ? await parts.synonyms.current(request.principal.tenantId) : undefined;
  const { releaseDigest } = await releases.of(route, synonyms);
  const asOf = route.isGrounded ? asOfOf(request, nowMs) : undefined;
  const access = await parts.accessFilters.filterFor(request.principal, {
    collections,
    purpose: request.scope.purpose,
  });
  // From here on it is the answer's.
  stack.move();
  return {
    access,
    place,
    target: { model: request.model, mode: route.model.mode, releaseDigest },
    validAtMs: asOf?.validAtMs ?? nowMs,
    asOf,
    recordedAtMs: request.scope.recordedAtMs ?? nowMs,
    metadata: request.scope.metadata,
    halfLifeMs: request.scope.halfLifeMs,
    synonyms,
  };
}

/** The time an answer is wanted from: the request's before the one in the question; undefined for now. */
function asOfOf({ scope, messages }: AnswerRequest, nowMs: number): AnswerAsOf | undefined {
  if (scope.validAtMs !== undefined) return { validAtMs: scope.validAtMs, namedBy: 'request' };
  const inQuestion = asOfMoment(messages, nowMs);
  if (inQuestion !== undefined) return { validAtMs: inQuestion, namedBy: 'question' };
  // What was known on a day is asked as of that day, unless another one is named.
  const { recordedAtMs } = scope;
  return recordedAtMs === undefined ? undefined : { validAtMs: recordedAtMs, namedBy: 'request' };
}

/** Of evidence that the built-in vectors found, as the chosen model could not be asked: the record says so. */
const FALLEN_BACK: Verdict = { action: 'allow', rule: 'built-in-embedding' };

/** The pipeline, and those of its steps that make an answer again. */
export interface Answering {
  answer(request: AnswerRequest): AsyncGenerator<AnswerEvent>;
  assemblePrompt(
    request: Pick<AnswerRequest, 'principal' | 'sampling'>,
    messages: ChatRequest['messages'],
    evidence: readonly Evidence[],
    synonyms: ChosenSynonyms | undefined,
  ): Promise<ChatRequest>;
  /** A route with the release that the answers of a tenant name now. */
  releaseFor(model: string, tenantId: TenantId): Promise<AnswerRoute>;
}

/** A route as a tenant's answers name it now. */
async function releaseOf(
  parts: Parts,
  route: AnswerRoute,
  { releases, tenantId }: { readonly releases: SynonymReleases; readonly tenantId: TenantId },
): Promise<AnswerRoute> {
  const synonyms = route.isGrounded ? await parts.synonyms.current(tenantId) : undefined;
  return { ...route, ...(await releases.of(route, synonyms)) };
}

/** What the model is given, on whose behalf and with what share of its time. */
function assembleWith({ limitStore }: Parts): Answering['assemblePrompt'] {
  return async ({ principal: { tenantId }, sampling }, messages, evidence, synonyms) => {
    const weight = (await limitStore.listWeights()).get(tenantId);
    const caller = { tenantId, ...(weight !== undefined && { weight }) };
    const wordings = wordingsOf({ messages, synonyms }).map(({ text }) => text);
    return { messages, evidence, sampling, ...(wordings.length > 0 && { wordings }), caller };
  };
}

/** The contact of the collection that the nearest evidence is from, or the general one. */
function contactsOf({ config, documents }: Parts): AnswerDeps['contactFor'] {
  const { contact, contacts } = config.answers;
  const byName = new Map(contacts.map((one) => [one.collection, one.contact]));
  const general = contact === '' ? undefined : contact;
  return async ([nearest], { access }) => {
    if (nearest === undefined || byName.size === 0) return general;
    const collection = await documents.findCollectionById(access.tenantId, nearest.collectionId);
    return (collection && byName.get(collection.name)) ?? general;
  };
}

/** Wires the answer pipeline: every step in its place. */
export function createAnswering(parts: Parts, routeFor: RouteFor): Answering {
  const releases = new SynonymReleases(parts);
  // A model that is exchanged meanwhile acts on the next question: this one ends with what it began with.
  const routes = new WeakMap<Grant, AnswerRoute>();
  const fallen = new WeakSet<Grant>();
  const retrieve = retrieveWith(parts);
  const assemblePrompt = assembleWith(parts);
  const deps: AnswerDeps = {
    step: (name, work) => parts.tracer.span(name, work),
    authorize: async (request) => {
      if (!mayAskModel(request.principal, request.model)) throw unknownModel(request.model);
      const route = routeFor(request.model);
      const grant = await authorize(parts, request, { route, releases });
      routes.set(grant, route);
      return grant;
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
      isErased: async (documents) => (await parts.documentErasures.listErased(documents)).length > 0,
      commitmentKey: parts.installation.commitmentKey,
    }),
    checkInput: async () => PASS_THROUGH,
    retrieve: async (messages, grant) =>
      routes.get(grant)?.isGrounded === true
        ? retrieve({ messages, ...grant, reranker: routes.get(grant)?.reranker }, () => fallen.add(grant))
        : [],
    checkEvidence: async (evidence, grant) => {
      const passed = fallen.has(grant) ? FALLEN_BACK : PASS_THROUGH;
      return evidence.map((piece) => judge(parts, piece, { grant, passed }));
    },
    assemblePrompt,
    contactFor: contactsOf(parts),
    chatModelFor: async (grant) => (routes.get(grant) ?? routeFor(grant.target.model)).model,
    checkOutput: (event, trail) => {
      if (trail.verdicts['output'] === undefined) trail.note('output', PASS_THROUGH);
      return event;
    },
  };
  return {
    answer: (request) => parts.foreground.untilFirst(answerChat(deps, request)),
    assemblePrompt,
    releaseFor: async (model, tenantId) => releaseOf(parts, routeFor(model), { releases, tenantId }),
  };
}

/** The last look before a prompt is built: a chunk that the filter does not show is an alarm and goes no further. */
function judge(
  parts: Parts,
  piece: Evidence,
  { grant: { access }, passed }: { readonly grant: Grant; readonly passed: Verdict },
): Verdict {
  if (isMinted(access) && mayRead(access, piece.aclSet, piece.collectionId)) return passed;
  parts.metrics.countForbiddenChunk();
  parts.logger.error({}, 'rights.second_check_failed');
  return { action: 'block', rule: 'rights' };
}
