import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parseDocument } from '../parse-document.ts';

/** A tape archive of one file. `kind` is `0` for a file and `2` for a symbolic link. */
function tar(name: string, text: string, kind = '0'): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write(`${text.length.toString(8).padStart(11, '0')} `, 124);
  head.write(kind, 156);
  head.write('ustar', 257);
  const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  body.write(text);
  return Buffer.concat([head, body, Buffer.alloc(1024)]);
}

const parse = (bytes: Uint8Array) => parseDocument({ bytes, fileName: 'x' });

test('a packed tape archive is read file by file', async () => {
  const parsed = await parse(gzipSync(tar('notes/a.md', '# Title\n\nText.')));
  assert.deepEqual(
    parsed.blocks.map(({ kind, text }) => `${kind}: ${text}`),
    ['heading: notes/a.md', 'heading: Title', 'paragraph: Text.'],
  );
});

test('names that leave the archive, links and files that unpack too far are refused', async () => {
  await assert.rejects(parse(tar('../a.md', 'x')), { reason: 'path-traversal' });
  await assert.rejects(parse(tar('a.md', 'x', '2')), { reason: 'path-traversal' });
  await assert.rejects(parse(gzipSync(Buffer.alloc(40 * 1024 * 1024))), { reason: 'archive-bomb' });
});
