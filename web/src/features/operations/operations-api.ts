import { queryOptions } from '@tanstack/react-query';
import {
  AboutResponse,
  DoctorResponse,
  HardwareResponse,
  HealthResponse,
  SynonymsResponse,
  TenantsResponse,
} from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';

const REFRESH_MS = 10_000;

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => sendJson(HealthResponse, '/admin/v1/health', { signal }),
  refetchInterval: REFRESH_MS,
});

export const doctorQuery = queryOptions({
  queryKey: ['doctor'],
  queryFn: async ({ signal }) => (await sendJson(DoctorResponse, '/admin/v1/doctor', { signal })).findings,
});

export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: ({ signal }) => sendJson(AboutResponse, '/hradlo/v1/about', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const hardwareQuery = queryOptions({
  queryKey: ['hardware'],
  queryFn: ({ signal }) => sendJson(HardwareResponse, '/admin/v1/hardware', { signal }),
});

export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: async ({ signal }) => (await sendJson(TenantsResponse, '/admin/v1/tenants', { signal })).tenants,
});

export const synonymsQuery = queryOptions({
  queryKey: ['synonyms'],
  queryFn: ({ signal }) => sendJson(SynonymsResponse, '/admin/v1/synonyms', { signal }),
});
