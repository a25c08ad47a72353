// Identity: who asks and what they may read: people, groups, keys, sessions, grants, and the one decision.
// Owns: tables user_*, session, api_key, invitation, collection_grant, policy_generation.
// Never: logs a credential, keeps one in the clear, or reads a text.
// Bound by: ADR 10 (access filter as proof).
export {
  AccessFilters,
  type AccessRequest,
  type PolicySnapshot,
  type PolicySource,
} from './access/access-filters.ts';
export { AccessStore, type AccessSchema } from './access/access-store.ts';
export { holds, type Condition, type DecisionContext } from './access/condition.ts';
export { decide, type Decision, type JudgedPolicy, type Reason } from './access/decide.ts';
export {
  basePolicy,
  canonicalPolicy,
  encodePolicy,
  overlay,
  policyDigest,
  type AclPolicy,
  type Entry,
  type Override,
} from './access/policy.ts';
export { conditionSchema, entrySchema, overrideSchema, parsePolicy } from './access/policy-schema.ts';
export { isSubject, subjectOf, subjectsOf, type Subject } from './access/subject.ts';
