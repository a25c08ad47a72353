import { PERMISSIONS, ROLE_PERMISSIONS, ROLES, type Role } from '#core/index.ts';
import { Plant } from '../support/plant.ts';
import { setUpAdministrator, startTestServer } from '../support/running-server.ts';
import { Visitor, type Heard } from '../support/visitor.ts';
import { informative, judged, type Proof } from './proof.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly permission: string;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation that the running server says it has, with what it says it asks. */
function operationsOf(openApi: Record<string, unknown>): Operation[] {
  const paths = openApi['paths'] as Record<string, Record<string, { 'x-permission'?: string }>>;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { 'x-permission': permission = 'undeclared' }]) => ({
      method: method.toUpperCase(),
      path,
      permission,
    })),
  );
}

/** Whether the refusal is the route's own: the permission it names, or in dialects without details its status. */
function isRouteRefusal(heard: Heard): boolean {
  const details = heard.body['details'] as { permission?: string } | undefined;
  const isOurs = 'code' in heard.body && 'instance' in heard.body;
  return heard.status === 403 && (!isOurs || details?.permission !== undefined);
}

export const proof: Proof = {
  promise: 'every route lets in whom it declares, and nobody else',
  async run() {
    const plant = new Plant();
    const tenant = plant.tenant('jiny');
    const byRole = new Map<Role, string>(
      ROLES.map((role) => [role, plant.person(plant.tenantId, `role-${role}`, { roles: [role] }).key]),
    );
    // Who runs the installation may see every tenant's name: that role is not part of these.
    const roles = ROLES.filter((role) => role !== 'platform-administrator');
    const revoked = plant.person(plant.tenantId, 'revoked', { roles });
    const expired = plant.person(plant.tenantId, 'expired', { roles });
    const foreign = plant.person(tenant, 'foreign', { roles });
    const collectionId = plant.collection(plant.tenantId, 'smlouvy', [
      { effect: 'allow', subject: 'everyone', condition: undefined },
    ]);
    const where = { tenantId: plant.tenantId, collectionId };
    const document = plant.document(where, 'Kánonický text', ['Kanárek zpívá v kleci.']);
    const group = plant.group(plant.tenantId, 'skupina');
    await using running = await startTestServer({}, plant.close());
    const administrator = new Visitor(running.url, byRole.get('administrator'));
    await endAll(administrator, revoked.id, expired.id);
    const operations = operationsOf(await new Visitor(running.url).expect(200, 'GET', '/openapi.json'));
    const ids: Readonly<Record<string, string>> = {
      collectionId,
      documentId: document.id,
      versionId: document.versionId,
      chunkId: document.chunkIds[0]!,
      userId: revoked.id,
      groupId: group,
    };
    const fill = (path: string): string =>
      path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'none');
    const faults: string[] = [];
    let pairs = 0;
    const expect = (isRight: boolean, { method, path }: Operation, who: string, heard: Heard): void => {
      pairs += 1;
      if (!isRight) faults.push(`${who} at ${method} ${path}: ${heard.status}`);
    };
    const known = new Set<string>(['public', ...PERMISSIONS]);
    for (const operation of operations) {
      const { method, path, permission } = operation;
      if (!known.has(permission)) faults.push(`${method} ${path} declares "${permission}"`);
      // A body that no schema takes: what is let in is refused as input, and nothing is changed.
      const body = method === 'GET' ? undefined : { unexpected: true };
      const say = (visitor: Visitor): Promise<Heard> => visitor.say(method, fill(path), { body });
      const isPublic = permission === 'public';
      for (const role of ROLES) {
        const heard = await say(new Visitor(running.url, byRole.get(role)));
        const may = isPublic || ROLE_PERMISSIONS[role].some((given) => given === permission);
        const isIn = heard.status !== 401 && heard.status !== 500 && !isRouteRefusal(heard);
        expect(may ? isIn : isRouteRefusal(heard), operation, role, heard);
      }
      for (const [who, key] of [
        ['anonymous', undefined],
        ['a wrong key', `${revoked.key.slice(0, -1)}0`],
        ['a revoked key', revoked.key],
        ['a deactivated person', expired.key],
      ] as const) {
        const heard = await say(new Visitor(running.url, key));
        expect(isPublic ? heard.status !== 403 : heard.status === 401, operation, who, heard);
      }
      const heard = await say(new Visitor(running.url, foreign.key));
      const namesOurs = path.includes('{') && !isPublic && fill(path) !== path;
      const isHidden = heard.status >= 400 || !/Kanárek|role-|smlouvy|skupina/.test(heard.text);
      expect(isHidden && !(namesOurs && heard.text.includes('Kanárek')), operation, 'another tenant', heard);
      for (const other of METHODS.map((name) => name.toUpperCase())) {
        if (operations.some((one) => one.path === path && one.method === other)) continue;
        const undeclared = await administrator.say(other, fill(path), {});
        // The page answers every other address of GET with itself; an interface must not.
        const isPage = String(undeclared.headers['content-type']).startsWith('text/');
        expect(
          undeclared.status === 404 || undeclared.status === 405 || isPage,
          operation,
          other,
          undeclared,
        );
      }
    }
    const expiredSession = await endedSession(running);
    return {
      figures: [
        informative('operations that the server declares', operations.length),
        judged('pairs of route and caller', pairs, '≥ 12 for each route', pairs >= operations.length * 12),
        judged(
          'pairs that were not as declared',
          faults.length === 0 ? 0 : `${faults.length}: ${faults.slice(0, 8).join('; ')}`,
          '0',
          faults.length === 0,
        ),
        judged('an ended session is let in', expiredSession, '0 routes', expiredSession === 0),
      ],
    };
  },
};

async function endAll(administrator: Visitor, revokedId: string, expiredId: string): Promise<void> {
  const { keys } = await administrator.expect(200, 'GET', '/admin/v1/keys');
  for (const { id, ownerId } of keys as { id: string; ownerId: string }[])
    if (ownerId === revokedId) await administrator.expect(200, 'DELETE', `/admin/v1/keys/${id}`);
  await administrator.expect(200, 'PATCH', `/admin/v1/people/${expiredId}`, { isActive: false });
}

/** How many routes let in a browser whose session was ended. */
async function endedSession(running: Parameters<typeof setUpAdministrator>[0]): Promise<number> {
  await using fresh = await startTestServer();
  const browser = await setUpAdministrator(fresh);
  const { cookie, csrfToken } = browser;
  await browser.expect(200, 'DELETE', '/hradlo/v1/session');
  browser.cookie = cookie;
  browser.csrfToken = csrfToken;
  let letIn = 0;
  const operations = operationsOf(await new Visitor(running.url).expect(200, 'GET', '/openapi.json'));
  for (const { method, path, permission } of operations) {
    if (permission === 'public') continue;
    const heard = await browser.say(method, path.replaceAll(/\{\w+\}/g, 'none'), {});
    if (heard.status !== 401) letIn += 1;
  }
  return letIn;
}
