import type { Statement } from '#contracts/index.ts';
import type { AclSetId, ChunkId, DocumentId, TenantId } from '#core/index.ts';
import { basePolicy, type AclPolicy, type Entry, type Override } from '#identity/index.ts';
import type { Collection, EntryReason, SidecarGrant } from '#rag/index.ts';
import { assignmentsOf, policiesOf } from '../rights/override-access.ts';
import type { DocumentDeps } from './document-deps.ts';

/** What a sidecar says about who may read; `override` is undefined where it leaves that to the collection. */
export type StatedAccess =
  | { readonly override: Override | undefined; readonly refused?: never }
  | { readonly override?: never; readonly refused: EntryReason };

/**
 * The override that a sidecar's grants make. `everyone` is everyone whom the collection lets read; without it only
 * the named may, and a prohibition of the collection stays one. A name that nobody has refuses the document: to
 * leave it out might open or close what was meant otherwise.
 */
export async function statedAccess(
  deps: Pick<DocumentDeps, 'resolveReaders'>,
  tenantId: TenantId,
  grants: readonly SidecarGrant[] | undefined,
): Promise<StatedAccess> {
  if (grants === undefined) return { override: undefined };
  const { subjects, unknown } = await deps.resolveReaders(tenantId, grants);
  if (unknown.length > 0) return { refused: unknownReaders(unknown) };
  const inherits = grants.some(({ kind }) => kind === 'everyone');
  if (inherits && subjects.length === 0) return { override: undefined };
  const entries = subjects.map((subject): Entry => ({ effect: 'allow', subject, condition: undefined }));
  return { override: { inherits, entries, rules: [] } };
}

function unknownReaders(names: readonly string[]): EntryReason {
  const list = names.join(', ');
  return {
    code: 'sidecar.unknown_reader',
    message: `The sidecar grants reading to ${list}, and there is no such group or person. Make it, then retry.`,
    detail: { names: list },
  };
}

type AccessDeps = Pick<DocumentDeps, 'access' | 'assignments' | 'writer' | 'clock'>;

/** Who may read a document from now on. */
export interface DocumentAccessPlan {
  readonly documentSet: AclSetId;
  setOf(chunkId: ChunkId): AclSetId;
  /** Empty when nothing changes for what is there already. */
  readonly statements: readonly Statement[];
}

export interface AccessChange {
  readonly collection: Collection;
  readonly documentId: DocumentId;
  /** The document's set until now; undefined for a new document. */
  readonly knownSet: AclSetId | undefined;
  /** `keep` leaves what is said of the document as it is. */
  readonly stated: { readonly override: Override | undefined } | 'keep';
}

/** Plans who may read a document: what its sidecar says, over what was said of single chunks in the product. */
export async function planAccess(deps: AccessDeps, change: AccessChange): Promise<DocumentAccessPlan> {
  const { collection, documentId, stated } = change;
  const { tenantId } = collection;
  const known = change.knownSet === undefined ? [] : await deps.access.listOverrides(tenantId, documentId);
  const target = { tenantId, documentId, target: 'document', targetId: documentId } as const;
  const override = stated === 'keep' ? undefined : stated.override;
  const said =
    stated === 'keep'
      ? known
      : [
          ...known.filter((one) => one.target === 'chunk'),
          ...(override === undefined ? [] : [{ ...target, override }]),
        ];
  const policies = policiesOf(basePolicy(collection.id), said);
  const documentSet = await ensureAclSet(deps, tenantId, policies.document);
  const sets = new Map<ChunkId, AclSetId>();
  for (const [chunkId, policy] of policies.chunks) {
    sets.set(chunkId, await ensureAclSet(deps, tenantId, policy));
  }
  const nowMs = deps.clock.nowMs();
  const isChanged = documentSet !== change.knownSet;
  const put = override
    ? deps.access.putOverride(target, override, nowMs)
    : deps.access.removeOverride(target);
  return {
    documentSet,
    setOf: (chunkId) => sets.get(chunkId) ?? documentSet,
    statements:
      stated === 'keep' || !isChanged
        ? []
        : [put, ...assignmentsOf(deps, { tenantId, documentId }, policies, nowMs)],
  };
}

/** The set with this policy, made when there is none yet. Equal policies share one set. */
export async function ensureAclSet(
  deps: Pick<AccessDeps, 'access' | 'writer' | 'clock'>,
  tenantId: TenantId,
  policy: AclPolicy,
): Promise<AclSetId> {
  const known = await deps.access.findSet(tenantId, policy);
  if (known !== undefined) return known;
  const create = deps.access.createSet(tenantId, policy, deps.clock.nowMs());
  await deps.writer.write({ statements: [create], audit: [] });
  const made = await deps.access.findSet(tenantId, policy);
  if (made === undefined) throw new Error('the access set that was just written is not there');
  return made;
}
