import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RowOrders } from './row-order.ts';

function run(orders: RowOrders, steps: number, cost: { together: number; apart: number }, streams = 4) {
  const used = { together: 0, apart: 0 };
  for (let step = 0; step < steps; step++) {
    const order = orders.choose(streams);
    used[order] += 1;
    orders.observe(streams, order, cost[order]);
  }
  return used;
}

test('both orders are tried and the faster one is kept', () => {
  for (const [cost, faster] of [
    [{ together: 49, apart: 33 }, 'apart'],
    [{ together: 20, apart: 33 }, 'together'],
  ] as const) {
    const orders = new RowOrders();
    const used = run(orders, 150, cost);
    assert.equal(used[faster], 147);
    assert.equal(orders.expectedMs(4), cost[faster]);
    assert.equal(orders.expectedMs(6), cost[faster]);
  }
});

test('the slower order is tried again now and then, and taken when it has become the faster', () => {
  const orders = new RowOrders();
  run(orders, 100, { together: 49, apart: 33 });
  const used = run(orders, 3_000, { together: 10, apart: 33 });
  assert.ok(used.together > 1_500, `${used.together}`);
});

test('one stream, and many, always go together', () => {
  const orders = new RowOrders();
  assert.equal(run(orders, 20, { together: 2, apart: 1 }, 1).apart, 0);
  assert.equal(run(orders, 20, { together: 2, apart: 1 }, 16).apart, 0);
  assert.equal(new RowOrders().expectedMs(3), 0);
});
