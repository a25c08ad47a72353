import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { zipSync } from 'fflate';
import { fileURLToPath } from 'node:url';
import { startTestServer, type TestServer } from '#test/server.ts';
import { Visitor } from '#test/visitor.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let server: TestServer;
let visitor: Visitor;
let folder: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hradlo-documents-'));
  server = await startTestServer({ environment: { HRADLO_SAMPLES__LOAD: 'false' } });
  visitor = new Visitor(server.url);
});
after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function hradlo(...args: readonly string[]) {
  const options = { encoding: 'utf8', cwd: folder, timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(
    join(root, 'hradlo'),
    [...args, '--data', server.dataFolder],
    options,
  );
  return { status, output: stdout, errors: stderr };
}
const write = (name: string, text: string) => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
};

interface Listed {
  readonly id: string;
  readonly sourceKey: string;
  readonly versionId: string;
}
async function documents(): Promise<Listed[]> {
  const { collections } = await visitor.expect(200, 'GET', '/hradlo/v1/collections');
  const collection = (collections as { id: string; name: string }[]).find(({ name }) => name === 'smlouvy');
  const body = await visitor.expect(200, 'GET', `/hradlo/v1/collections/${collection!.id}/documents`);
  return body['documents'] as Listed[];
}
const keysOf = async () => (await documents()).map(({ sourceKey }) => sourceKey);

test('a folder comes in with one command, bad files are put aside with their reasons', async () => {
  write('cenik.md', '# Ceník\n\nHodinová sazba lakýrníka je 480 Kč.\n\n## Doprava\n\nDoprava je v ceně.');
  write('poznamky/dodavatel.txt', 'Dodavatel dřeva je Pila Hora.');
  write('rozbite.pdf', '%PDF-1.7\nnic');
  copyFileSync(join(root, 'samples/corpus/smlouvy/smlouva-o-dilo.pdf'), join(folder, 'smlouva.pdf'));
  const { status, output, errors } = hradlo('ingest', '.', '--collection', 'smlouvy');
  assert.deepEqual([status, errors], [0, '']);
  assert.match(output, /3 files in "smlouvy"; 1 put aside:\n {2}rozbite\.pdf: The file is damaged/);
  assert.deepEqual(await keysOf(), ['cenik.md', 'poznamky/dodavatel.txt', 'smlouva.pdf']);
  const answer = hradlo('ask', 'Jaká je hodinová sazba lakýrníka?', '--collection', 'smlouvy');
  assert.match(answer.output, /480 Kč/);
});

test('a second run takes what changed and drops what is gone; the document tells its history', async () => {
  const before = (await documents()).find(({ sourceKey }) => sourceKey === 'cenik.md')!;
  write('cenik.md', '# Ceník\n\nHodinová sazba lakýrníka je 520 Kč.\n\n## Doprava\n\nDoprava je v ceně.');
  rmSync(join(folder, 'poznamky/dodavatel.txt'));
  rmSync(join(folder, 'rozbite.pdf'));
  assert.match(hradlo('ingest', '.', '--collection', 'smlouvy').output, /^2 files in "smlouvy"\.$/m);
  assert.deepEqual(await keysOf(), ['cenik.md', 'smlouva.pdf']);
  const answer = hradlo('ask', 'Jaká je hodinová sazba lakýrníka?', '--collection', 'smlouvy').output;
  assert.match(answer, /520 Kč/);
  assert.doesNotMatch(answer, /480 Kč/);
  const detail = await visitor.expect(200, 'GET', `/hradlo/v1/documents/${before.id}`);
  const versions = detail['versions'] as { id: string; edition: number; recordedTo: string | null }[];
  assert.deepEqual(
    [...new Set(versions.map(({ edition }) => edition))].toSorted((a, b) => a - b),
    [1, 2],
  );
  const newest = versions.find(({ edition, recordedTo }) => edition === 2 && recordedTo === null)!;
  const url = `/hradlo/v1/documents/${before.id}/changes?from=${before.versionId}&to=${newest.id}`;
  const { changes } = (await visitor.expect(200, 'GET', url)) as {
    changes: { change: string; before: { text: string }; after: { text: string } }[];
  };
  assert.equal(changes.length, 1);
  assert.match(changes[0]!.before.text, /480/);
  assert.match(changes[0]!.after.text, /520/);
  const { answers } = (await visitor.expect(200, 'GET', `/hradlo/v1/documents/${before.id}/answers`)) as {
    answers: { versionId: string; cited: boolean }[];
  };
  assert.ok(answers.some(({ versionId, cited }) => cited && versionId === newest.id));
});

test('the original is for saving only, and words of a page are found on it', async () => {
  const contract = (await documents()).find(({ sourceKey }) => sourceKey === 'smlouva.pdf')!;
  const heard = await visitor.say('GET', `/hradlo/v1/versions/${contract.versionId}/original`);
  assert.equal(
    heard.headers['content-disposition'],
    `attachment; filename="smlouva.pdf"; filename*=UTF-8''smlouva.pdf`,
  );
  assert.equal(heard.headers['content-type'], 'application/octet-stream');
  assert.ok(heard.text.startsWith('%PDF-'));
  const layout = (await visitor.expect(200, 'GET', `/hradlo/v1/versions/${contract.versionId}/layout`)) as {
    pages: { width: number; height: number }[];
    outline: { text: string; start: number; end: number; page: number }[];
  };
  assert.equal(layout.pages.length, 4);
  const heading = layout.outline.at(-1)!;
  const url = `/hradlo/v1/versions/${contract.versionId}/boxes?start=${heading.start}&end=${heading.end}`;
  const { boxes } = (await visitor.expect(200, 'GET', url)) as { boxes: { page: number; box: number[] }[] };
  assert.ok(boxes.length > 0 && boxes.every(({ page }) => page === heading.page));
  const page = layout.pages[heading.page - 1]!;
  for (const { box } of boxes) {
    const [x0 = -1, y0 = -1, x1 = -1, y1 = -1] = box;
    assert.ok(x0 >= 0 && x0 < x1 && x1 <= page.width && y0 >= 0 && y0 < y1 && y1 <= page.height);
  }
});

test('an upload becomes a document and the next one its version; what is refused leaves nothing', async () => {
  const { collections } = await visitor.expect(200, 'GET', '/hradlo/v1/collections');
  const { id } = (collections as { id: string; name: string }[]).find(({ name }) => name === 'smlouvy')!;
  const upload = (path: string, body: string, headers = {}) =>
    fetch(`${server.url}/hradlo/v1/collections/${id}/documents?path=${encodeURIComponent(path)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', ...headers },
      body,
    });
  const accepted = await upload('nahrane/pokyn.md', '# Pokyn\n\nLak schne šest hodin.');
  assert.equal(accepted.status, 202, await accepted.clone().text());
  const { entryId } = (await accepted.json()) as { entryId: string };
  for (const path of ['../x.md', '/x.md', 'a//b.md', 'x.md.hradlo.yaml']) {
    assert.equal((await upload(path, 'x')).status, 400, path);
  }
  assert.equal((await upload('prazdny.md', '')).status, 400);
  const seen = async () => (await keysOf()).includes('nahrane/pokyn.md');
  const deadline = Date.now() + 30_000;
  while (!(await seen())) assert.ok(Date.now() < deadline, 'the upload did not come in');
  assert.match(hradlo('ask', 'Jak dlouho schne lak?', '--collection', 'smlouvy').output, /šest hodin/);
  await visitor.expect(202, 'DELETE', `/hradlo/v1/entries/${entryId}`);
  assert.equal(await seen(), false);
});

test('what an archive or a message carries comes in as documents under its name, and goes with it', async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const archive = zipSync({
    'zaruka.md': bytes('# Záruka\n\nZáruka na nábytek trvá čtyři roky.'),
    'vnitrni/plan.txt': bytes('Plán školení na jaro je hotov.'),
  });
  writeFileSync(join(folder, 'archiv.zip'), archive);
  const attachment = Buffer.from('# Příloha\n\nTermín dodání je devět dní.').toString('base64');
  write(
    'zprava.eml',
    [
      'From: Anna <anna@example.org>',
      'To: Petr <petr@example.org>',
      'Subject: Dodani',
      'Date: Mon, 2 Nov 2026 10:00:00 +0100',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Posilam termin dodani v priloze.',
      '--b',
      'Content-Type: text/markdown; name=termin.md',
      'Content-Disposition: attachment; filename=termin.md',
      'Content-Transfer-Encoding: base64',
      '',
      attachment,
      '--b--',
      '',
    ].join('\r\n'),
  );
  const { output, errors } = hradlo('ingest', '.', '--collection', 'smlouvy');
  assert.equal(errors, '', output);
  const inner = [
    'archiv.zip!/vnitrni/plan.txt',
    'archiv.zip!/zaruka.md',
    'zprava.eml',
    'zprava.eml!/termin.md',
  ];
  const keys = await keysOf();
  assert.deepEqual(
    keys.filter((key) => /^(archiv|zprava)/.test(key)),
    inner,
  );
  assert.match(
    hradlo('ask', 'Jak dlouho trvá záruka na nábytek?', '--collection', 'smlouvy').output,
    /čtyři roky/,
  );
  rmSync(join(folder, 'archiv.zip'));
  hradlo('ingest', '.', '--collection', 'smlouvy');
  assert.ok(!(await keysOf()).some((key) => key.startsWith('archiv')));
});

test('a watched folder takes in what appears and drops what goes, without being asked', async () => {
  const { output } = hradlo('ingest', '.', '--collection', 'smlouvy', '--watch');
  assert.match(output, /The folder is watched/);
  const becomes = async (key: string, isThere: boolean) => {
    const deadline = Date.now() + 30_000;
    while ((await keysOf()).includes(key) !== isThere) {
      assert.ok(Date.now() < deadline, `${key} is ${isThere ? 'not there' : 'still there'}`);
    }
  };
  write('novy/predpis.md', '# Předpis\n\nSklad se zamyká v šest.');
  await becomes('novy/predpis.md', true);
  rmSync(join(folder, 'novy/predpis.md'));
  await becomes('novy/predpis.md', false);
});

test('a wrong call says what is wrong', () => {
  assert.match(hradlo('ingest', './nowhere', '--collection', 'smlouvy').errors, /no such folder/);
  assert.equal(hradlo('ingest').status, 2);
  const own = spawnSync(
    join(root, 'hradlo'),
    ['ingest', server.dataFolder, '--collection', 'x', '--data', server.dataFolder],
    { encoding: 'utf8' },
  );
  assert.match(own.stderr, /own data/);
});
