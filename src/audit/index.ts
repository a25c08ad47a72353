// Audit: what happened, as append-only hash chains, one per writer.
// Owns: the table audit_event; the key that signs checkpoints.
// Never: updates or deletes an event; holds a text.
// Bound by: ADR 11 (record before answer).
export { ChainReader } from './chain-reader-store.ts';
export { createChainEvents } from './chain-store.ts';
export { Checkpointer } from './checkpointer.ts';
export { EventFinder, type EventFilter, type EventTime, type FoundEvents } from './event-finder-store.ts';
export { CheckpointSigner, makeSigningKey } from './signing-key.ts';
export { verifyChains, type Verification } from './verify.ts';
