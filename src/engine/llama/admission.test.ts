import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Admission } from './admission.ts';

const IDLE = { tenant: 'a', streams: 4, running: 0, queued: 0, ownQueued: 0, tenantsQueued: 0 };
const FULL = { ...IDLE, running: 4 };

/** Answers of 400 ms on 4 streams: ten a second can be served. */
function runFor(admission: Admission, seconds: number, askedPerSecond: number): void {
  for (let ms = 0; ms < seconds * 1000; ms++) {
    if (ms % 100 === 0) admission.ended(400, ms);
    if (ms % Math.round(1000 / askedPerSecond) === 0) admission.judge(FULL, ms);
  }
}

test('before anything is known everybody may wait', () => {
  const admission = new Admission(30_000);
  for (let queued = 0; queued < 100; queued++)
    assert.ok(admission.judge({ ...FULL, queued, ownQueued: queued, tenantsQueued: 1 }, 0).isAdmitted);
});

test('who asks again only when answered may wait, up to the limit', () => {
  const admission = new Admission(5_000);
  runFor(admission, 10, 10);
  const waiting = (queued: number) => ({ ...FULL, queued, ownQueued: queued, tenantsQueued: 1 });
  assert.deepEqual(admission.judge(waiting(20), 10_000), { isAdmitted: true, waitMs: 2_100 });
  assert.equal(admission.judge(waiting(60), 10_000).isAdmitted, false);
});

test('when more is asked than can be served the greedy are refused and the modest are let in', () => {
  const admission = new Admission(30_000);
  runFor(admission, 10, 40);
  const crowd = { ...FULL, queued: 3, tenantsQueued: 1 };
  assert.equal(admission.judge({ ...crowd, ownQueued: 3 }, 10_000).isAdmitted, false);
  assert.equal(admission.judge({ ...crowd, ownQueued: 0 }, 10_000).isAdmitted, true);
  for (let second = 1; second < 5; second++) {
    const modest = { ...crowd, tenant: 'b', ownQueued: 2, tenantsQueued: 2 };
    assert.equal(admission.judge(modest, 10_000).isAdmitted, true);
  }
  assert.equal(admission.judge(IDLE, 10_000).isAdmitted, true);
});

test('when the crowd has gone everybody may wait again', () => {
  const admission = new Admission(30_000);
  runFor(admission, 10, 40);
  const crowd = { ...FULL, queued: 3, ownQueued: 3, tenantsQueued: 1 };
  for (let ms = 10_000; ms < 20_000; ms += 100) admission.ended(400, ms);
  assert.equal(admission.judge(crowd, 20_000).isAdmitted, true);
});

test('where answers take long, a crowd is seen as such although few of them end', () => {
  const admission = new Admission(600_000);
  // Answers of 20 s on 4 streams: one every 5 s can be served, and four times as many are asked for.
  for (let ms = 0; ms < 300_000; ms += 1_250) {
    if (ms % 5_000 === 0) admission.ended(20_000, ms);
    admission.judge(FULL, ms);
  }
  const crowd = { ...FULL, queued: 3, ownQueued: 3, tenantsQueued: 1 };
  assert.equal(admission.judge(crowd, 300_000).isAdmitted, false);
});
