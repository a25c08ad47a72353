import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endOrphans } from './end-orphans.ts';

const SCRIPT = '/opt/hradlo/src/rag/ingestion/parse/parse-child.ts';
const bwrap = ['/usr/bin/bwrap', '--unshare-all', '--', '/usr/bin/node', SCRIPT, ''];

test('only sandboxes of this installation that nobody owns are ended', () => {
  const ended: number[] = [];
  const processes = [
    { pid: 10, parent: 1, command: bwrap },
    { pid: 11, parent: 700, command: bwrap },
    { pid: 12, parent: 1, command: bwrap.with(4, '/elsewhere/parse-child.ts') },
    { pid: 13, parent: 1, command: ['/usr/bin/node', SCRIPT, ''] },
  ];
  const count = endOrphans(
    SCRIPT,
    () => processes,
    (pid) => ended.push(pid),
  );
  assert.deepEqual([count, ended], [1, [10]]);
});

test('one that cannot be ended stops nobody', () => {
  const refuse = () => {
    throw new Error('EPERM');
  };
  assert.equal(
    endOrphans(SCRIPT, () => [{ pid: 10, parent: 1, command: bwrap }], refuse),
    1,
  );
});

test('the processes of this machine are read', () => {
  assert.equal(endOrphans('/no/such/script.ts'), 0);
});
