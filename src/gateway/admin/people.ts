import { z } from 'zod';
import { AppError, parseId, type GroupId, type Principal, type UserId } from '#core/index.ts';
import {
  GroupsResponse,
  InviteBody,
  InviteResponse,
  NewGroupBody,
  PeopleResponse,
  PersonChangeBody,
} from '#wire/admin/index.ts';
import { SessionsResponse } from '#wire/hradlo/index.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';

export interface PeopleRouteDeps {
  listPeople(principal: Principal): Promise<PeopleResponse['people']>;
  changePerson(principal: Principal, userId: UserId, change: PersonChangeBody): Promise<void>;
  invite(principal: Principal, body: InviteBody): Promise<z.infer<typeof InviteResponse>>;
  listSessions(principal: Principal, userId: UserId): Promise<SessionsResponse['sessions']>;
  /** Ends every session of a person. */
  endSessions(principal: Principal, userId: UserId): Promise<void>;
  listGroups(principal: Principal): Promise<GroupsResponse['groups']>;
  createGroup(principal: Principal, name: string): Promise<GroupId>;
  removeGroup(principal: Principal, id: GroupId): Promise<void>;
}

const DONE: Reply = { kind: 'json', body: { done: true } };
const ofPerson = z.object({ userId: z.string() });

/** An id from a path. @throws AppError request.not_found */
export function expectUserId(text: string): UserId {
  const id = parseId('user', text);
  if (id === undefined) throw new AppError('request.not_found', 'There is no such person.');
  return id;
}

/** People, their sessions, groups and invitations. */
export function peopleRoutes(deps: PeopleRouteDeps): Route[] {
  return [...personRoutes(deps), ...sessionsOfPersonRoutes(deps), ...groupRoutes(deps)];
}

function personRoutes(deps: PeopleRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/people',
      permission: 'people.read',
      summary: 'Everybody of the tenant.',
      response: PeopleResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        body: { people: await deps.listPeople(principal) },
      }),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/admin/v1/people/:userId',
      permission: 'people.manage',
      summary: 'Change roles, groups, attributes or name, or deactivate: it acts on the next request.',
      params: ofPerson,
      body: PersonChangeBody,
      async handle({ principal, params, body }) {
        await deps.changePerson(principal, expectUserId(params.userId), body);
        return DONE;
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/invitations',
      permission: 'people.manage',
      summary: 'Invite a person. The secret of the link is in this reply and nowhere else.',
      body: InviteBody,
      response: InviteResponse,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        status: 201,
        body: await deps.invite(principal, body),
      }),
    }),
  ];
}

function sessionsOfPersonRoutes(deps: PeopleRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/people/:userId/sessions',
      permission: 'people.manage',
      summary: 'Sessions of a person.',
      params: ofPerson,
      response: SessionsResponse,
      handle: async ({ principal, params }) => ({
        kind: 'json',
        body: { sessions: await deps.listSessions(principal, expectUserId(params.userId)) },
      }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/people/:userId/sessions',
      permission: 'people.manage',
      summary: 'End every session of a person.',
      params: ofPerson,
      async handle({ principal, params }) {
        await deps.endSessions(principal, expectUserId(params.userId));
        return DONE;
      },
    }),
  ];
}

function groupRoutes(deps: PeopleRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/admin/v1/groups',
      permission: 'people.read',
      summary: 'Groups of the tenant.',
      response: GroupsResponse,
      handle: async ({ principal }) => ({
        kind: 'json',
        body: { groups: await deps.listGroups(principal) },
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/admin/v1/groups',
      permission: 'people.manage',
      summary: 'Make a group.',
      body: NewGroupBody,
      handle: async ({ principal, body }) => ({
        kind: 'json',
        status: 201,
        body: { id: await deps.createGroup(principal, body.name) },
      }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/admin/v1/groups/:groupId',
      permission: 'people.manage',
      summary: 'Take a group away, with the grants that name it.',
      params: z.object({ groupId: z.string() }),
      async handle({ principal, params }) {
        const id = parseId('group', params.groupId);
        if (id === undefined) throw new AppError('request.not_found', 'There is no such group.');
        await deps.removeGroup(principal, id);
        return DONE;
      },
    }),
  ];
}
