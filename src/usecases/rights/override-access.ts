import {
  AppError,
  expectId,
  type ChunkId,
  type CollectionId,
  type DocumentId,
  type Principal,
} from '#core/index.ts';
import type { Statement } from '#contracts/index.ts';
import {
  basePolicy,
  overlay,
  policyDigest,
  type AclPolicy,
  type Override,
  type OverrideTarget,
} from '#identity/index.ts';
import { byPrincipal } from '../people/people-deps.ts';
import { checkSubjects } from './grant-access.ts';
import { mayManage, type RightsDeps } from './rights-deps.ts';

export interface OverrideRequest {
  readonly documentId: DocumentId;
  /** A chunk of the document; undefined means the whole of it. */
  readonly chunkId: ChunkId | undefined;
  /** Undefined takes away what was said before. */
  readonly override: Override | undefined;
}

/**
 * Says who else may or may not read one document or chunk. The document's rows get the access sets that come of
 * it in the transaction that records it; the index is told before this resolves, and nothing is read anew.
 * @throws {AppError} document.not_found, input.invalid.
 */
export async function overrideAccess(
  deps: RightsDeps,
  principal: Principal,
  request: OverrideRequest,
): Promise<void> {
  const collectionId = await findManaged(deps, principal, request);
  await checkSubjects(deps, principal, request.override?.entries.map(({ subject }) => subject) ?? []);
  await deps.moves.during(request.documentId, async () => {
    await writeOverride(deps, principal, { ...request, collectionId });
    await reassignInIndex(deps, { tenantId: principal.tenantId, documentId: request.documentId });
  });
}

async function writeOverride(
  deps: RightsDeps,
  principal: Principal,
  { documentId, chunkId, override, collectionId }: OverrideRequest & { readonly collectionId: CollectionId },
): Promise<void> {
  const { tenantId } = principal;
  const target: OverrideTarget = {
    tenantId,
    documentId,
    target: chunkId === undefined ? 'document' : 'chunk',
    targetId: chunkId ?? documentId,
  };
  const nowMs = deps.clock.nowMs();
  const others = (await deps.access.listOverrides(tenantId, documentId)).filter(
    ({ targetId }) => targetId !== target.targetId,
  );
  const said = override ? [...others, { ...target, override }] : others;
  const policies = policiesOf(basePolicy(collectionId), said);
  const fields = { documentId, chunkId: chunkId ?? null, policy: policyDigest(policies.document) };
  await deps.writer.write({
    statements: [
      override ? deps.access.putOverride(target, override, nowMs) : deps.access.removeOverride(target),
      ...assignmentsOf(deps, { tenantId, documentId }, policies, nowMs),
    ],
    audit: [byPrincipal(principal, override ? 'access.overridden' : 'access.restored', fields, nowMs)],
  });
}

/**
 * The collection of a document whose rights the principal may manage.
 * @throws {AppError} document.not_found when there is no such document or chunk, or they may not, alike.
 */
async function findManaged(
  deps: RightsDeps,
  principal: Principal,
  { documentId, chunkId }: OverrideRequest,
): Promise<CollectionId> {
  const { tenantId } = principal;
  const document = await deps.assignments.findDocument(tenantId, documentId);
  const chunks = chunkId === undefined ? [] : await deps.assignments.listChunks(tenantId, documentId);
  const isThere = chunkId === undefined || chunks.some((chunk) => chunk.chunkId === chunkId);
  if (document !== undefined && isThere && (await mayManage(deps, principal, document.collectionId)))
    return document.collectionId;
  throw new AppError('document.not_found', 'There is no such document.');
}

/** What may be read by whom, of a document and of single chunks of it. */
export interface Policies {
  readonly document: AclPolicy;
  readonly chunks: ReadonlyMap<ChunkId, AclPolicy>;
}

/** The policies of a document and of those of its chunks of which something else is said. */
export function policiesOf(
  base: AclPolicy,
  said: readonly { readonly target: string; readonly targetId: string; readonly override: Override }[],
): Policies {
  const ofDocument = said.find(({ target }) => target === 'document');
  const document = ofDocument === undefined ? base : overlay(base, ofDocument.override);
  const chunks = said.filter(({ target }) => target === 'chunk');
  return {
    document,
    chunks: new Map(
      chunks.map(({ targetId, override }) => [expectId('chunk', targetId), overlay(document, override)]),
    ),
  };
}

/** The statements that give a document and its chunks the sets that come of what is said of them. */
export function assignmentsOf(
  deps: Pick<RightsDeps, 'access' | 'assignments'>,
  where: { readonly tenantId: OverrideTarget['tenantId']; readonly documentId: DocumentId },
  policies: Policies,
  nowMs: number,
): Statement[] {
  const { tenantId } = where;
  const statements = [
    deps.access.createSet(tenantId, policies.document, nowMs),
    ...deps.assignments.assign(where, policyDigest(policies.document)),
  ];
  for (const [chunkId, policy] of policies.chunks) {
    statements.push(
      deps.access.createSet(tenantId, policy, nowMs),
      ...deps.assignments.assign(where, policyDigest(policy), [chunkId]),
    );
  }
  return statements;
}

/** Tells the index which set every row of a document carries. */
export async function reassignInIndex(
  deps: Pick<RightsDeps, 'assignments' | 'index'>,
  {
    tenantId,
    documentId,
  }: { readonly tenantId: OverrideTarget['tenantId']; readonly documentId: DocumentId },
): Promise<void> {
  const bySet = Map.groupBy(await deps.assignments.listChunks(tenantId, documentId), ({ aclSet }) => aclSet);
  await deps.index.apply(
    [...bySet].map(([aclSet, chunks]) => ({
      type: 'reassign',
      rows: chunks.map(({ row }) => row),
      aclSet,
    })),
  );
}
