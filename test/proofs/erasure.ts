import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomId } from '../../src/platform/index.ts';
import { addPerson, setUpAdministrator, startTestServer } from '../support/running-server.ts';
import { scratchFolder } from '../support/scratch.ts';
import { judged, type Proof } from './proof.ts';

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

export const proof: Proof = {
  promise: 'an erased person is found in no byte, and the record still verifies',
  async run() {
    using scratch = scratchFolder('erasure');
    const backup = join(scratch.path, 'backup');
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
    const verify = spawnSync(process.execPath, [`${ROOT}src/main/cli.ts`, 'verify', '--data', folder], {
      encoding: 'utf8',
    });
    const restored = join(scratch.path, 'restored');
    const restore = spawnSync(
      process.execPath,
      [
        `${ROOT}src/main/cli.ts`,
        'restore',
        '--from',
        backup,
        '--to',
        restored,
        '--key-file',
        join(folder, 'backup.key'),
      ],
      { encoding: 'utf8' },
    );
    const inRestored = restore.status === 0 ? filesWith(restored, [CANARY, NAME]) : ['not restored'];
    return {
      figures: [
        judged('texts could be read before', String(wasThere), 'true', wasThere),
        judged('the conversation could be read before', String(wasTalked), 'true', wasTalked),
        judged('questions lay in clear text before', sealedBefore.length, '0', sealedBefore.length === 0),
        judged(
          'the name was found before (the search sees)',
          nameBefore.length,
          '> 0',
          nameBefore.length > 0,
        ),
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
      note: [...left, ...inRestored].slice(0, 5).join('\n'),
    };
  },
};
