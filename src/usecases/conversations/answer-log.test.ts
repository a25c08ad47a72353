import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { AnswerEvent } from '#core/index.ts';
import { AnswerLog, joined } from './answer-log.ts';

const PLAIN = { noNullPrototype: true };
const events: fc.Arbitrary<AnswerEvent> = fc.oneof(
  fc.record(
    {
      type: fc.constant('text-delta' as const),
      text: fc.string({ maxLength: 6 }),
      isQuote: fc.boolean(),
      isContext: fc.constant(false),
    },
    PLAIN,
  ),
  fc.record({ type: fc.constant('reasoning-delta' as const), text: fc.string({ maxLength: 6 }) }, PLAIN),
);

/** Events with text of one kind in a row in one event, and without empty ones. */
function whole(all: readonly AnswerEvent[]): AnswerEvent[] {
  const runs: AnswerEvent[] = [];
  for (const event of all) {
    const one = joined(runs.at(-1), event);
    if (one === undefined) runs.push(event);
    else runs[runs.length - 1] = one;
  }
  return runs.filter((event) => !('text' in event) || event.text !== '');
}

test('read on from any event, an answer is the same as read from its beginning', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 40 }), fc.nat(45), (all, from) => {
      const log = new AnswerLog();
      for (const event of all) log.add(event);
      assert.equal(log.count, all.length);
      const at = Math.min(from, all.length);
      const rest = log.after(at);
      assert.deepEqual(whole(rest.map(({ event }) => event)), whole(all.slice(at)));
      assert.deepEqual(rest.at(-1)?.at ?? at, all.length);
    }),
  );
});

test('who reads while it grows gets every event once', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 40 }), fc.array(fc.boolean()), (all, looks) => {
      const log = new AnswerLog();
      const seen: AnswerEvent[] = [];
      let at = 0;
      const look = () => {
        for (const numbered of log.after(at)) {
          at = numbered.at;
          seen.push(numbered.event);
        }
      };
      for (const [index, event] of all.entries()) {
        log.add(event);
        if (looks[index] === true) look();
      }
      look();
      assert.deepEqual(whole(seen), whole(all));
    }),
  );
});
