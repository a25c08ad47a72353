import { AppError, parseDigest, type Digest } from '#core/index.ts';
import { EgressError, readLimited, type EgressResponse } from '#platform/index.ts';
import type { HubReference } from './hub-reference.ts';
import { RepositoryReply } from './hub-schema.ts';

/** How the hub is asked; the way out judges every address, also those that a redirect names. */
export interface HubConnection {
  readonly baseUrl: URL;
  send(call: {
    readonly url: URL;
    readonly method: 'GET' | 'HEAD';
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  }): Promise<EgressResponse>;
  /** For repositories that ask for one; sent to the hub alone, never to where it redirects. */
  readonly token: string | undefined;
}

/** A file as the hub describes it, at one commit. */
export interface HubFile {
  readonly commit: string;
  readonly sizeBytes: number;
  readonly digest: Digest;
}

const MAX_REDIRECTS = 3;
const MAX_REPLY_BYTES = 4 * 1024 * 1024;
const COMMIT = /^[0-9a-f]{40}$/;

const quote = (path: string) => path.split('/').map(encodeURIComponent).join('/');

function header(response: EgressResponse, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

async function drain(response: EgressResponse): Promise<void> {
  await readLimited(response.body, MAX_REPLY_BYTES).catch(() => undefined);
}

/** Speaks the protocol of the Hugging Face hub, as far as a model file needs it. */
export class HubClient {
  readonly #hub: HubConnection;
  constructor(hub: HubConnection) {
    this.#hub = hub;
  }

  /**
   * What the hub says of a file: commit, size, and the SHA-256 that its large files carry as `x-linked-etag`.
   * @throws {AppError} model.not_found, auth.required, engine.unavailable
   */
  async describe(reference: HubReference, signal: AbortSignal): Promise<HubFile> {
    const response = await this.#send(this.#fileUrl(reference, reference.revision), 'HEAD', {}, signal);
    await drain(response);
    refuse(response.status, reference);
    const commit = header(response, 'x-repo-commit') ?? '';
    const digest = parseDigest(
      `sha256:${(header(response, 'x-linked-etag') ?? '').replaceAll(/^W\/|"/g, '')}`,
    );
    const sizeBytes = Number(header(response, 'x-linked-size'));
    if (!COMMIT.test(commit) || digest === undefined || !Number.isSafeInteger(sizeBytes) || sizeBytes < 1) {
      throw new AppError(
        'engine.unavailable',
        'The hub did not say which bytes the file has, so it is not fetched.',
      );
    }
    return { commit, sizeBytes, digest };
  }

  /** The licence that the repository names; undefined when it names none. */
  async licenceOf(reference: HubReference, signal: AbortSignal): Promise<string | undefined> {
    const url = new URL(`/api/models/${quote(reference.repository)}`, this.#hub.baseUrl);
    const response = await this.#send(url, 'GET', {}, signal);
    const text = await readLimited(response.body, MAX_REPLY_BYTES);
    if (response.status !== 200) return undefined;
    const reply = RepositoryReply.safeParse(JSON.parse(text));
    const licence = reply.success ? reply.data.cardData?.license : undefined;
    return Array.isArray(licence) ? licence.join(', ') : (licence ?? undefined);
  }

  /**
   * The bytes of a file from `offset` on, at one commit. The server may answer from the start instead: `offset` of the
   * result says where its bytes begin. @throws {AppError} engine.unavailable when the server answers with other bytes.
   */
  async read(
    reference: HubReference,
    file: HubFile,
    offset: number,
    signal: AbortSignal,
  ): Promise<{ readonly offset: number; readonly body: AsyncIterable<Uint8Array> }> {
    const headers = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const response = await this.#follow(this.#fileUrl(reference, file.commit), headers, signal);
    if (response.status === 200) return { offset: 0, body: response.body };
    if (response.status !== 206) await drain(response);
    refuse(response.status, reference);
    const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(header(response, 'content-range') ?? '');
    if (Number(range?.[1]) !== offset || Number(range?.[2]) !== file.sizeBytes) {
      throw new AppError('engine.unavailable', 'The hub answered with other bytes than were asked for.');
    }
    return { offset, body: response.body };
  }

  /** Goes where the hub redirects; every address on the way is judged by the way out. */
  async #follow(
    start: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<EgressResponse> {
    let url = start;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.#send(url, 'GET', headers, signal);
      const location = header(response, 'location');
      if (response.status < 300 || response.status >= 400 || location === undefined) return response;
      await drain(response);
      url = new URL(location, url);
    }
    throw new AppError('engine.unavailable', 'The hub redirects in a circle.');
  }

  #fileUrl({ repository, path }: HubReference, revision: string): URL {
    return new URL(`/${quote(repository)}/resolve/${quote(revision)}/${quote(path)}`, this.#hub.baseUrl);
  }

  async #send(
    url: URL,
    method: 'GET' | 'HEAD',
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<EgressResponse> {
    const { token, baseUrl } = this.#hub;
    const isHub = url.origin === baseUrl.origin;
    try {
      return await this.#hub.send({
        url,
        method,
        headers: {
          ...headers,
          'accept-encoding': 'identity',
          ...(isHub && token !== undefined && { authorization: `Bearer ${token}` }),
        },
        signal,
      });
    } catch (error) {
      if (!(error instanceof EgressError)) throw error;
      const said =
        error.reason === 'refused-address'
          ? 'The hub leads to an address that is not allowed.'
          : 'The hub cannot be reached. Without internet, bring the file and run "hradlo model add FILE".';
      throw new AppError('engine.unavailable', said, { cause: error });
    }
  }
}

function refuse(status: number, { repository, path }: HubReference): void {
  if (status === 200 || status === 206 || (status >= 300 && status < 400)) return;
  if (status === 404) throw new AppError('model.not_found', `The hub has no file ${repository}/${path}.`);
  if (status === 401 || status === 403) {
    throw new AppError(
      'auth.required',
      `The hub asks for a token for ${repository}. Accept its terms there first.`,
    );
  }
  throw new AppError('engine.unavailable', `The hub answered with status ${status}.`);
}
