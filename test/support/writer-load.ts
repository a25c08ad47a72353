// A program for proofs: writes units one after the other, or many at once, and prints each acknowledgement.
// Arguments: folder, FULL or NORMAL, number of units, how many at once.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { WriterClient } from '#main/writer-client.ts';
import { TEST_TENANT } from './database.ts';

const [folder = '', synchronous = 'FULL', count = '0', atOnce = '1'] = process.argv.slice(2);
await using writer = await WriterClient.start(
  {
    path: join(folder, 'hradlo.db'),
    chainId: 'proof',
    synchronous: synchronous === 'NORMAL' ? 'NORMAL' : 'FULL',
    nowMs: Date.now(),
    reservePath: join(folder, 'reserve'),
    reserveBytes: 256 * 1024,
    spoolFolder: undefined,
  },
  () => undefined,
);
writeSync(1, 'READY\n');
let next = 0;
const total = Number(count);
const one = async () => {
  while (next < total) {
    const key = `unit-${next++}`;
    await writer.write({
      statements: [{ sql: 'INSERT INTO setting VALUES (?, ?, 0)', parameters: [key, 'x'.repeat(300)] }],
      audit: [
        {
          kind: 'test.written',
          tenantId: TEST_TENANT,
          actor: { issuer: 'test', subject: key },
          atMs: 0,
          fields: {},
        },
      ],
    });
    // Straight to the kernel: what stands here was acknowledged, whatever happens next.
    writeSync(1, `ACK ${key}\n`);
  }
};
await Promise.all(Array.from({ length: Number(atOnce) }, one));
