import type { RerankingModel, RetrievalReader } from '#contracts/index.ts';
import {
  AppError,
  isMinted,
  mayRead,
  type AccessFilter,
  type AnswerScope,
  type Evidence,
  type Principal,
} from '#core/index.ts';
import {
  asOfMoment,
  createRetrieve,
  createTracedRetrieve,
  type RetrievalTrace,
  type RetrieveRequest,
} from '#rag/index.ts';
import type { RetrieveRouteDeps } from '#gateway/index.ts';
import { withinLimits } from '#usecases/index.ts';
import type { RetrieveInput, RetrieveTrace } from '#wire/hradlo/index.ts';
import type { Parts } from './compose.ts';
import type { ModelLibrary } from './model-library.ts';

const DAY_MS = 86_400_000;

/**
 * Finds evidence over the product's index and texts.
 * @param onFallback told when the chosen embedding model could not be asked, before the evidence comes.
 */
export function retrieveWith(
  parts: Parts,
): (request: RetrieveRequest, onFallback: () => void) => Promise<readonly Evidence[]> {
  return (request, onFallback) => {
    const retrieve = createRetrieve({
      index: parts.index,
      readerFor: async (text) => {
        const reader = await parts.index.readerFor(text);
        if (reader.embedding.insteadOf !== undefined) onFallback();
        return reader;
      },
      listEvidence: (hits, access) => parts.chunks.listEvidence(hits, access),
    });
    return retrieve(request);
  };
}

interface Retrieved {
  readonly evidence: readonly Evidence[];
  readonly trace?: RetrieveTrace;
}

/** The evidence for one question of a principal, each piece checked once more on its way out. */
async function retrieveFor(
  parts: Parts,
  principal: Principal,
  {
    question,
    scope,
    snapshot,
    isTraced,
    reranker,
  }: RetrieveInput & {
    readonly reranker: RerankingModel | undefined;
  },
): Promise<Retrieved> {
  const nowMs = snapshot === undefined ? parts.clock.nowMs() : await timeOf(parts, principal, snapshot);
  const { collections, recordedAtMs = nowMs, metadata, purpose, halfLifeMs } = scope;
  const access = await parts.accessFilters.filterFor(principal, { collections, purpose });
  const messages = [{ role: 'user' as const, content: question }];
  const validAtMs = scope.validAtMs ?? asOfMoment(messages, nowMs) ?? nowMs;
  // What a snapshot finds does not depend on the models of today.
  const again = snapshot === undefined ? reranker : undefined;
  const { tenantId } = principal;
  // Nor on the synonyms of today.
  const synonyms = await (snapshot === undefined
    ? parts.synonyms.current(tenantId)
    : parts.synonyms.at(tenantId, nowMs));
  const times = { validAtMs, recordedAtMs, halfLifeMs };
  const request = { messages, access, ...times, metadata, reranker: again, synonyms };
  const { evidence, trace } =
    snapshot === undefined
      ? await retrieveFrom(parts, parts.index, { request, isTraced, isLive: true })
      : await parts.snapshotReaders.use(snapshot, (reader) =>
          retrieveFrom(parts, reader, { request, isTraced, isLive: false }),
        );
  const found = evidence.filter((piece) => isReadable(parts, access, piece));
  return trace === undefined
    ? { evidence: found }
    : { evidence: found, trace: toTrace(parts, trace, { request, scope }) };
}

async function retrieveFrom(
  parts: Parts,
  index: RetrievalReader,
  { request, isTraced, isLive }: { request: RetrieveRequest; isTraced: boolean; isLive: boolean },
): Promise<{ readonly evidence: readonly Evidence[]; readonly trace?: RetrievalTrace }> {
  const deps = {
    index,
    // A snapshot is of the built-in vectors, which are always there.
    ...(isLive && { readerFor: (text: string) => parts.index.readerFor(text) }),
    // What a snapshot knew may have been closed to the asker since: that is no alarm, it is left out.
    listEvidence: isLive
      ? parts.chunks.listEvidence.bind(parts.chunks)
      : parts.chunks.listReadable.bind(parts.chunks),
  };
  if (isTraced) return createTracedRetrieve(deps)(request);
  return { evidence: await createRetrieve(deps)(request) };
}

/** The time that a snapshot answers for. @throws {AppError} request.not_found */
async function timeOf(parts: Parts, { tenantId }: Principal, id: string): Promise<number> {
  const known = (await parts.snapshots.list(tenantId)).find((snapshot) => snapshot.id === id);
  if (known === undefined) throw new AppError('request.not_found', 'There is no such snapshot.');
  return known.createdAtMs;
}

function isReadable(parts: Parts, access: AccessFilter, piece: Evidence): boolean {
  if (isMinted(access) && mayRead(access, piece.aclSet, piece.collectionId)) return true;
  parts.metrics.countForbiddenChunk();
  return false;
}

function toTrace(
  parts: Parts,
  trace: RetrievalTrace,
  { request, scope }: { readonly request: RetrieveRequest; readonly scope: AnswerScope },
): RetrieveTrace {
  const { question, embedding, redundancy, pieces } = trace;
  const { name, digest } = embedding ?? parts.embedding;
  return {
    embedding: { name, digest, insteadOf: embedding?.insteadOf ?? null },
    question: {
      ...question,
      stems: [...question.stems],
      folded: [...question.folded],
      wordings: question.wordings.map(({ text, replaced }) => ({ text, replaced: [...replaced] })),
    },
    filters: {
      collections: scope.collections === undefined ? null : [...scope.collections],
      validAt: new Date(request.validAtMs).toISOString(),
      validAtNamedBy: namedBy(scope, request),
      recordedAt: new Date(request.recordedAtMs).toISOString(),
      purpose: scope.purpose ?? null,
      halfLifeDays: scope.halfLifeMs === undefined ? null : scope.halfLifeMs / DAY_MS,
      metadata: { ...scope.metadata },
    },
    redundancy,
    pieces: pieces.map(({ evidence, rank, outcome, copyOf, like, tokens, signals }) => ({
      chunkId: evidence.chunkId,
      documentId: evidence.documentId,
      title: evidence.title,
      headingPath: [...evidence.headingPath],
      language: evidence.language,
      tokens,
      rank,
      score: evidence.score,
      signals: { ...signals },
      outcome,
      copyOf: copyOf ?? null,
      like: like ?? null,
    })),
  };
}

/** Who named the time whose valid versions were searched; null where it is now, or when the snapshot was taken. */
function namedBy({ validAtMs }: AnswerScope, request: RetrieveRequest): 'request' | 'question' | null {
  if (validAtMs !== undefined) return 'request';
  return asOfMoment(request.messages, 0) === undefined ? null : 'question';
}

/** Retrieval over HTTP, within the principal's limits: what finds evidence for answers made elsewhere is not free. */
export function createRetrieveDeps(
  parts: Parts,
  { library }: { readonly library: Pick<ModelLibrary, 'rerankingModel'> },
): RetrieveRouteDeps {
  return {
    retrieve: (principal, asked) =>
      withinLimits(parts, principal, asked.question, () =>
        parts.foreground.during(() =>
          retrieveFor(parts, principal, { ...asked, reranker: library.rerankingModel() }),
        ),
      ),
  };
}
