import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { randomId } from '../../src/platform/index.ts';
import { addPerson, setUpAdministrator, startTestServer } from '../support/running-server.ts';
import { scratchFolder } from '../support/scratch.ts';
import { ServerProcess } from '../support/server-process.ts';
import { judged, type Figure, type Proof } from './proof.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CANARY = 'kanárekmodrý';
const NAME = 'zlatohlavek';

/** Files below a folder in whose bytes one of the texts stands, in either of two encodings. */
function filesWith(folder: string, texts: readonly string[]): string[] {
  const needles = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path);
      return needles.some((needle) => bytes.includes(needle));
    });
}

function hradlo(args: readonly string[]) {
  const result = spawnSync(process.execPath, ['--no-warnings', `${ROOT}src/main/cli.ts`, ...args], {
    encoding: 'utf8',
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

async function erasePerson(scratch: string): Promise<{ figures: Figure[]; notes: string[] }> {
  const backup = join(scratch, 'backup');
  await using started = await startTestServer({ backup: { folder: backup } });
  const { folder, url } = started;
  const administrator = await setUpAdministrator(started);
  const { visitor, id } = await addPerson(administrator, url, {
    name: NAME,
    attributes: { department: [CANARY] },
  });
  const ids: string[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const body = await visitor.expect(200, 'POST', '/v1/chat/completions', {
      model: 'hradlo',
      messages: [{ role: 'user', content: `Co je ${CANARY}, otázka ${turn}?` }],
    });
    ids.push((body['hradlo'] as { answer_id: string }).answer_id);
  }
  const conversation = { id: randomId('conversation'), turn: randomId('turn') };
  await visitor.say('POST', '/hradlo/v1/answers', {
    body: {
      model: 'hradlo',
      messages: [{ role: 'user', content: `Co je ${CANARY} v rozhovoru?` }],
      conversation,
    },
  });
  const talk = await visitor.expect(200, 'GET', `/hradlo/v1/conversations/${conversation.id}/messages`);
  const wasTalked = JSON.stringify(talk).includes(CANARY);
  const sealedBefore = filesWith(folder, [`Co je ${CANARY}`]);
  const before = await visitor.expect(200, 'GET', `/hradlo/v1/answers/${ids[0]}/certificate`);
  const wasThere = (before['question'] as { text: string }).text.includes(CANARY);
  const nameBefore = filesWith(folder, [NAME]);
  await administrator.expect(200, 'POST', '/admin/v1/erasures', {
    issuer: 'hradlo',
    subject: id,
    reference: 'R-1',
  });
  await administrator.expect(201, 'POST', '/admin/v1/backups', {});
  const left = [...filesWith(folder, [CANARY, NAME]), ...filesWith(backup, [CANARY, NAME])];
  const replay = await administrator.expect(200, 'POST', `/hradlo/v1/answers/${ids[0]}/replay`, {});
  const says = JSON.stringify(replay['differences']);
  const verify = hradlo(['verify', '--data', folder]);
  const restored = join(scratch, 'restored');
  const key = ['--key-file', join(folder, 'backup.key')];
  const restore = hradlo(['restore', '--from', backup, '--to', restored, ...key]);
  const inRestored = restore.status === 0 ? filesWith(restored, [CANARY, NAME]) : ['not restored'];
  return {
    figures: [
      judged('the conversation could be read before', String(wasTalked), 'true', wasTalked),
      judged('texts could be read before', String(wasThere), 'true', wasThere),
      judged('questions lay in clear text before', sealedBefore.length, '0', sealedBefore.length === 0),
      judged('the name was found before (the search sees)', nameBefore.length, '> 0', nameBefore.length > 0),
      judged('files of data, caches and backups that hold a canary', left.length, '0', left.length === 0),
      judged(
        'files of a restored backup that hold a canary',
        inRestored.length,
        '0',
        inRestored.length === 0,
      ),
      judged(
        'replay says why it cannot',
        says.slice(0, 90),
        'erased …, audit event',
        /erased at .*audit event \d+/.test(says),
      ),
      judged('the record verifies', String(verify.status), '0', verify.status === 0),
    ],
    notes: [...left, ...inRestored],
  };
}

/** Each stands in another place of the document: its text, heading, title, file name, sidecar, second version. */
const WORDS = {
  text: 'modropeřice',
  heading: 'Jeřabinovice',
  fileName: 'habrovanka',
  title: 'Lipovanka',
  second: 'rudokřídlec',
  folder: 'skřivánčice',
  sidecar: 'Sýkorkovice',
};
const ALL = Object.values(WORDS);
const QUESTION = `Jaká je lhůta pro ${WORDS.text}?`;

/** Uploads bytes and waits until they are in. Returns the id of the document. */
async function upload(server: ServerProcess, path: string, text: string): Promise<string> {
  const { body: listed } = await server.json('GET', '/hradlo/v1/collections');
  const collection = (listed.collections as { id: string; name: string }[])[0]!;
  const url = new URL(
    `/hradlo/v1/collections/${collection.id}/documents?path=${encodeURIComponent(path)}`,
    server.url,
  );
  const sent = Promise.withResolvers<{ status: number; text: string }>();
  const headers = { 'content-type': 'application/octet-stream' };
  request(url, { method: 'POST', headers }, (response) => {
    let said = '';
    response.on('data', (part) => (said += String(part)));
    response.once('end', () => sent.resolve({ status: response.statusCode ?? 0, text: said }));
  })
    .once('error', sent.reject)
    .end(text);
  const { status, text: said } = await sent.promise;
  if (status !== 202) throw new Error(`the upload was refused: ${status} ${said}`);
  return settled(server, path);
}

/** Waits until a file is in, and returns the id of its document. */
async function settled(server: ServerProcess, path: string): Promise<string> {
  for (let look = 0; look < 300; look++) {
    const { body } = await server.json('GET', '/hradlo/v1/sources');
    for (const source of body.sources as { id: string }[]) {
      const { body: found } = await server.json('GET', `/hradlo/v1/sources/${source.id}/entries?limit=500`);
      const entry = (found.entries as { path: string; state: string; documentId: string }[]).find(
        (one) => one.path === path,
      );
      if (entry?.state === 'indexed') return entry.documentId;
    }
    await setTimeout(100);
  }
  throw new Error(`${path} did not come in`);
}

/** Restores the state before the erasure and starts on it: what was erased is erased again. */
async function restoreOlder(given: {
  readonly scratch: string;
  readonly backup: string;
  readonly moment: string;
  readonly key: readonly string[];
}): Promise<Figure[]> {
  const past = join(given.scratch, 'documents-past');
  const earlier = hradlo([
    'restore',
    '--from',
    given.backup,
    '--to',
    past,
    '--at',
    given.moment,
    ...given.key,
  ]);
  const inPast = earlier.status === 0 ? filesWith(past, ALL).length : 0;
  {
    await using server = await ServerProcess.start({ folder: past });
    server.kill('SIGTERM');
    await server.exited;
  }
  const left = filesWith(past, ALL);
  return [
    judged(
      `document: files of an older state (${inPast} with a canary when restored) after its first start`,
      [left.length, ...left].join(' '),
      '0',
      left.length === 0 && inPast > 0,
    ),
  ];
}

async function eraseDocuments(
  scratch: string,
  isQuick: boolean,
): Promise<{ figures: Figure[]; notes: string[] }> {
  const [data, backup, corpus] = ['documents', 'documents-backup', 'corpus'].map((name) =>
    join(scratch, name),
  );
  const flags = ['--backup.folder', backup!, '--backup.keep', '100'];
  const folder = data!;
  mkdirSync(corpus!);
  const inFolder = `${WORDS.folder}.md`;
  writeFileSync(
    join(corpus!, inFolder),
    `# Pravidla\n\nLhůta pro ${WORDS.folder} je devět dnů ode dne doručení.\n`,
  );
  writeFileSync(join(corpus!, `${inFolder}.hradlo.yaml`), `title: ${WORDS.sidecar}\n`);
  const path = `${WORDS.fileName}.md`;
  const textOf = (days: string, more: string) =>
    `# ${WORDS.title}\n\n## ${WORDS.heading}\n\nLhůta pro ${WORDS.text} je ${days} ode dne doručení oznámení.${more}\n`;
  const ids: string[] = [];
  const talk = { id: randomId('conversation'), turn: randomId('turn') };
  const talkPath = `/hradlo/v1/conversations/${talk.id}/messages`;
  let talkBefore = '';
  let talkAfter = '';
  let documentId = '';
  let folderDocument = '';
  {
    await using server = await ServerProcess.start({ folder, flags });
    documentId = await upload(server, path, textOf('sedm dnů', ''));
    const { body } = await server.json('POST', '/hradlo/v1/sources', {
      folder: corpus,
      collection: 'hnizda',
    });
    await server.json('POST', `/hradlo/v1/sources/${body.id}/scan`, {});
    folderDocument = await settled(server, inFolder);
    const asked = await server.ask(QUESTION);
    ids.push(String(asked.body.hradlo?.answer_id));
    // The next question of the conversation carries the quoting answer along.
    const next = await server.json('POST', '/v1/chat/completions', {
      model: 'hradlo',
      messages: [
        { role: 'user', content: QUESTION },
        { role: 'assistant', content: asked.body.choices[0].message.content },
        { role: 'user', content: 'A od kdy běží?' },
      ],
    });
    ids.push(String(next.body.hradlo?.answer_id));
    await server.json('POST', '/hradlo/v1/answers', {
      model: 'hradlo',
      messages: [{ role: 'user', content: QUESTION }],
      conversation: talk,
    });
    talkBefore = JSON.stringify((await server.json('GET', talkPath)).body);
    await upload(server, path, textOf('osm dnů', ` Platí i pro ${WORDS.second}.`));
    // A clean end puts the index on the disk, with its dictionaries.
    server.kill('SIGTERM');
    await server.exited;
  }
  // As a kill leaves it that comes between the commit and the end of the work.
  mkdirSync(join(folder, 'read'), { recursive: true });
  writeFileSync(join(folder, 'read', 'a'.repeat(64)), `zbytek: ${WORDS.text}`);
  const before = filesWith(folder, ALL);
  const cli = (...args: string[]) => hradlo([...args, '--data', folder]);
  let moment = '';
  const said: string[] = [];
  let refusedInFolder = false;
  let replays: string[] = [];
  let certificate: { answer?: { state?: string; text?: string | null } } = {};
  let quoted = '';
  {
    await using server = await ServerProcess.start({ folder, flags });
    const { body: was } = await server.json('GET', `/hradlo/v1/answers/${ids[0]}/certificate`);
    quoted = String(was.answer?.text);
    refusedInFolder = cli('erase', 'document', folderDocument).status !== 0;
    rmSync(join(corpus!, inFolder));
    rmSync(join(corpus!, `${inFolder}.hradlo.yaml`));
    const { body } = await server.json('GET', '/hradlo/v1/sources');
    const source = (body.sources as { id: string; kind: string; collection: string }[]).find(
      (one) => one.collection === 'hnizda',
    )!;
    await server.json('POST', `/hradlo/v1/sources/${source.id}/scan`, {});
    for (let look = 0; look < 100; look++) {
      const found = await server.json('GET', `/hradlo/v1/sources/${source.id}/entries?limit=10`);
      if (found.body.entries.length === 0) break;
      await setTimeout(100);
    }
    await setTimeout(1500);
    moment = new Date().toISOString();
    await setTimeout(1500);
    for (const id of [documentId, folderDocument]) {
      const erased = cli('erase', 'document', id, '--reference', 'R-2');
      said.push(erased.output);
      if (erased.status !== 0) said.push(`status ${erased.status}`);
    }
  }
  const left = [...filesWith(folder, ALL), ...filesWith(backup!, ALL)];
  {
    await using server = await ServerProcess.start({ folder, flags });
    replays = await Promise.all(
      ids.map(async (id) => {
        const { body } = await server.json('POST', `/hradlo/v1/answers/${id}/replay`, {});
        return JSON.stringify(body.differences);
      }),
    );
    ({ body: certificate } = await server.json('GET', `/hradlo/v1/answers/${ids[0]}/certificate`));
    talkAfter = JSON.stringify((await server.json('GET', talkPath)).body);
    // Its place is free: the same path is another document.
    const again = await upload(server, path, '# Nové\n\nUž nic.\n');
    if (again === documentId) said.push('the id of the erased document was used again');
    server.kill('SIGTERM');
    await server.exited;
  }
  // What came in again bears the name.
  const later = ALL.filter((word) => word !== WORDS.fileName);
  const leftLater = filesWith(folder, later);
  const verify = cli('verify');
  const key = ['--key-file', join(folder, 'backup.key')];
  const restored = join(scratch, 'documents-restored');
  const latest = hradlo(['restore', '--from', backup!, '--to', restored, ...key]);
  const inRestored = latest.status === 0 ? filesWith(restored, later) : [latest.output];
  const older = isQuick ? [] : await restoreOlder({ scratch, backup: backup!, moment, key });
  const days = 'sedm dnů';
  const isForgotten =
    talkBefore.includes(days) && talkAfter.includes(WORDS.text) && !talkAfter.includes(days);
  const isClean = said.every((text) => text.startsWith('Erased'));
  return {
    figures: [
      judged(
        'document: kinds of files that held a canary before',
        kindsOf(before),
        'several',
        before.length > 2,
      ),
      judged(
        'document: the answer quoted it',
        String(quoted.includes(WORDS.text)),
        'true',
        quoted.includes(WORDS.text),
      ),
      judged(
        'document: one that still lies in its folder is not erased',
        String(refusedInFolder),
        'true',
        refusedInFolder,
      ),
      judged('document: erased, and its place is free', String(isClean), 'true', isClean),
      judged(
        'document: files of data, caches and backups that hold a canary',
        left.length,
        '0',
        left.length === 0,
      ),
      judged('document: the same after a restart', leftLater.length, '0', leftLater.length === 0),
      judged(
        'document: files of a restored new backup that hold one',
        inRestored.length,
        '0',
        inRestored.length === 0,
      ),
      ...older,
      judged(
        'document: replays say why they cannot',
        replays[0]?.slice(0, 120) ?? '',
        'erased …, audit event',
        replays.every((text) => /erased .*audit event \d+/.test(text)),
      ),
      judged(
        'document: the certificate stands without its text',
        String(certificate.answer?.state),
        'erased',
        certificate.answer?.state === 'erased' && certificate.answer.text === null,
      ),
      judged(
        'document: the conversation about it keeps the question and not the quote',
        String(isForgotten),
        'true',
        isForgotten,
      ),
      judged('document: the record verifies', String(verify.status), '0', verify.status === 0),
    ],
    notes: [...left, ...leftLater, ...inRestored, ...(isClean ? [] : said), ...replays.slice(1)],
  };
}

const kindsOf = (files: readonly string[]) =>
  [...new Set(files.map((file) => basename(file).replace(/^[0-9a-f]{32,}/, '…')))].join(', ');

export const proof: Proof = {
  promise: 'an erased person and an erased document are found in no byte, and the record still verifies',
  async run({ isQuick }) {
    using scratch = scratchFolder('erasure');
    const person = await erasePerson(scratch.path);
    const document = await eraseDocuments(scratch.path, isQuick);
    return {
      figures: [...person.figures, ...document.figures],
      note: [...person.notes, ...document.notes].slice(0, 12).join('\n'),
    };
  },
};
