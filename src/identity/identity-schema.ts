import type { Generated } from 'kysely';

/** Columns of the tables that this module owns or judges by, as the query builder sees them. */
export interface IdentitySchema {
  tenant: { id: string; name: string; created_at_ms: number };
  acl_set: {
    id: Generated<number>;
    tenant_id: string;
    digest: string;
    policy: string;
    created_at_ms: number;
  };
  collection: {
    id: string;
    tenant_id: string;
    name: string;
    title: string;
    acl_set_id: number;
    deleted_at_ms: number | null;
  };
  document: { id: string; tenant_id: string; collection_id: string; removed_at_ms: number | null };
  collection_grant: {
    id: Generated<number>;
    tenant_id: string;
    collection_id: string;
    effect: string;
    subject: string;
    condition: string | null;
    created_at_ms: number;
    created_by: string;
  };
  access_override: {
    tenant_id: string;
    target: string;
    target_id: string;
    document_id: string;
    override: string;
    updated_at_ms: number;
  };
  collection_owner: {
    tenant_id: string;
    collection_id: string;
    subject: string;
    created_at_ms: number;
    created_by: string;
  };
  access_review: {
    tenant_id: string;
    user_id: string;
    collection_id: string;
    target_id: string;
    verdict: string;
    note: string;
    reasons_digest: string;
    reviewed_at_ms: number;
    reviewed_by: string;
  };
  policy_generation: { tenant_id: string; generation: number };
  user_account: {
    id: string;
    tenant_id: string;
    kind: string;
    name: string;
    display_name: string;
    passphrase_hash: string | null;
    totp_secret: string | null;
    totp_last_step: Generated<number>;
    attributes: Generated<string>;
    created_at_ms: number;
    signed_in_at_ms: number | null;
    deactivated_at_ms: number | null;
  };
  user_role: { user_id: string; tenant_id: string; role: string; since_ms: number | null };
  user_group: { id: string; tenant_id: string; name: string; created_at_ms: number };
  user_group_member: { group_id: string; user_id: string; tenant_id: string; since_ms: number | null };
  user_passkey: {
    credential_id: string;
    tenant_id: string;
    user_id: string;
    name: string;
    public_key: string;
    algorithm: number;
    sign_count: number;
    created_at_ms: number;
    last_used_at_ms: number | null;
  };
  session: {
    id: string;
    tenant_id: string;
    user_id: string;
    token_hash: string;
    previous_token_hash: string | null;
    rotated_at_ms: number;
    address: string;
    agent: string;
    created_at_ms: number;
    last_seen_at_ms: number;
    expires_at_ms: number;
    ended_at_ms: number | null;
  };
  sign_in_failure: { key_hash: string; count: number; until_ms: number; last_ms: number };
  api_key: {
    id: string;
    tenant_id: string;
    user_id: string;
    name: string;
    secret_hash: string;
    scope: Generated<string>;
    addresses: Generated<string>;
    created_at_ms: number;
    expires_at_ms: number | null;
    last_used_at_ms: number | null;
    revoked_at_ms: number | null;
  };
  invitation: {
    token_hash: string;
    tenant_id: string;
    name: string;
    roles: string;
    groups: string;
    attributes: Generated<string>;
    created_at_ms: number;
    expires_at_ms: number;
    used_at_ms: number | null;
    withdrawn_at_ms: number | null;
  };
}
