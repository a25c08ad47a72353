import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentSource, FoundFile } from '#rag/index.ts';

/** A source that a test can change; keys are paths with `/`. */
export interface ChangeableSource {
  readonly source: DocumentSource;
  write(key: string, text: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** What every source of documents must do. */
export function documentSourceConformance(name: string, make: () => Promise<ChangeableSource>): void {
  const { signal } = new AbortController();
  const listed = async (source: DocumentSource): Promise<Map<string, FoundFile>> => {
    const files: FoundFile[] = [];
    for await (const file of source.list(signal)) files.push(file);
    const byKey = new Map(files.map((file) => [file.key, file]));
    assert.equal(byKey.size, files.length, 'a file was listed twice');
    return byKey;
  };
  const all = async (pieces: AsyncIterable<Uint8Array>) => {
    const list: Uint8Array[] = [];
    for await (const piece of pieces) list.push(piece);
    return list;
  };
  const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

  test(`${name}: lists files in folders too, and fetches each with its sidecar`, async () => {
    const { source, write } = await make();
    await write('a.md', 'á');
    await write('b/c.md', 'cc');
    await write('b/c.md.hradlo.yaml', 'id: c');
    await write('.versions/2024-01-01/a.md', 'old');
    const files = await listed(source);
    assert.deepEqual([...files.keys()].toSorted(), ['.versions/2024-01-01/a.md', 'a.md', 'b/c.md']);
    assert.equal(files.get('a.md')?.sizeBytes, 2);
    const fetched = await source.fetch('b/c.md', signal);
    const bytes = fetched && Buffer.concat(await all(fetched.pieces));
    assert.deepEqual([text(bytes), text(fetched?.sidecar)], ['cc', 'id: c']);
    assert.equal((await source.fetch('a.md', signal))?.sidecar, undefined);
  });

  test(`${name}: the stamp stays while nothing changes, and changes with the file and with its sidecar`, async () => {
    const { source, write, remove } = await make();
    await write('a.md', 'one');
    const stamp = async () => (await listed(source)).get('a.md')?.stamp;
    const first = await stamp();
    assert.equal(await stamp(), first);
    await write('a.md', 'other');
    const second = await stamp();
    assert.notEqual(second, first);
    await write('a.md.hradlo.yaml', 'id: a');
    const third = await stamp();
    assert.notEqual(third, second);
    await remove('a.md.hradlo.yaml');
    assert.notEqual(await stamp(), third);
  });

  test(`${name}: what is gone is not listed and fetches as undefined`, async () => {
    const { source, write, remove } = await make();
    await write('a.md', 'one');
    await remove('a.md');
    assert.equal((await listed(source)).size, 0);
    assert.equal(await source.fetch('a.md', signal), undefined);
  });
}
