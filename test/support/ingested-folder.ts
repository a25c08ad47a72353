import { setTimeout } from 'node:timers/promises';
import {
  DocumentResponse,
  EntriesResponse,
  LayoutResponse,
  PassageResponse,
  SourceResponse,
  type EntryResponse,
} from '../../src/wire/hradlo/index.ts';
import { Visitor } from './visitor.ts';

const PAGE = 1000;
const STEP_MS = 200;

/** Documents of the running product as a program sees them over HTTP. */
export class DocumentCaller {
  readonly #visitor: Visitor;

  constructor(url: string) {
    this.#visitor = new Visitor(url);
  }

  async #get(path: string): Promise<unknown> {
    const { status, body, text } = await this.#visitor.say('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${text.slice(0, 200)}`);
    return body;
  }

  /** Lets a folder come in; resolves with the id of its source. */
  async addFolder(folder: string, collection: string): Promise<string> {
    const { body } = await this.#visitor.say('POST', '/hradlo/v1/sources', { body: { folder, collection } });
    return SourceResponse.parse(body).id;
  }

  /** Waits until nothing of a source waits any more. `onStep` hears of every look. @throws {Error} after too long. */
  async whenDone(sourceId: string, patienceMs: number, onStep: () => void): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      const source = SourceResponse.parse(await this.#get(`/hradlo/v1/sources/${sourceId}`));
      onStep();
      if (source.scannedAt !== null && source.files.queued === 0) return;
      await setTimeout(STEP_MS);
    }
    throw new Error('the files did not come in in time');
  }

  /** All files of a source, those inside of others too. */
  async entries(sourceId: string): Promise<EntryResponse[]> {
    const all: EntryResponse[] = [];
    for (let after: string | null = ''; after !== null;) {
      const query = `limit=${PAGE}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`;
      const page = EntriesResponse.parse(await this.#get(`/hradlo/v1/sources/${sourceId}/entries?${query}`));
      all.push(...page.entries);
      after = page.next;
    }
    return all;
  }

  /** What a document says: its text, and what was left out of it. */
  async textOf(documentId: string): Promise<string> {
    const { currentVersionId } = DocumentResponse.parse(
      await this.#get(`/hradlo/v1/documents/${documentId}`),
    );
    if (currentVersionId === null) return '';
    const { chunks } = PassageResponse.parse(
      await this.#get(`/hradlo/v1/versions/${currentVersionId}/passage`),
    );
    const { removed } = LayoutResponse.parse(
      await this.#get(`/hradlo/v1/versions/${currentVersionId}/layout`),
    );
    return [...chunks, ...removed].map(({ text }) => text).join('\n');
  }
}
