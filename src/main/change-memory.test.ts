import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal, Role } from '#core/index.ts';
import { TEST_TENANT } from '#test/database.ts';
import { changeMemory } from './change-memory.ts';

function makePrincipal(role: Role, models?: readonly string[]): Principal {
  return {
    tenantId: TEST_TENANT,
    issuer: 'hradlo',
    subject: 'somebody',
    groups: [],
    roles: [role],
    attributes: new Map(),
    authentication: models === undefined ? { kind: 'session' } : { kind: 'api-key', scope: { models } },
  } as unknown as Principal;
}

/** Who may ask `small` and `hradlo`; `away` is unloaded. */
function makeMemory(principal: Principal) {
  const done: string[] = [];
  const note = (action: string) => async (_: Principal, name: string) => void done.push(`${action} ${name}`);
  const deps = {
    library: { unloadedBehind: (name: string) => (name === 'away' ? 'away' : undefined) },
    changeModels: { load: note('load'), unload: note('unload') },
    listNames: async () => ['hradlo', 'small'],
  };
  return {
    done,
    change: (action: 'load' | 'unload', model: string) => changeMemory(deps, principal, { action, model }),
  };
}

test('whoever manages models loads and unloads them', async () => {
  const { done, change } = makeMemory(makePrincipal('administrator'));
  await change('unload', 'small');
  await change('load', 'away');
  assert.deepEqual(done, ['unload small', 'load away']);
});

test('others may ask for what is loaded, and are told what they may not', async () => {
  const { done, change } = makeMemory(makePrincipal('user'));
  await change('load', 'small');
  await assert.rejects(change('unload', 'small'), { code: 'auth.forbidden' });
  await assert.rejects(change('load', 'away'), { code: 'engine.unavailable' });
  await assert.rejects(change('load', 'nothing'), { code: 'model.not_found' });
  assert.deepEqual(done, []);
});

test('a key that is held to other models learns nothing of this one', async () => {
  const { done, change } = makeMemory(makePrincipal('administrator', ['hradlo']));
  await assert.rejects(change('unload', 'small'), { code: 'model.not_found' });
  await assert.rejects(change('load', 'away'), { code: 'model.not_found' });
  assert.deepEqual(done, []);
});
