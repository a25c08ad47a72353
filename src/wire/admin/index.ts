// Wire of administration: what /admin/v1 takes and gives.
export { BackupResponse, HealthResponse } from './backup.ts';
export { ErasureRequest, ErasureResponse } from './erasure.ts';
export { JobResponse, JobsQuery, JobsResponse } from './jobs.ts';
export { LimitBody, LimitsResponse, OwnLimitsResponse, PriceBody } from './limits.ts';
export {
  GroupsResponse,
  InviteBody,
  InviteResponse,
  NewGroupBody,
  PeopleResponse,
  PersonChangeBody,
} from './people.ts';
export { GrantBody, GrantsResponse, OverrideBody, ReachResponse, ReadersResponse } from './rights.ts';
export {
  BreakGlassBody,
  NewCollectionBody,
  NewTenantBody,
  NewTenantResponse,
  TenantsResponse,
} from './tenants.ts';
export {
  AcquireModelRequest,
  AcquireModelResponse,
  AddEngineRequest,
  DoneResponse,
  ModelsResponse,
  SetAliasRequest,
  UseModelRequest,
  UseModelResponse,
} from './models.ts';
