import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '#core/index.ts';
import { Places, type EnginePlace } from './places.ts';

function makePlaces(over: { maxQueued?: number; maxWaitMs?: number } = {}) {
  const clock = { nowMs: 0 };
  const places = new Places({ streams: 2, maxQueued: 4, maxWaitMs: 30_000, ...over }, () => clock.nowMs);
  return { places, clock };
}

test('as many as run and wait get a place, the next hears at once that there is none', () => {
  const { places } = makePlaces();
  for (let index = 0; index < 6; index++) places.take('a');
  assert.throws(
    () => places.take('b'),
    (error) => isAppError(error, 'engine.overloaded') && error.retryAfterSeconds === 1,
  );
});

test('a place that is given back is free, also when it is given back twice', () => {
  const { places } = makePlaces({ maxQueued: 0 });
  places.take('a');
  const place = places.take('a');
  place[Symbol.dispose]();
  place[Symbol.dispose]();
  places.take('b');
  assert.throws(() => places.take('b'));
});

test('how long the wait would be is told from what answers took', () => {
  const { places } = makePlaces({ maxWaitMs: 5_000 });
  places.take('a').end(4_000);
  const running = [places.take('a'), places.take('a')];
  for (const place of running) place.begin();
  // Two streams of 4 s each: a turn every 2 s.
  places.take('a');
  places.take('a');
  assert.throws(
    () => places.take('a'),
    (error) => isAppError(error, 'engine.overloaded') && error.retryAfterSeconds === 6,
  );
  assert.ok(places.take('b'), 'the turn of another tenant comes before the third of the first');
});

test('a stream that stands free is nobody’s to be refused', () => {
  const { places, clock } = makePlaces();
  const open: EnginePlace[] = [];
  for (let round = 0; round < 200; round++) {
    clock.nowMs += 5;
    for (const place of open.splice(0)) place.end(100);
    for (const tenant of ['a', 'a']) {
      const place = places.take(tenant);
      place.begin();
      open.push(place);
    }
    for (let more = 0; more < 8; more++) {
      try {
        places.take('a')[Symbol.dispose]();
      } catch (error) {
        assert.ok(isAppError(error, 'engine.overloaded'));
      }
    }
  }
});
