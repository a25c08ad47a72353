import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer } from '#test/running-server.ts';

interface Told {
  readonly hradlo: {
    readonly grade: string;
    readonly contact: string | null;
    readonly support: readonly object[];
  };
}

test('who is named to be asked comes with a refusal', async () => {
  await using server = await startTestServer({ answers: { contact: 'podatelna, linka 21' } });
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'hradlo',
      messages: [{ role: 'user', content: 'Jakou barvu má vlajka na střeše?' }],
    }),
  });
  assert.equal(response.status, 200);
  const { hradlo } = (await response.json()) as Told;
  assert.deepEqual(
    [hradlo.grade, hradlo.contact, hradlo.support],
    ['insufficient', 'podatelna, linka 21', []],
  );
});
