import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '../parse-document.ts';
import { ArchiveBudget, openArchive } from './read-archive.ts';

// Made by programs of others: Info-ZIP 3.0 (the old encryption), pyzipper 0.3 (AES of each strength).
const LOCKED = {
  old: [
    'heslo',
    'UEsDBBQACQAIAA+tdF2acWOYTQAAADsFAAAEABwAYS5tZFVUCQADTb4Aa0y+AGt1eAsAAQQAAAAABAAAAAAvbvNIIsMTyx8aTDLe' +
      '75YmO24LeeeDWpvThFxg4FF1YXo07tZYAF7l04Ra7J5Z+m3WscKntcSqCCFCTM04ih8G+0MG9Ji5ulNIIetcTlBLBwiacWOYTQAA' +
      'ADsFAABQSwECHgMUAAkACAAPrXRdmnFjmE0AAAA7BQAABAAYAAAAAAABAAAApIEAAAAAYS5tZFVUBQADTb4Aa3V4CwABBAAAAAAE' +
      'AAAAAFBLBQYAAAAAAQABAEoAAACbAAAAAAA=',
  ],
  oldWithDescriptor: [
    'heslo',
    'UEsDBC0ACQAIAA+tdF2acWOY//////////8BABQALQEAEAA7BQAAAAAAAE0AAAAAAAAAc3vn7JAdemmX7kV7kg4M7gdG5Zj91SGf' +
      '3VC/HXzw7VaD3llS4Pdt7A3zK8kJh4FhF1O0hwC+nWWwic+urQ87pmqwPyjIBGULuComDalQSwcImnFjmE0AAAAAAAAAOwUAAAAA' +
      'AABQSwECHgMtAAkACAAPrXRdmnFjmE0AAAA7BQAAAQAAAAAAAAABAAAAgBEAAAAALVBLBgYsAAAAAAAAAB4DLQAAAAAAAAAAAAEA' +
      'AAAAAAAAAQAAAAAAAAAvAAAAAAAAAJgAAAAAAAAAUEsGBwAAAADHAAAAAAAAAAEAAABQSwUGAAAAAAEAAQAvAAAAmAAAAAAA',
  ],
  aes128: [
    'heslo ž',
    'UEsDBBQAAQBjADitdF0AAAAAQwAAAC0AAAAIAAsAdGFqbmUubWQBmQcAAgBBRQEIAMcBrzqTySw2yz7iKmQxB4E4RmLxThcysuAN' +
      'dV3kaQLpbwaMQwakPtJmWdcPRGlaMG4XVsWGOSvhmYqazYLxscDmE3tQSwECFAMUAAEAYwA4rXRdAAAAAEMAAAAtAAAACAALAAAA' +
      'AAAAAAAAgAEAAAAAdGFqbmUubWQBmQcAAgBBRQEIAFBLBQYAAAAAAQABAEEAAAB0AAAAAAA=',
  ],
  aes192Stored: [
    'heslo ž',
    'UEsDBBQAAQBjADitdF0AAAAARQAAAC0AAAAIAAsAdGFqbmUubWQBmQcAAgBBRQIAAFMnY/vrugD7ZAtK6bcPGiC2YeOFyYywBT1A' +
      'lzlA8P0B8pd6LCLfh8jk1XKv0z3uZKQGYM4jZ80dQzibZTdNoUKKrbPrkVBLAQIUAxQAAQBjADitdF0AAAAARQAAAC0AAAAIAAsA' +
      'AAAAAAAAAACAAQAAAAB0YWpuZS5tZAGZBwACAEFFAgAAUEsFBgAAAAABAAEAQQAAAHYAAAAAAA==',
  ],
  aes256: [
    'heslo ž',
    'UEsDBBQAAQBjADitdF0AAAAASwAAAC0AAAAIAAsAdGFqbmUubWQBmQcAAgBBRQMIANJ+H6aXK+ptI6zMKjxnp60PzCZ96kOQt5Ss' +
      'br9PqkaSkCiEGUyK1pcHyEwff7bQrxVU2rtwrivwl3o6EoUXpwlb87d5iLel9gSNiFBLAQIUAxQAAQBjADitdF0AAAAASwAAAC0A' +
      'AAAIAAsAAAAAAAAAAACAAQAAAAB0YWpuZS5tZAGZBwACAEFFAwgAUEsFBgAAAAABAAEAQQAAAHwAAAAAAA==',
  ],
} as const;

async function readFirst(archive: Uint8Array, passwords: readonly string[]): Promise<string> {
  const { names, read } = await openArchive(archive, new ArchiveBudget(), passwords);
  const bytes = await read(names[0] ?? '');
  return new TextDecoder().decode(bytes);
}

for (const [name, [password, base64]] of Object.entries(LOCKED)) {
  const archive = Buffer.from(base64, 'base64');

  test(`a file in a locked archive (${name}) opens with one of the passwords given, and with no other`, async () => {
    assert.match(await readFirst(archive, ['jiné', password]), /^# Tajn[ýy] dokument\n/);
    await assert.rejects(readFirst(archive, []), { reason: 'encrypted' });
    await assert.rejects(readFirst(archive, ['jiné', '', 'Heslo']), { reason: 'wrong-password' });
  });
}

for (const name of ['old', 'aes256'] as const) {
  const [password, base64] = LOCKED[name];
  const archive = Buffer.from(base64, 'base64');

  test(`no byte of a locked archive (${name}) can be changed unseen`, async () => {
    const whole = await readFirst(archive, [password]);
    for (let at = 0; at < archive.length; at++) {
      const changed = Uint8Array.from(archive);
      changed[at]! ^= 0x10;
      const text = await readFirst(changed, [password]).catch(() => undefined);
      assert.ok(text === undefined || text === whole || text === '', `byte ${at}`);
    }
  });
}

test('what is in a locked archive is read under its own name', async () => {
  const [password, base64] = LOCKED.aes256;
  const file = { bytes: Buffer.from(base64, 'base64'), fileName: 'smlouvy.zip' };
  const { blocks } = await parseDocument({ ...file, passwords: [password] });
  assert.deepEqual(
    blocks.map(({ text }) => text),
    ['tajne.md', 'Tajný dokument', 'Cena díla je 12 345 Kč.'],
  );
  await assert.rejects(parseDocument(file), { reason: 'encrypted' });
  const names: string[] = [];
  const onInner = (inner: { readonly fileName: string }) => names.push(inner.fileName);
  await parseDocument({ ...file, passwords: [password], onInner });
  assert.deepEqual(names, ['tajne.md']);
});
