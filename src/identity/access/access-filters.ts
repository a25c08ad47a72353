import { createHash } from 'node:crypto';
import type { Clock } from '#contracts/index.ts';
import {
  AppError,
  canonicalJson,
  mintAccessFilter,
  type AccessFilter,
  type AclSetId,
  type CollectionId,
  type Principal,
  type TenantId,
} from '#core/index.ts';
import { compilePolicy, policyChangesAtMs, predicateFor, type CompiledPolicy } from './compile.ts';
import type { AclPolicy, Entry } from './policy.ts';
import { subjectsOf } from './subject.ts';

/** Every access set of a tenant, with the grants of its collections. */
export interface PolicySnapshot {
  readonly sets: readonly { readonly id: AclSetId; readonly policy: AclPolicy }[];
  readonly grants: ReadonlyMap<CollectionId, readonly Entry[]>;
  /** Collections by name. */
  readonly collections: ReadonlyMap<string, CollectionId>;
}

/** Where policies are kept. The generation grows with every change of a set, a grant or a collection. */
export interface PolicySource {
  generation(tenantId: TenantId): Promise<number>;
  load(tenantId: TenantId): Promise<PolicySnapshot>;
}

/** What a filter is asked for. */
export interface AccessRequest {
  /** Names of collections; undefined means every readable one. */
  readonly collections?: readonly string[] | undefined;
  /** In place of the purpose that the principal states. */
  readonly purpose?: string | undefined;
}

interface CompiledSnapshot {
  readonly generation: number;
  readonly sets: readonly {
    readonly id: AclSetId;
    readonly collectionId: CollectionId;
    readonly compiled: CompiledPolicy;
  }[];
  /** The policy of whatever in a collection has no override: whether one sees it while it is empty. */
  readonly bases: ReadonlyMap<CollectionId, CompiledPolicy>;
  readonly collections: ReadonlyMap<string, CollectionId>;
  readonly filters: Map<string, { readonly filter: AccessFilter; readonly validUntilMs: number }>;
}

const MAX_CACHED_FILTERS = 2000;

/**
 * Makes access filters, and is alone in that. A filter is cached by the generation of the tenant's policies, the
 * principal's subjects and attributes, the purpose and the collections, until a time window opens or closes:
 * a change of rights acts on the next query.
 */
export class AccessFilters {
  readonly #source: PolicySource;
  readonly #clock: Clock;
  readonly #snapshots = new Map<TenantId, CompiledSnapshot>();

  constructor(source: PolicySource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /**
   * What this principal may read now.
   * @throws {AppError} collection.not_found when a named collection does not exist or shows the principal
   * nothing, alike on purpose.
   */
  async filterFor(principal: Principal, given: AccessRequest = {}): Promise<AccessFilter> {
    const request = { ...given, purpose: given.purpose ?? principal.purpose };
    const snapshot = await this.#snapshotOf(principal.tenantId);
    const nowMs = this.#clock.nowMs();
    const key = cacheKey(principal, request);
    const cached = snapshot.filters.get(key);
    if (cached !== undefined && nowMs < cached.validUntilMs && nowMs >= cached.filter.decidedAtMs)
      return cached.filter;
    const made = makeFilter(snapshot, principal, request, nowMs);
    if (snapshot.filters.size >= MAX_CACHED_FILTERS) snapshot.filters.clear();
    snapshot.filters.set(key, made);
    return made.filter;
  }

  /** Names and ids of the collections of which the principal may read something, or all that is added later. */
  async readableCollections(principal: Principal): Promise<ReadonlyMap<string, CollectionId>> {
    const snapshot = await this.#snapshotOf(principal.tenantId);
    const context = { nowMs: this.#clock.nowMs(), purpose: principal.purpose };
    const mayRead = predicateFor(principal, context);
    return withinScope(readable(snapshot, mayRead), scopeOf(principal));
  }

  /**
   * Everything of a tenant, for whoever reads without a grant: after the record of it was written, and never
   * kept. Only the use case of breaking the glass calls it.
   */
  async withoutGrants(tenantId: TenantId): Promise<AccessFilter> {
    const { sets } = await this.#snapshotOf(tenantId);
    const aclSets = new Set(sets.map(({ id }) => id));
    const fingerprint = fingerprintOf(tenantId, aclSets, undefined);
    const decidedAtMs = this.#clock.nowMs();
    return mintAccessFilter({ tenantId, aclSets, collections: undefined, fingerprint, decidedAtMs });
  }

  /**
   * The filter under which an answer was made, by the access sets that its record names: to make it again from
   * what it was allowed to read then. What it reads is compared, never shown.
   */
  recordedFilter(tenantId: TenantId, recorded: readonly AclSetId[]): AccessFilter {
    const aclSets = new Set(recorded);
    const fingerprint = fingerprintOf(tenantId, aclSets, undefined);
    const decidedAtMs = this.#clock.nowMs();
    return mintAccessFilter({ tenantId, aclSets, collections: undefined, fingerprint, decidedAtMs });
  }

  async #snapshotOf(tenantId: TenantId): Promise<CompiledSnapshot> {
    // The generation is read before the rows: rows newer than their number are loaded once more, never kept.
    const generation = await this.#source.generation(tenantId);
    const known = this.#snapshots.get(tenantId);
    if (known?.generation === generation) return known;
    const fresh = compileSnapshot(tenantId, generation, await this.#source.load(tenantId));
    this.#snapshots.set(tenantId, fresh);
    return fresh;
  }
}

function compileSnapshot(
  tenantId: TenantId,
  generation: number,
  { sets, grants, collections }: PolicySnapshot,
): CompiledSnapshot {
  const compile = (policy: AclPolicy): CompiledPolicy =>
    compilePolicy({ tenantId, policy, grants: grants.get(policy.collectionId) ?? [] });
  return {
    generation,
    sets: sets.map(({ id, policy }) => ({
      id,
      collectionId: policy.collectionId,
      compiled: compile(policy),
    })),
    bases: new Map(
      [...collections.values()].map((collectionId) => [
        collectionId,
        compile({ collectionId, inherits: true, entries: [], rules: [] }),
      ]),
    ),
    collections,
    filters: new Map(),
  };
}

function cacheKey(principal: Principal, request: AccessRequest): string {
  return canonicalJson({
    subjects: [...subjectsOf(principal)].toSorted(),
    attributes: principal.attributes,
    purpose: request.purpose ?? null,
    scope: scopeOf(principal) ?? null,
    collections: request.collections === undefined ? null : request.collections.toSorted(),
  });
}

/** The collections that a key narrows its owner to; undefined when it does not. */
function scopeOf({ authentication }: Principal): readonly CollectionId[] | undefined {
  return authentication.kind === 'api-key' ? authentication.scope?.collections : undefined;
}

function withinScope(
  collections: ReadonlyMap<string, CollectionId>,
  scope: readonly CollectionId[] | undefined,
): ReadonlyMap<string, CollectionId> {
  return scope === undefined ? collections : new Map([...collections].filter(([, id]) => scope.includes(id)));
}

function readable(
  snapshot: CompiledSnapshot,
  mayRead: (compiled: CompiledPolicy) => boolean,
): ReadonlyMap<string, CollectionId> {
  const shown = new Set<CollectionId>();
  for (const { collectionId, compiled } of snapshot.sets) {
    if (!shown.has(collectionId) && mayRead(compiled)) shown.add(collectionId);
  }
  for (const [collectionId, compiled] of snapshot.bases) {
    if (!shown.has(collectionId) && mayRead(compiled)) shown.add(collectionId);
  }
  return new Map([...snapshot.collections].filter(([, id]) => shown.has(id)));
}

function makeFilter(
  snapshot: CompiledSnapshot,
  principal: Principal,
  { collections: names, purpose }: AccessRequest,
  nowMs: number,
): { readonly filter: AccessFilter; readonly validUntilMs: number } {
  const mayRead = predicateFor(principal, { nowMs, purpose });
  const scope = scopeOf(principal);
  const shown = withinScope(readable(snapshot, mayRead), scope);
  const collections = names === undefined ? scope && new Set(shown.values()) : narrowTo(names, shown);
  let validUntilMs = Infinity;
  const aclSets = new Set<AclSetId>();
  for (const { id, collectionId, compiled } of snapshot.sets) {
    validUntilMs = Math.min(validUntilMs, policyChangesAtMs(compiled, nowMs));
    // A set belongs to one collection: narrowed here, it is narrowed for whoever looks at sets alone.
    if (mayRead(compiled) && (collections === undefined || collections.has(collectionId))) aclSets.add(id);
  }
  const fingerprint = fingerprintOf(principal.tenantId, aclSets, collections);
  return {
    filter: mintAccessFilter({
      tenantId: principal.tenantId,
      aclSets,
      collections,
      fingerprint,
      decidedAtMs: nowMs,
    }),
    validUntilMs,
  };
}

function narrowTo(
  names: readonly string[],
  shown: ReadonlyMap<string, CollectionId>,
): ReadonlySet<CollectionId> {
  const ids = new Set<CollectionId>();
  for (const name of names) {
    const id = shown.get(name);
    if (id === undefined)
      throw new AppError('collection.not_found', `No collection is called "${name}".`, {
        details: { collection: name },
      });
    ids.add(id);
  }
  return ids;
}

/** Equal for filters that read the same: part of every key of a cache. */
function fingerprintOf(
  tenantId: TenantId,
  aclSets: ReadonlySet<AclSetId>,
  collections: ReadonlySet<CollectionId> | undefined,
): string {
  const text = canonicalJson({
    tenantId,
    aclSets: [...aclSets].toSorted((a, b) => a - b),
    collections: collections === undefined ? null : [...collections].toSorted(),
  });
  return createHash('sha256').update(text).digest('hex');
}
