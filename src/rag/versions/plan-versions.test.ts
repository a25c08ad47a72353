import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { makeId, type Digest, type VersionId } from '#core/index.ts';
import { digestOf } from '#platform/index.ts';
import {
  planVersion,
  planWithdrawal,
  type ArrivingVersion,
  type KnownVersion,
  type VersionChange,
} from './plan-versions.ts';

const PIPELINE = digestOf('pipeline');

interface Row extends KnownVersion {
  readonly recordedFromMs: number;
  recordedToMs: number;
}

/** What a database keeps of the plans, row by row. */
class History {
  readonly rows: Row[] = [];
  #count = 0;

  known(): Row[] {
    return this.rows.filter((row) => row.recordedToMs === Infinity);
  }
  #edition(): number {
    return Math.max(0, ...this.rows.map((row) => row.edition));
  }
  #newId(): VersionId {
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setUint32(0, ++this.#count);
    return makeId('version', bytes);
  }
  #apply(change: VersionChange, nowMs: number): void {
    const before = new Map(this.rows.map((row) => [row.id, row]));
    for (const id of change.ended) before.get(id)!.recordedToMs = nowMs;
    for (const { id, validToMs } of change.restated) {
      const again = { ...before.get(id)!, id: this.#newId(), validToMs };
      this.rows.push({ ...again, recordedFromMs: nowMs, recordedToMs: Infinity });
    }
  }
  arrive(arriving: ArrivingVersion, nowMs: number): void {
    const plan = planVersion(this.known(), arriving, { nowMs, lastEdition: this.#edition() });
    if (plan === undefined) return;
    this.#apply(plan, nowMs);
    const { validFromMs, validToMs, edition } = plan;
    const row = { ...arriving, id: this.#newId(), edition, validFromMs, validToMs };
    this.rows.push({ ...row, recordedFromMs: nowMs, recordedToMs: Infinity });
  }
  withdraw(origin: string, nowMs: number): void {
    this.#apply(
      planWithdrawal(this.known(), (version) => version.origin === origin),
      nowMs,
    );
  }
  at(validAtMs: number, recordedAtMs: number): string[] {
    return this.rows
      .filter((row) => row.recordedFromMs <= recordedAtMs && recordedAtMs < row.recordedToMs)
      .filter((row) => row.validFromMs <= validAtMs && validAtMs < (row.validToMs ?? Infinity))
      .map((row) => row.blobDigest);
  }
}

function arriving(text: string, from: number | undefined, more: Partial<ArrivingVersion> = {}) {
  return {
    blobDigest: digestOf(text),
    pipelineDigest: PIPELINE,
    details: '',
    origin: `file of ${text}`,
    validFromMs: from,
    statedToMs: undefined,
    ...more,
  };
}

test('a newer version ends the older one, and what was known before stays known', () => {
  const history = new History();
  history.arrive(arriving('old', 10), 100);
  history.arrive(arriving('new', 50), 200);
  assert.deepEqual(history.at(20, 300), [digestOf('old')]);
  assert.deepEqual(history.at(60, 300), [digestOf('new')]);
  assert.deepEqual(history.at(60, 150), [digestOf('old')]);
});

test('an older version that arrives late takes its place between its neighbours', () => {
  const history = new History();
  history.arrive(arriving('2024', 2024), 1);
  history.arrive(arriving('2026', 2026), 2);
  history.arrive(arriving('2025', 2025), 3);
  assert.deepEqual(
    [2024, 2025, 2026].map((year) => history.at(year, 9)[0]),
    [digestOf('2024'), digestOf('2025'), digestOf('2026')],
  );
  assert.deepEqual(history.at(2025, 2), [digestOf('2024')]);
});

test('the same bytes from the same file say nothing new, and keep the day they came', () => {
  const history = new History();
  history.arrive(arriving('text', undefined), 100);
  history.arrive(arriving('text', undefined), 200);
  assert.equal(history.rows.length, 1);
  assert.equal(history.rows[0]!.validFromMs, 100);
});

test('a corrected day moves the version instead of adding one', () => {
  const history = new History();
  history.arrive(arriving('text', undefined), 100);
  history.arrive(arriving('text', 20), 200);
  assert.deepEqual(history.at(50, 300), [digestOf('text')]);
  assert.deepEqual(history.at(50, 150), []);
  assert.equal(history.known().length, 1);
});

test('a text that only gets another title keeps its chunks', () => {
  const history = new History();
  history.arrive(arriving('text', 10), 100);
  const plan = planVersion(history.known(), arriving('text', 10, { details: 'a title' }), {
    nowMs: 200,
    lastEdition: 1,
  });
  assert.equal(plan?.sameChunksAs, history.rows[0]!.id);
});

test('when a file is gone, the version before it holds on', () => {
  const history = new History();
  history.arrive(arriving('old', 10), 100);
  history.arrive(arriving('new', 50), 200);
  history.withdraw('file of new', 300);
  assert.deepEqual(history.at(60, 400), [digestOf('old')]);
  assert.deepEqual(history.at(60, 250), [digestOf('new')]);
  history.withdraw('file of old', 500);
  assert.deepEqual(history.at(60, 600), []);
  assert.deepEqual(history.at(60, 450), [digestOf('old')]);
});

test('a text that comes back after another one is a new version', () => {
  const history = new History();
  history.arrive(arriving('a', undefined, { origin: 'file' }), 100);
  history.arrive(arriving('b', undefined, { origin: 'file' }), 200);
  history.arrive(arriving('a', undefined, { origin: 'file' }), 300);
  assert.deepEqual(
    [150, 250, 350].map((day) => history.at(day, 400)[0]),
    [digestOf('a'), digestOf('b'), digestOf('a')],
  );
  assert.deepEqual(
    history
      .known()
      .map((row) => row.edition)
      .toSorted((a, b) => a - b),
    [1, 2, 3],
  );
});

interface Fact {
  readonly edition: number;
  readonly blob: Digest;
  readonly origin: string;
  readonly fromMs: number;
  readonly toMs: number;
}
const act = fc.record({
  text: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  origin: fc.constantFrom('one', 'two', 'three'),
  fromMs: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
  lengthMs: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  kind: fc.constantFrom('arrive', 'arrive', 'arrive', 'withdraw'),
});
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

/** What is known after some acts, told plainly: a list of facts, one for each day on which one begins. */
function factsAfter(acts: readonly Act[]): Fact[] {
  let facts: Fact[] = [];
  let count = 0;
  for (const [nowMs, { kind, text, origin, ...given }] of acts.entries()) {
    if (kind === 'withdraw') {
      facts = facts.filter((fact) => fact.origin !== origin);
      continue;
    }
    const blob = digestOf(text);
    const last = facts.filter((fact) => fact.origin === origin).toSorted((a, b) => b.edition - a.edition)[0];
    const same = last?.blob === blob ? last : undefined;
    const fromMs = given.fromMs ?? same?.fromMs ?? nowMs;
    const ofDay = facts.find((fact) => fact.fromMs === fromMs);
    // A day that is stated anew moves the text only if nothing stands there. A file without a date that arrives on
    // the day of another one takes its place, as a text of its own.
    const replaced = given.fromMs === undefined ? same : (ofDay ?? same);
    const edition = replaced?.blob === blob ? replaced.edition : (count += 1);
    facts = facts.filter((fact) => fact !== replaced && fact.fromMs !== fromMs);
    facts.push({ blob, origin, edition, fromMs, toMs: fromMs + (given.lengthMs ?? Infinity) });
  }
  return facts;
}

function answerOf(facts: readonly Fact[], validAtMs: number): string[] {
  const last = facts.filter((fact) => fact.fromMs <= validAtMs).toSorted((a, b) => b.fromMs - a.fromMs)[0];
  return last !== undefined && validAtMs < last.toMs ? [last.blob] : [];
}

test('every question about a day, as known on a day, is answered as by replaying what had arrived', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 9 }), (acts) => {
      const history = new History();
      for (const [nowMs, { kind, text, origin, fromMs, lengthMs }] of acts.entries()) {
        if (kind === 'withdraw') {
          history.withdraw(origin, nowMs);
          continue;
        }
        const ofFile = history.known().filter((row) => row.origin === origin);
        const last = ofFile.toSorted((a, b) => b.edition - a.edition)[0];
        const same = last?.blobDigest === digestOf(text) ? last : undefined;
        const startMs = fromMs ?? same?.validFromMs ?? nowMs;
        const statedToMs = lengthMs === undefined ? undefined : startMs + lengthMs;
        history.arrive(arriving(text, fromMs, { origin, statedToMs }), nowMs);
      }
      for (let recordedAtMs = 0; recordedAtMs < acts.length; recordedAtMs++) {
        const facts = factsAfter(acts.slice(0, recordedAtMs + 1));
        for (let validAtMs = 0; validAtMs < 20; validAtMs++) {
          assert.deepEqual(history.at(validAtMs, recordedAtMs), answerOf(facts, validAtMs));
        }
      }
    }),
    { numRuns: 500 },
  );
});
