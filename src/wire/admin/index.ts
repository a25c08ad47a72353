// Wire of administration: what /admin/v1 takes and gives.
export { AuditEventsQuery, AuditEventsResponse, AuditVerifyResponse } from './audit.ts';
export { BackupResponse, HealthResponse } from './backup.ts';
export {
  DocumentErasureRequest,
  DocumentErasureResponse,
  ErasureRequest,
  ErasureResponse,
} from './erasure.ts';
export { AboutResponse, DoctorResponse, HardwareResponse } from './installation.ts';
export { JobResponse, JobsQuery, JobsResponse } from './jobs.ts';
export {
  LimitBody,
  LimitsResponse,
  LimitUseResponse,
  OwnLimitsResponse,
  PriceBody,
  PricesResponse,
} from './limits.ts';
export { NotesQuery, NotesResponse, SettleNoteBody } from './notes.ts';
export {
  GroupsResponse,
  InviteBody,
  InviteResponse,
  NewGroupBody,
  NewServiceBody,
  NewServiceResponse,
  PeopleResponse,
  PersonChangeBody,
} from './people.ts';
export {
  ExceptionsResponse,
  ExplainQuery,
  GrantBody,
  GrantsResponse,
  ManagedCollectionsResponse,
  OverrideBody,
  OwnerBody,
  OwnersResponse,
  ReachResponse,
  ReadersResponse,
} from './rights.ts';
export {
  REVIEW_CSV_HEAD,
  ReviewExportQuery,
  ReviewMarksBody,
  ReviewMarksResponse,
  ReviewPlace,
  ReviewQuery,
  ReviewResponse,
  toReviewCsv,
  type ReviewRowBody,
} from './review.ts';
export { SynonymsBody, SynonymsResponse } from './synonyms.ts';
export { SnapshotRequest, SnapshotResponse, SnapshotsResponse } from './snapshots.ts';
export {
  BreakGlassBody,
  NewCollectionBody,
  NewTenantBody,
  NewTenantResponse,
  TenantChangeBody,
  TenantsResponse,
} from './tenants.ts';
export {
  AcquireModelRequest,
  AcquireModelResponse,
  AddEngineRequest,
  DoneResponse,
  ModelOfferLookResponse,
  ModelOfferResponse,
  ModelResponse,
  ModelsResponse,
  SetAliasRequest,
  UseModelRequest,
  UseModelResponse,
} from './models.ts';
