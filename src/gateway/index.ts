// Gateway: HTTP: routes, their permissions, the mapping of errors, streams.
// Owns: the route table and the listening servers.
// Never: a decision about the business; a `try` in a route.
// Bound by: ADR 4 (Fastify in the gateway), ADR 5 (zod at the edges), ADR 9 (error model).
export { auditRoutes, type AuditDeps } from './admin/audit.ts';
export { erasureRoutes } from './admin/erasure.ts';
export { healthRoutes, type HealthDeps } from './admin/health.ts';
export { installationRoutes } from './admin/installation.ts';
export { jobsRoutes, type JobDocument } from './admin/jobs.ts';
export { noteRoutes } from './admin/notes.ts';
export { limitsRoutes, type LimitsRouteDeps } from './admin/limits.ts';
export { serviceRoutes, type ServiceRouteDeps } from './admin/services.ts';
export { peopleRoutes, type PeopleRouteDeps } from './admin/people.ts';
export { managedCollectionsRoutes, type ManagedCollectionsDeps } from './admin/collections.ts';
export { reviewRoutes, type ReviewRouteDeps } from './admin/review.ts';
export { synonymRoutes, type SynonymRouteDeps } from './admin/synonyms.ts';
export { snapshotRoutes, type SnapshotRouteDeps } from './admin/snapshots.ts';
export { rightsRoutes, type RightsRouteDeps } from './admin/rights.ts';
export { answers, escalation, feedback } from './hradlo/answers.ts';
export { runningRoutes, type RunningDeps } from './hradlo/running.ts';
export { tenantsRoutes, type TenantsRouteDeps } from './admin/tenants.ts';
export { certificateRoutes, type CertificateDeps } from './hradlo/certificates.ts';
export { conversationRoutes } from './hradlo/conversations.ts';
export { documentsRoutes, type DocumentsDeps } from './hradlo/documents.ts';
export { sourcesRoutes, type SourcesDeps } from './hradlo/sources.ts';
export { evidenceRoutes, type EvidenceDeps } from './hradlo/evidence.ts';
export { retrieveRoutes, type RetrieveRouteDeps } from './hradlo/retrieve.ts';
export { keyRoutes, type KeysDeps } from './hradlo/keys.ts';
export { passkeyRoutes, type PasskeyRouteDeps } from './hradlo/passkeys.ts';
export { sessionRoutes, type Begun, type SessionDeps } from './hradlo/session.ts';
export { ollamaRoutes, type OllamaDeps } from './ollama/routes.ts';
export { chatCompletions } from './openai/chat-completions.ts';
export { encoderRoutes } from './openai/encoders.ts';
export { models } from './openai/models.ts';
export { operationsRoutes } from './operations.ts';
export { pageRoutes } from './page.ts';
export type { Route, RoutePermission } from './route.ts';
export { writeSessionCookie, type CookieSettings } from './security/cookie.ts';
export { addressOf, isSafeMethod, readCredentials, type Credentials } from './security/credentials.ts';
export {
  createGateway,
  swapCertificate,
  type Caller,
  type GatewayDeps,
  type GatewayLimits,
} from './server.ts';
export { modelRoutes, type ModelRouteDeps } from './admin/models.ts';
