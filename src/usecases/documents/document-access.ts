import type { Guard, Statement } from '#contracts/index.ts';
import type { AclSetId, ChunkId, DocumentId, TenantId } from '#core/index.ts';
import {
  basePolicy,
  type AclPolicy,
  type Entry,
  type Override,
  type OverrideTarget,
} from '#identity/index.ts';
import type { Collection, EntryReason, Sidecar } from '#rag/index.ts';
import { assignmentsOf, policiesOf, type Policies } from '../rights/override-access.ts';
import type { DocumentDeps } from './document-deps.ts';

/** What a sidecar says about who may read; `override` is undefined where it leaves that to the collection. */
export type StatedAccess =
  | { readonly override: Override | undefined; readonly refused?: never }
  | { readonly override?: never; readonly refused: EntryReason };

/**
 * The override that a sidecar's grants and rules make. `everyone`, or no grants, is everyone whom the collection
 * lets read; with others named only they may, and a prohibition of the collection stays one. A name that nobody has
 * refuses the document: to leave it out might open or close what was meant otherwise.
 */
export async function statedAccess(
  deps: Pick<DocumentDeps, 'resolveReaders'>,
  tenantId: TenantId,
  { grants, rules }: Pick<Sidecar, 'grants' | 'rules'>,
): Promise<StatedAccess> {
  const { subjects, unknown } = await deps.resolveReaders(tenantId, grants ?? []);
  if (unknown.length > 0) return { refused: unknownReaders(unknown) };
  const inherits = grants === undefined || grants.some(({ kind }) => kind === 'everyone');
  if (inherits && subjects.length === 0 && rules.length === 0) return { override: undefined };
  const entries = subjects.map((subject): Entry => ({ effect: 'allow', subject, condition: undefined }));
  return { override: { inherits, entries, rules } };
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
  /** What was said must still be what was read here. */
  readonly guards: readonly Guard[];
}

export interface AccessChange {
  readonly collection: Collection;
  readonly documentId: DocumentId;
  /** The document's set until now; undefined for a new document. */
  readonly knownSet: AclSetId | undefined;
  /** `keep` leaves what is said of the document as it is. */
  readonly stated: { readonly override: Override | undefined } | 'keep';
  /** Chunks of the text that arrives. */
  readonly chunkIds: readonly ChunkId[];
}

type Said = OverrideTarget & { readonly override: Override };

/**
 * Plans who may read a document: what its sidecar says, over what was said of single chunks in the product. Text
 * that was closed chunk by chunk stays closed when it is edited: see `carriedOver`.
 */
export async function planAccess(deps: AccessDeps, change: AccessChange): Promise<DocumentAccessPlan> {
  const { collection, documentId, stated } = change;
  const { tenantId } = collection;
  const isNew = change.knownSet === undefined;
  const known = isNew ? [] : await deps.access.listOverrides(tenantId, documentId);
  const target = { tenantId, documentId, target: 'document', targetId: documentId } as const;
  const override = stated === 'keep' ? undefined : stated.override;
  const carried = await carriedOver(deps, change, known);
  const said = [
    ...known.filter((one) => stated === 'keep' || one.target === 'chunk'),
    ...(override === undefined ? [] : [{ ...target, override }]),
    ...carried,
  ];
  const policies = policiesOf(basePolicy(collection.id), said);
  const documentSet = await ensureAclSet(deps, tenantId, policies.document);
  const sets = await ensureChunkSets(deps, tenantId, policies);
  const nowMs = deps.clock.nowMs();
  const put = override
    ? deps.access.putOverride(target, override, nowMs)
    : deps.access.removeOverride(target);
  const isChanged = stated !== 'keep' && documentSet !== change.knownSet;
  return {
    documentSet,
    setOf: (chunkId) => sets.get(chunkId) ?? documentSet,
    statements: [
      ...(isChanged ? [put, ...assignmentsOf(deps, { tenantId, documentId }, policies, nowMs)] : []),
      ...carried.map((one) => deps.access.putOverride(one, one.override, nowMs)),
    ],
    guards: isNew ? [] : [deps.access.guardOverrides(tenantId, documentId, known)],
  };
}

async function ensureChunkSets(
  deps: AccessDeps,
  tenantId: TenantId,
  { chunks }: Policies,
): Promise<ReadonlyMap<ChunkId, AclSetId>> {
  const sets = new Map<ChunkId, AclSetId>();
  for (const [chunkId, policy] of chunks) sets.set(chunkId, await ensureAclSet(deps, tenantId, policy));
  return sets;
}

/**
 * What was closed in a chunk that the arriving text has no more may stand in any chunk that is new in it: so every
 * new chunk gets what closed the lost ones. An exception that only shares more is not carried over. When several
 * were lost, nobody is let in by what let somebody into one of them, until it is said anew.
 */
async function carriedOver(
  deps: AccessDeps,
  { collection: { tenantId }, documentId, chunkIds }: AccessChange,
  known: readonly Said[],
): Promise<readonly Said[]> {
  const arriving = new Set<string>(chunkIds);
  const lost = known
    .filter(
      ({ target, targetId, override }) => target === 'chunk' && !arriving.has(targetId) && closes(override),
    )
    .map(({ override }) => override);
  if (lost.length === 0 || arriving.size === 0) return [];
  const before = new Set(
    (await deps.assignments.listChunks(tenantId, documentId)).map(({ chunkId }) => chunkId),
  );
  const override = joinClosing(lost);
  return chunkIds
    .filter((chunkId) => !before.has(chunkId))
    .map((chunkId) => ({ tenantId, documentId, target: 'chunk', targetId: chunkId, override }));
}

function closes({ inherits, entries, rules }: Override): boolean {
  return !inherits || rules.length > 0 || entries.some(({ effect }) => effect === 'deny');
}

function joinClosing(lost: readonly Override[]): Override {
  const [only] = lost;
  if (lost.length === 1 && only !== undefined) return only;
  return {
    inherits: lost.every(({ inherits }) => inherits),
    entries: lost.flatMap(({ entries }) => entries.filter(({ effect }) => effect === 'deny')),
    rules: lost.flatMap(({ rules }) => rules),
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
