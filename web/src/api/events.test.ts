import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvents } from './events.ts';

const bytes = new TextEncoder().encode('data: {"a":"ž"}\n\n: note\n\ndata: {"b":2}\n\ndata: [DONE]\n\n');

async function read(...parts: Uint8Array<ArrayBuffer>[]): Promise<unknown[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
  const events: unknown[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

test('events are whole wherever the stream is cut in pieces', async () => {
  for (let at = 0; at <= bytes.length; at += 1) {
    assert.deepEqual(await read(bytes.slice(0, at), bytes.slice(at)), [{ a: 'ž' }, { b: 2 }]);
  }
});

test('a stream that ends early yields only what came whole', async () => {
  for (let at = 0; at <= bytes.length; at += 1) {
    const events = await read(bytes.slice(0, at));
    assert.deepEqual(events, [{ a: 'ž' }, { b: 2 }].slice(0, events.length));
  }
});
