import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import {
  expectId,
  makeId,
  type AclSetId,
  type ChunkId,
  type CollectionId,
  type DocumentId,
  type GroupId,
  type IdKind,
  type IdOf,
  type Role,
  type TenantId,
  type UserId,
  type VersionId,
} from '#core/index.ts';
import {
  basePolicy,
  conditionText,
  encodePolicy,
  KeyedHash,
  makeApiKeyText,
  overlay,
  policyDigest,
  type AclPolicy,
  type Entry,
  type Override,
} from '#identity/index.ts';
import { migrate, MIGRATIONS, openForWriting } from '#platform/index.ts';

export interface PlantedPerson {
  readonly id: UserId;
  /** The text of a key that acts as this person. */
  readonly key: string;
}

export interface PlantedDocument {
  readonly id: DocumentId;
  readonly versionId: VersionId;
  readonly chunkIds: readonly ChunkId[];
}

const AT_MS = Date.UTC(2025, 0, 1);
const PRODUCT_TENANT: TenantId = expectId('tenant', `ten_${'0'.repeat(26)}`);

/** An id that comes of a name: two plantings of the same have the same ids. */
export const idOf = <Kind extends IdKind>(kind: Kind, name: string): IdOf<Kind> =>
  makeId(kind, createHash('sha256').update(`${kind} ${name}`).digest().subarray(0, 16));

/**
 * Fills the data folder of a server that does not run yet: tenants, people with keys, collections, documents,
 * grants, exceptions. Thousands in a second, since nothing is parsed, hashed slowly or sent over HTTP.
 */
export class Plant {
  readonly folder: string;
  readonly tenantId = PRODUCT_TENANT;
  readonly #database: DatabaseSync;
  readonly #keyedHash: KeyedHash;

  constructor(folder = mkdtempSync(join(tmpdir(), 'hradlo-plant-'))) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const secret = randomBytes(32);
    writeFileSync(join(folder, 'secret.key'), `${secret.toString('base64')}\n`, { mode: 0o600 });
    this.#keyedHash = new KeyedHash(secret);
    this.#database = openForWriting(join(folder, 'hradlo.db'), 'NORMAL');
    migrate(this.#database, MIGRATIONS, AT_MS);
    this.#database.exec('BEGIN');
    this.#insert('tenant', { id: PRODUCT_TENANT, name: 'default', created_at_ms: AT_MS });
  }

  tenant(name: string): TenantId {
    const id = idOf('tenant', name);
    this.#insert('tenant', { id, name, created_at_ms: AT_MS });
    return id;
  }

  group(tenantId: TenantId, name: string): GroupId {
    const id = this.groupId(name, tenantId);
    this.#insert('user_group', { id, tenant_id: tenantId, name, created_at_ms: AT_MS });
    return id;
  }

  /** The id of a group, planted or not. */
  groupId(name: string, tenantId: TenantId = this.tenantId): GroupId {
    return idOf('group', `${tenantId} ${name}`);
  }

  person(
    tenantId: TenantId,
    name: string,
    given: {
      readonly roles?: readonly Role[];
      readonly groups?: readonly string[];
      readonly attributes?: Readonly<Record<string, readonly string[]>>;
    } = {},
  ): PlantedPerson {
    const id = idOf('user', `${tenantId} ${name}`);
    this.#insert('user_account', {
      id,
      tenant_id: tenantId,
      kind: 'person',
      name,
      display_name: name,
      attributes: JSON.stringify(given.attributes ?? {}),
      created_at_ms: AT_MS,
    });
    for (const role of given.roles ?? ['user'])
      this.#insert('user_role', { user_id: id, tenant_id: tenantId, role });
    for (const group of given.groups ?? [])
      this.#insert('user_group_member', { group_id: group, user_id: id, tenant_id: tenantId });
    const keyId = idOf('key', id);
    const { text, secret } = makeApiKeyText(keyId, randomBytes);
    this.#insert('api_key', {
      id: keyId,
      tenant_id: tenantId,
      user_id: id,
      name: 'planted',
      secret_hash: this.#keyedHash.hash('api-key', secret),
      created_at_ms: AT_MS,
    });
    return { id, key: text };
  }

  collection(tenantId: TenantId, name: string, grants: readonly Entry[]): CollectionId {
    const id = idOf('collection', `${tenantId} ${name}`);
    const aclSet = this.aclSet(tenantId, basePolicy(id));
    this.#insert('collection', {
      id,
      tenant_id: tenantId,
      name,
      title: name,
      acl_set_id: aclSet,
      created_at_ms: AT_MS,
    });
    for (const { effect, subject, condition } of grants) {
      this.#insert('collection_grant', {
        tenant_id: tenantId,
        collection_id: id,
        effect,
        subject,
        condition: condition ? conditionText(condition) : null,
        created_at_ms: AT_MS,
        created_by: 'plant',
      });
    }
    return id;
  }

  /** The set of a policy; the same for equal ones. */
  aclSet(tenantId: TenantId, policy: AclPolicy): AclSetId {
    const digest = policyDigest(policy);
    this.#database
      .prepare(
        'INSERT INTO acl_set (tenant_id, digest, policy, created_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      )
      .run(tenantId, digest, encodePolicy(policy), AT_MS);
    const row = this.#database
      .prepare('SELECT id FROM acl_set WHERE tenant_id = ? AND digest = ?')
      .get(tenantId, digest);
    return row?.['id'] as AclSetId;
  }

  /** A document whose chunks are given as texts; `overrides` are what is said of it and of single chunks. */
  document(
    where: { readonly tenantId: TenantId; readonly collectionId: CollectionId },
    title: string,
    chunks: readonly string[],
    overrides: {
      readonly document?: Override | undefined;
      readonly chunks?: ReadonlyMap<number, Override>;
    } = {},
  ): PlantedDocument {
    const { tenantId, collectionId } = where;
    const id = idOf('document', `${collectionId} ${title}`);
    const versionId = idOf('version', id);
    const base = basePolicy(collectionId);
    const policy = overrides.document ? overlay(base, overrides.document) : base;
    const digest = `sha256:${createHash('sha256').update(chunks.join('')).digest('hex')}`;
    const aclSet = this.aclSet(tenantId, policy);
    this.#insert('document', {
      id,
      tenant_id: tenantId,
      collection_id: collectionId,
      source_key: `${title}.md`,
      title,
      acl_set_id: aclSet,
      current_version_id: versionId,
      created_at_ms: AT_MS,
    });
    this.#insert('document_version', {
      id: versionId,
      tenant_id: tenantId,
      document_id: id,
      ordinal: 1,
      blob_digest: digest,
      media_type: 'text/markdown',
      size_bytes: Buffer.byteLength(chunks.join('')),
      title,
      language: 'cs',
      canonical_digest: digest,
      pipeline_digest: digest,
      valid_from_ms: AT_MS,
      recorded_from_ms: AT_MS,
    });
    let offset = 0;
    const chunkIds = chunks.map((text, ordinal) => {
      const chunkId = idOf('chunk', `${versionId} ${ordinal}`);
      const own = overrides.chunks?.get(ordinal);
      this.#insert('chunk', {
        tenant_id: tenantId,
        id: chunkId,
        version_id: versionId,
        document_id: id,
        collection_id: collectionId,
        ordinal,
        acl_set_id: own ? this.aclSet(tenantId, overlay(policy, own)) : aclSet,
        kind: 'paragraph',
        heading_path: JSON.stringify([title]),
        start_offset: offset,
        end_offset: offset + text.length,
        text,
        token_count: Math.ceil(text.length / 4),
        language: 'cs',
      });
      offset += text.length;
      return chunkId;
    });
    return { id, versionId, chunkIds };
  }

  /** Done: the folder is ready for a server. */
  close(): string {
    this.#database.exec('COMMIT');
    this.#database.close();
    return this.folder;
  }

  #insert(table: string, row: Readonly<Record<string, string | number | null>>): void {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    this.#database.prepare(sql).run(...Object.values(row));
  }
}
