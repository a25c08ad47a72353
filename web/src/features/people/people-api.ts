import { queryOptions } from '@tanstack/react-query';
import {
  GrantsResponse,
  GroupsResponse,
  PeopleResponse,
  ReachResponse,
  ReadersResponse,
} from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';

export type Person = PeopleResponse['people'][number];
export type Group = (typeof GroupsResponse)['_output']['groups'][number];
export type Grant = GrantsResponse['grants'][number];
export type Decision = Pick<(typeof ReadersResponse)['_output']['people'][number], 'allowed' | 'reasons'>;

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async ({ signal }) => (await sendJson(PeopleResponse, '/admin/v1/people', { signal })).people,
});

export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: async ({ signal }) => (await sendJson(GroupsResponse, '/admin/v1/groups', { signal })).groups,
});

const ofCollection = (id: string) => `/admin/v1/collections/${encodeURIComponent(id)}`;

/** The address of a collection's grants, or of one of them. */
export function grantsPath(collectionId: string, grantId?: number): string {
  return `${ofCollection(collectionId)}/grants${grantId === undefined ? '' : `/${grantId}`}`;
}

export function grantsQuery(collectionId: string) {
  return queryOptions({
    queryKey: ['grants', collectionId],
    queryFn: async ({ signal }) => {
      return (await sendJson(GrantsResponse, grantsPath(collectionId), { signal })).grants;
    },
  });
}

/** Everybody, with the decision whether they may read this collection. Asking is itself recorded. */
export function readersQuery(collectionId: string) {
  return queryOptions({
    queryKey: ['readers', collectionId],
    queryFn: async ({ signal }) => {
      return (await sendJson(ReadersResponse, `${ofCollection(collectionId)}/access`, { signal })).people;
    },
  });
}

/** What one person may read, decision by decision. Asking is itself recorded. */
export function reachQuery(userId: string) {
  return queryOptions({
    queryKey: ['reach', userId],
    queryFn: async ({ signal }) => {
      const path = `/admin/v1/people/${encodeURIComponent(userId)}/access`;
      return (await sendJson(ReachResponse, path, { signal })).targets;
    },
  });
}
