import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Job, JobHandler, JobRun, NewJob } from '#contracts/index.ts';
import { AppError } from '#core/index.ts';
import { openTestDatabase, TEST_TENANT } from '#test/database.ts';
import { queryBuilder } from '../database/open.ts';
import { randomId } from '../ids.ts';
import { backOffMs } from './back-off.ts';
import { TableJobQueue } from './job-queue.ts';
import { JobRunner } from './job-runner.ts';
import type { JobSchema } from './job-schema.ts';
import { JobStore } from './job-store.ts';

const KIND = 'document.ingest';
const silent = { error() {}, warn() {}, info() {}, debug() {} };

function makeJobs() {
  const { database, writer } = openTestDatabase();
  const clock = { now: 1_000_000, nowMs: () => clock.now, monotonicMs: () => clock.now };
  const store = new JobStore(queryBuilder<JobSchema>(database));
  const queue = new TableJobQueue(store, writer, clock);
  let leases = 0;
  const deps = {
    store,
    writer,
    clock,
    logger: silent,
    random: () => 0.5,
    newLease: () => `lease-${++leases}`,
  };
  return {
    database,
    writer,
    clock,
    store,
    queue,
    makeRunner(handler: Omit<JobHandler, 'kind'>, context?: TestContext) {
      const runner = new JobRunner(deps, [{ kind: KIND, ...handler }]);
      queue.listen(() => runner.wake());
      context?.after(() => runner[Symbol.asyncDispose]());
      return runner;
    },
    async enqueue(more: Partial<NewJob> = {}) {
      const id = randomId('job');
      const requestedBy = { issuer: 'local', subject: 'eva' };
      const job = { id, tenantId: TEST_TENANT, kind: KIND, payload: { name: 'a.md' }, requestedBy, ...more };
      const { changes } = await writer.write({ statements: [queue.enqueue(job)], audit: [] });
      queue.wake();
      return { id, wasQueued: changes[0] === 1 };
    },
    async find(id: Job['id']): Promise<Job> {
      return (await queue.find(TEST_TENANT, id))!;
    },
    /** Waits until a job is in a state; the event loop turns, no time passes. */
    async until(id: Job['id'], state: Job['state'], failures = 0): Promise<Job> {
      for (let turn = 0; turn < 10_000; turn++) {
        const job = await this.find(id);
        if (job.state === state && job.failures >= failures) return job;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return assert.fail(`the job is ${(await this.find(id)).state}, not ${state}`);
    },
  };
}

/** A handler that waits until it is told to go on, or is aborted. */
function heldHandler() {
  const begun = Promise.withResolvers<JobRun>();
  const goOn = Promise.withResolvers<void>();
  const run = (given: JobRun) => {
    begun.resolve(given);
    const { promise, reject } = Promise.withResolvers<never>();
    given.signal.addEventListener('abort', () => reject(given.signal.reason));
    return Promise.race([goOn.promise, promise]);
  };
  return { run, begun: begun.promise, goOn: () => goOn.resolve() };
}

test('a job is run once and is done', async (context) => {
  const jobs = makeJobs();
  const payloads: unknown[] = [];
  await jobs.makeRunner({ run: async ({ job }) => void payloads.push(job.payload) }, context).start();
  const { id } = await jobs.enqueue();
  await jobs.until(id, 'done');
  assert.deepEqual(payloads, [{ name: 'a.md' }]);
});

test('the last part of the work and the end of the job are one unit', async (context) => {
  const jobs = makeJobs();
  const handler = {
    run: async (run: JobRun) => {
      const statement = { sql: 'INSERT INTO setting VALUES (?, ?, 0)', parameters: ['made', 'yes'] };
      await run.finish({ statements: [statement], audit: [] });
    },
  };
  await jobs.makeRunner(handler, context).start();
  const { id } = await jobs.enqueue();
  await jobs.until(id, 'done');
  assert.equal(jobs.database.prepare('SELECT value FROM setting').get()?.['value'], 'yes');
});

test('a run that failed is tried again after a pause, and three failures poison it with the reason', async (context) => {
  const jobs = makeJobs();
  const given: string[] = [];
  const runner = jobs.makeRunner(
    {
      run: async () => {
        throw new AppError('engine.unavailable', 'No engine is there.');
      },
      onPoisoned: (job, reason) => {
        given.push(`${job.id} ${reason.code}`);
        return { statements: [], audit: [] };
      },
    },
    context,
  );
  await runner.start();
  const { id } = await jobs.enqueue();
  const first = await jobs.until(id, 'queued', 1);
  assert.equal(first.runAfterMs, jobs.clock.now + 750);
  jobs.clock.now += 750;
  runner.wake();
  await jobs.until(id, 'queued', 2);
  jobs.clock.now += 10_000;
  runner.wake();
  const poisoned = await jobs.until(id, 'poisoned', 3);
  assert.deepEqual(poisoned.reason, { code: 'engine.unavailable', message: 'No engine is there.' });
  assert.deepEqual(given, [`${id} engine.unavailable`]);
  assert.equal(
    jobs.database.prepare("SELECT count(*) AS n FROM audit_event WHERE kind = 'job.poisoned'").get()?.['n'],
    1,
  );
  assert.ok(await jobs.queue.retry(TEST_TENANT, id, []));
  assert.equal((await jobs.until(id, 'queued', 1)).failures, 1);
});

test('input that is refused is not tried again', async (context) => {
  const jobs = makeJobs();
  const handler = {
    run: async () => {
      throw new AppError('input.too_large', 'This file is too large.');
    },
  };
  await jobs.makeRunner(handler, context).start();
  const { id } = await jobs.enqueue();
  assert.equal((await jobs.until(id, 'poisoned')).failures, 1);
});

test('a bug is not told to people: the reason says where to look', async (context) => {
  const jobs = makeJobs();
  const handler = {
    run: async () => {
      throw new TypeError('secret text of a document');
    },
  };
  await jobs.makeRunner(handler, context).start();
  const { id } = await jobs.enqueue();
  const job = await jobs.until(id, 'queued', 1);
  assert.equal(job.reason?.code, 'internal');
  assert.doesNotMatch(job.reason.message, /secret/);
});

test('what a killed process left running is resumed by the next, and its old run can write no more', async (context) => {
  const jobs = makeJobs();
  const held = heldHandler();
  await jobs.makeRunner({ run: held.run }).start();
  const { id } = await jobs.enqueue();
  const oldRun = await held.begun;
  let runs = 0;
  await jobs.makeRunner({ run: async () => void runs++ }, context).start();
  const job = await jobs.until(id, 'done');
  assert.equal(runs, 1);
  assert.equal(job.interruptions, 1);
  assert.equal(job.failures, 0);
  await assert.rejects(oldRun.finish({ statements: [], audit: [] }), { code: 'conflict.state' });
});

test('a job during which the process ends twenty times is poisoned', async (context) => {
  const jobs = makeJobs();
  const { id } = await jobs.enqueue();
  for (let round = 0; round < 20; round++) {
    const held = heldHandler();
    const runner = jobs.makeRunner({ run: held.run });
    await runner.start();
    jobs.clock.now += 30_000;
    runner.wake();
    await held.begun;
  }
  const last = jobs.makeRunner({ run: async () => assert.fail('was run') }, context);
  await last.start();
  jobs.clock.now += 30_000;
  last.wake();
  assert.equal((await jobs.until(id, 'poisoned')).reason?.code, 'job.interrupted');
});

test('a job that was interrupted often waits before it runs again', async () => {
  const { enqueue, find, store, writer, clock } = makeJobs();
  const { id } = await enqueue();
  const waits: number[] = [];
  for (let round = 0; round < 11; round++) {
    const statements = [
      store.claim([KIND], `lease-${round}`, clock.now, 60_000),
      store.reclaim({ all: true, nowMs: clock.now }),
    ];
    await writer.write({ statements, audit: [] });
    const wait = Math.max(0, (await find(id)).runAfterMs - clock.now);
    waits.push(wait);
    clock.now += wait;
  }
  assert.deepEqual(waits, [0, 0, 0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

test('stopping the server gives the job back without counting it', async () => {
  const jobs = makeJobs();
  const held = heldHandler();
  const runner = jobs.makeRunner({ run: held.run });
  await runner.start();
  const { id } = await jobs.enqueue();
  await held.begun;
  await runner[Symbol.asyncDispose]();
  const job = await jobs.find(id);
  assert.deepEqual([job.state, job.failures, job.interruptions], ['queued', 0, 0]);
});

test('cancelling and pausing stop a running job; a paused one goes on when it is resumed', async (context) => {
  const jobs = makeJobs();
  const first = heldHandler();
  const second = heldHandler();
  const runs = [first.run, second.run, async () => undefined];
  await jobs.makeRunner({ run: (run) => runs.shift()!(run) }, context).start();
  const cancelled = await jobs.enqueue();
  await first.begun;
  assert.ok(await jobs.queue.cancel(TEST_TENANT, cancelled.id, []));
  await jobs.until(cancelled.id, 'cancelled');
  const paused = await jobs.enqueue();
  await second.begun;
  assert.ok(await jobs.queue.pause(TEST_TENANT, paused.id, []));
  await jobs.until(paused.id, 'paused');
  assert.ok(await jobs.queue.resume(TEST_TENANT, paused.id, []));
  await jobs.until(paused.id, 'done');
  assert.ok(!(await jobs.queue.cancel(TEST_TENANT, paused.id, [])), 'a done job cannot be cancelled');
});

test('while a job with the same key is unfinished, another is not queued', async (context) => {
  const jobs = makeJobs();
  const first = await jobs.enqueue({ dedupeKey: 'a.md' });
  assert.ok(!(await jobs.enqueue({ dedupeKey: 'a.md' })).wasQueued);
  assert.ok((await jobs.enqueue({ dedupeKey: 'b.md' })).wasQueued);
  await jobs.makeRunner({ run: async () => undefined }, context).start();
  await jobs.until(first.id, 'done');
  assert.ok((await jobs.enqueue({ dedupeKey: 'a.md' })).wasQueued);
});

test('higher priorities run first', async (context) => {
  const jobs = makeJobs();
  const order: unknown[] = [];
  await jobs.enqueue({ payload: 'low' });
  const last = await jobs.enqueue({ payload: 'lowest', priority: -1 });
  await jobs.enqueue({ payload: 'high', priority: 5 });
  await jobs.makeRunner({ run: async ({ job }) => void order.push(job.payload) }, context).start();
  await jobs.until(last.id, 'done');
  assert.deepEqual(order, ['high', 'low', 'lowest']);
});

test('progress of each stage is kept with the job', async (context) => {
  const jobs = makeJobs();
  const run = async (given: JobRun) => {
    given.progress('parse', 3, 3);
    given.progress('embed', 1, 20);
  };
  await jobs.makeRunner({ run }, context).start();
  const { id } = await jobs.enqueue();
  const job = await jobs.until(id, 'done');
  assert.deepEqual(job.progress, { parse: { done: 3, total: 3 }, embed: { done: 1, total: 20 } });
});

test('pauses double up to five minutes, and half of each is random', () => {
  assert.equal(backOffMs(1, 0), 500);
  assert.equal(backOffMs(1, 1), 1000);
  assert.equal(backOffMs(3, 1), 4000);
  assert.equal(backOffMs(40, 1), 300_000);
});
