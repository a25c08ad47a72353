import { createReadStream } from 'node:fs';
import { hostname } from 'node:os';
import { EntriesResponse, SourceResponse, type EntryResponse } from '#wire/hradlo/index.ts';
import { CliError, type Client } from './client.ts';
import { digestOfBytes, digestOfFile, listLocalFiles, type LocalFile } from './local-files.ts';

const ENTRIES_PER_PAGE = 1000;
/** Files sent side by side: small ones would else wait for each other's answers. */
const FILES_AT_ONCE = 4;

/** How far the sending of a folder has come. */
export interface UploadProgress {
  readonly stage: 'sending';
  readonly files: { readonly done: number; readonly total: number };
  readonly bytes: { readonly done: number; readonly total: number };
  readonly bytesPerSecond: number | null;
  readonly remainingSeconds: number | null;
}

export interface UploadedFolder {
  readonly source: SourceResponse;
  readonly sent: number;
  readonly unchanged: number;
  readonly removed: number;
  /** Files that the server did not take, and why. */
  readonly refused: readonly { readonly path: string; readonly message: string }[];
}

/**
 * Sends a folder of this computer to the server: what is new or other there, with sidecars, and takes out what is gone.
 * Ended half-way it goes on with the next call, because only what the server does not have is sent.
 */
export async function uploadFolder(
  client: Client,
  given: {
    readonly folder: string;
    readonly collection: string;
    readonly validFrom: string | undefined;
    readonly passwords: readonly string[] | undefined;
  },
  show: (progress: UploadProgress) => void,
): Promise<UploadedFolder> {
  const { folder, collection, validFrom, passwords } = given;
  const label = `${hostname()}:${folder}`;
  const body = { collection, label, ...(validFrom && { validFrom }), ...(passwords && { passwords }) };
  const source = SourceResponse.parse(await client.json('POST', '/hradlo/v1/uploads', body));
  const known = await listEntries(client, source.id);
  const changed: LocalFile[] = [];
  let unchanged = 0;
  for (const file of await readFolder(folder)) {
    const entry = known.get(file.key);
    known.delete(file.key);
    if (entry !== undefined && (await isSame(file, entry))) unchanged += 1;
    else changed.push(file);
  }
  const refused = await sendAll(client, source.id, changed, show);
  for (const { id } of known.values()) await client.send('DELETE', `/hradlo/v1/entries/${id}`);
  return { source, sent: changed.length - refused.length, unchanged, removed: known.size, refused };
}

async function readFolder(folder: string): Promise<LocalFile[]> {
  try {
    return await Array.fromAsync(listLocalFiles(folder));
  } catch {
    throw new CliError(`The folder ${folder} cannot be read.`, 2);
  }
}

/** What the server has of the folder by path; files inside of archives are the server's own business. */
async function listEntries(client: Client, sourceId: string): Promise<Map<string, EntryResponse>> {
  const known = new Map<string, EntryResponse>();
  for (let after: string | null = ''; after !== null;) {
    const path = `/hradlo/v1/sources/${sourceId}/entries?limit=${ENTRIES_PER_PAGE}&after=${encodeURIComponent(after)}`;
    const page: EntriesResponse = EntriesResponse.parse(await client.json('GET', path));
    for (const entry of page.entries) if (!entry.path.includes('!/')) known.set(entry.path, entry);
    after = page.next;
  }
  return known;
}

async function isSame(file: LocalFile, entry: EntryResponse): Promise<boolean> {
  const sidecar = file.sidecar === undefined ? null : digestOfBytes(file.sidecar);
  if (entry.sizeBytes !== file.sizeBytes || entry.sidecarDigest !== sidecar) return false;
  return entry.digest === (await digestOfFile(file.path));
}

async function sendAll(
  client: Client,
  sourceId: string,
  files: readonly LocalFile[],
  show: (progress: UploadProgress) => void,
): Promise<UploadedFolder['refused']> {
  const refused: { path: string; message: string }[] = [];
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const startedAt = performance.now();
  let [done, doneBytes] = [0, 0];
  const tell = (): void => {
    const seconds = (performance.now() - startedAt) / 1000;
    const rate = doneBytes > 0 && seconds > 0 ? doneBytes / seconds : null;
    show({
      stage: 'sending',
      files: { done, total: files.length },
      bytes: { done: doneBytes, total },
      bytesPerSecond: rate,
      remainingSeconds: rate === null ? null : (total - doneBytes) / rate,
    });
  };
  const waiting = files.values();
  const sender = async (): Promise<void> => {
    for (const file of waiting) {
      try {
        await sendOne(client, sourceId, file, (bytes) => (doneBytes += bytes));
      } catch (error) {
        // A file that the server does not take stops nobody; a server that is gone does.
        if (!(error instanceof CliError) || error.isAway) throw error;
        refused.push({ path: file.key, message: error.message });
      }
      done += 1;
      tell();
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, sender));
  return refused;
}

async function sendOne(
  client: Client,
  sourceId: string,
  { key, path, sidecar }: LocalFile,
  onSent: (bytes: number) => void,
): Promise<void> {
  const query = new URLSearchParams({ path: key, sidecarBytes: String(sidecar?.length ?? 0) });
  async function* pieces(): AsyncGenerator<Uint8Array> {
    if (sidecar !== undefined) yield sidecar;
    for await (const piece of createReadStream(path)) {
      const bytes = Buffer.from(piece);
      yield bytes;
      onSent(bytes.length);
    }
  }
  const response = await client.sendStream(
    'POST',
    `/hradlo/v1/sources/${sourceId}/files?${query.toString()}`,
    pieces(),
  );
  response.resume();
}
