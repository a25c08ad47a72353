import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { PASSPHRASE } from './running-server.ts';
import type { ServerProcess } from './server-process.ts';
import { Visitor, type Heard } from './visitor.ts';

const QUESTIONS = ['Jaká je výpovědní lhůta?', 'Kolik dnů dovolené mám?', 'Kdo schvaluje pracovní cestu?'];

/** What was acknowledged, by what it must have left behind. */
interface Acknowledged {
  readonly answers: string[];
  readonly groups: string[];
  /** Files that were taken in: the entry and what was in it. */
  readonly uploads: { readonly entryId: string; readonly digest: string }[];
  readonly keys: string[];
  readonly revoked: string[];
  /** Looks at a folder that were asked for, each with the file that lay in it by then. */
  readonly scans: string[];
}

/**
 * A load that remembers what it was promised: it asks, uploads, lets a folder come in, makes groups, and makes and
 * revokes keys, until the server is gone; again and again over the same data folder.
 */
export class KillLoad {
  readonly #corpus: string;
  readonly #acked: Acknowledged = { answers: [], groups: [], uploads: [], keys: [], revoked: [], scans: [] };
  #session: Pick<Visitor, 'cookie' | 'csrfToken'> = { cookie: undefined, csrfToken: undefined };
  #key = '';
  #collection = '';
  #source = '';
  #count = 0;

  /** @param corpus a folder of documents that is followed. */
  constructor(corpus: string) {
    this.#corpus = corpus;
  }

  get acknowledged(): number {
    return Object.values(this.#acked).reduce((sum, list: readonly unknown[]) => sum + list.length, 0);
  }
  /** How many of each kind. */
  get counts(): string {
    return Object.entries(this.#acked)
      .map(([kind, list]: [string, readonly unknown[]]) => `${kind} ${list.length}`)
      .join(', ');
  }

  /** Makes the account, the key and the source that the load needs. */
  async setUp(server: ServerProcess): Promise<void> {
    // The link is printed after the line that says that the server is ready.
    const tokenOf = () => /\/set-up\/(\S+)/.exec(server.output)?.[1];
    for (let look = 0; look < 100 && tokenOf() === undefined; look++) await setTimeout(50);
    const token = tokenOf();
    const visitor = new Visitor(server.url);
    const body = { token, name: 'spravce', displayName: 'Správce', passphrase: PASSPHRASE };
    await visitor.expect(200, 'POST', '/hradlo/v1/set-up', body);
    this.#session = { cookie: visitor.cookie, csrfToken: visitor.csrfToken };
    this.#key = String((await visitor.expect(201, 'POST', '/hradlo/v1/keys', { name: 'load' }))['key']);
    const listed = await visitor.expect(200, 'GET', '/hradlo/v1/collections');
    this.#collection = (listed['collections'] as { id: string }[])[0]!.id;
    const source = { folder: this.#corpus, collection: 'kills' };
    this.#source = String((await visitor.expect(202, 'POST', '/hradlo/v1/sources', source))['id']);
  }

  /** Loads until the server is gone. What was under way when it broke off was not acknowledged. */
  async run(server: ServerProcess): Promise<void> {
    const program = new Visitor(server.url, this.#key);
    const browser = new Visitor(server.url);
    Object.assign(browser, this.#session);
    const until = async (step: (turn: number) => Promise<void>) => {
      for (let turn = this.#count++; server.isRunning; turn++) await step(turn);
    };
    await Promise.allSettled([
      until((turn) => this.#ask(program, turn)),
      until((turn) => this.#ask(program, turn + 1)),
      until(() => this.#makeGroup(program)),
      until(() => this.#upload(server.url, program)),
      until(() => this.#changeKeys(browser)),
      until(() => this.#scan(program)),
    ]);
  }

  #name(): string {
    return `${process.hrtime.bigint()}`;
  }

  async #ask(program: Visitor, turn: number): Promise<void> {
    const content = QUESTIONS[turn % QUESTIONS.length]!;
    const body = { model: 'hradlo', messages: [{ role: 'user', content }] };
    const heard = await program.say('POST', '/v1/chat/completions', { body });
    const about = heard.body['hradlo'] as { answer_id?: string } | undefined;
    if (heard.status === 200) this.#acked.answers.push(String(about?.answer_id));
    await pause(heard);
  }

  async #makeGroup(program: Visitor): Promise<void> {
    const name = `group-${this.#name()}`;
    const heard = await program.say('POST', '/admin/v1/groups', { body: { name } });
    if (heard.status < 300) this.#acked.groups.push(name);
    await pause(heard);
  }

  async #upload(url: string, program: Visitor): Promise<void> {
    const name = this.#name();
    const text = `# Soubor ${name}\n\nLhůta číslo ${name} je sedm dnů.\n`;
    const path = `/hradlo/v1/collections/${this.#collection}/documents?path=${name}.md`;
    const sent = Promise.withResolvers<{ status: number; text: string }>();
    const headers = { ...program.headers(), 'content-type': 'application/octet-stream' };
    request(new URL(path, url), { method: 'POST', headers, agent: false }, (response) => {
      let said = '';
      response.on('data', (part) => (said += String(part)));
      response.once('error', sent.reject);
      response.once('end', () => sent.resolve({ status: response.statusCode ?? 0, text: said }));
    })
      .once('error', sent.reject)
      .end(text);
    const { status, text: said } = await sent.promise;
    if (status !== 202) {
      await setTimeout(20);
      return;
    }
    const { entryId } = JSON.parse(said) as { entryId: string };
    this.#acked.uploads.push({ entryId, digest: createHash('sha256').update(text).digest('hex') });
  }

  async #changeKeys(browser: Visitor): Promise<void> {
    const made = await browser.say('POST', '/hradlo/v1/keys', { body: { name: `key-${this.#name()}` } });
    if (made.status !== 201) return pause(made);
    const id = String(made.body['id']);
    this.#acked.keys.push(id);
    if (this.#acked.keys.length % 2 === 0) return;
    const revoked = await browser.say('DELETE', `/hradlo/v1/keys/${id}`);
    if (revoked.status < 300) this.#acked.revoked.push(id);
  }

  async #scan(program: Visitor): Promise<void> {
    const name = `${this.#name()}.md`;
    writeFileSync(join(this.#corpus, name), `# Ve složce\n\nPravidlo ${name} platí.\n`);
    const heard = await program.say('POST', `/hradlo/v1/sources/${this.#source}/scan`, { body: {} });
    if (heard.status < 300) this.#acked.scans.push(name);
    await setTimeout(150);
  }

  /** Waits, after the last start, until everything that was begun is done. @returns what is not, after too long. */
  async finish(server: ServerProcess, withinMs: number): Promise<string | undefined> {
    const program = new Visitor(server.url, this.#key);
    const endMs = performance.now() + withinMs;
    for (;;) {
      const counts = await Promise.all(
        ['queued', 'running', 'poisoned'].map(async (state) => {
          const body = await program.expect(200, 'GET', `/admin/v1/jobs?state=${state}&limit=1000`);
          const jobs = body['jobs'] as { kind: string }[];
          return jobs.filter(({ kind }) => /source|document\.ingest/.test(kind)).length;
        }),
      );
      const [queued = 0, running = 0, poisoned = 0] = counts;
      if (queued + running === 0) return poisoned === 0 ? undefined : `${poisoned} jobs were given up`;
      if (performance.now() > endMs) return `${queued} jobs wait, ${running} run`;
      await setTimeout(300);
    }
  }

  /** What was acknowledged and is not there, told one by one. */
  listLost(folder: string): string[] {
    const database = new DatabaseSync(join(folder, 'hradlo.db'), { readOnly: true });
    const has = (sql: string) => {
      const statement = database.prepare(sql);
      return (value: string) => statement.get(value) !== undefined;
    };
    const answer = has(
      "SELECT 1 FROM answer JOIN content ON content.answer_id = answer.id AND kind = 'answer' JOIN usage ON usage.answer_id = answer.id WHERE answer.id = ? AND state = 'ended'",
    );
    const group = has('SELECT 1 FROM user_group WHERE name = ?');
    const entry = has("SELECT 1 FROM source_entry WHERE id = ? AND state = 'indexed'");
    const key = has('SELECT 1 FROM api_key WHERE id = ?');
    const revoked = has('SELECT 1 FROM api_key WHERE id = ? AND revoked_at_ms IS NOT NULL');
    const scanned = has(
      "SELECT 1 FROM source_entry JOIN document_version ON document_version.origin = source_entry.id WHERE key = ? AND state = 'indexed' AND is_published = 1",
    );
    const isWhole = (digest: string) => {
      const path = join(folder, 'blobs', digest.slice(0, 2), digest);
      return existsSync(path) && createHash('sha256').update(readFileSync(path)).digest('hex') === digest;
    };
    const { answers, groups, uploads, keys, revoked: gone, scans } = this.#acked;
    const lost = [
      ...answers.filter((id) => !answer(id)),
      ...groups.filter((name) => !group(name)),
      ...uploads
        .filter(({ entryId, digest }) => !entry(entryId) || !isWhole(digest))
        .map((one) => one.entryId),
      ...keys.filter((id) => !key(id)),
      ...gone.filter((id) => !revoked(id)).map((id) => `revoked ${id}`),
      ...scans.filter((name) => !scanned(name)),
    ];
    database.close();
    return lost;
  }
}

/** A server that refuses would be asked in a tight loop. */
async function pause({ status }: Heard): Promise<void> {
  if (status >= 300) await setTimeout(20);
}
