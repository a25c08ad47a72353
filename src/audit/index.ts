// Audit: what happened, as append-only hash chains, one per writer.
// Owns: the table audit_event.
// Never: updates or deletes an event; holds a text.
// Bound by: ADR 11 (record before answer).
export { createChainEvents } from './chain-store.ts';
