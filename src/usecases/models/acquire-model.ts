import { basename } from 'node:path';
import type { JobHandler, JobRun } from '#contracts/index.ts';
import { AppError, type AuditEvent, type Digest, type Json } from '#core/index.ts';
import {
  artifactPath,
  inspectModelFile,
  keepModelFile,
  parseHubReference,
  type Artifact,
  type HubClient,
  type HubFile,
  type HubReference,
  type ModelPurpose,
  type ModelStore,
} from '#registry/index.ts';

export interface AcquireDeps {
  readonly models: ModelStore;
  readonly folder: string;
  readonly hub: Pick<HubClient, 'describe' | 'licenceOf'>;
  nowMs(): number;
  /** Brings the bytes of a file of the hub to their place in the folder. @throws {AppError} see `download`. */
  fetchFile(
    wanted: { readonly reference: HubReference; readonly file: HubFile },
    watch: { readonly signal: AbortSignal; onProgress(doneBytes: number): void },
  ): Promise<void>;
  /** What is registered changed: start and stop accordingly. */
  onChanged(): Promise<void>;
}

/** What a job to acquire a model carries. */
export interface AcquirePayload {
  /** Path of a file on the server, or `hf:org/repo/file.gguf`. */
  readonly source: string;
  readonly name: string;
  readonly purpose: ModelPurpose;
  readonly contextTokens: number | undefined;
  /** Digest of a chat template that an administrator has read and accepts. */
  readonly approvedTemplate: string | undefined;
}

/** The payload as JSON, and back. */
export function encodeAcquire(payload: AcquirePayload): Json {
  const { source, name, purpose, contextTokens, approvedTemplate } = payload;
  return {
    source,
    name,
    purpose,
    contextTokens: contextTokens ?? null,
    approvedTemplate: approvedTemplate ?? null,
  };
}

function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw new TypeError('not a payload');
  return value;
}

function decodeAcquire(payload: Json): AcquirePayload {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new TypeError('not a payload');
  const fields = new Map(Object.entries(payload));
  const purpose = fields.get('purpose');
  const context = fields.get('contextTokens');
  const template = fields.get('approvedTemplate');
  return {
    source: text(fields.get('source')),
    name: text(fields.get('name')),
    purpose: purpose === 'embedding' || purpose === 'reranking' ? purpose : 'chat',
    contextTokens: typeof context === 'number' ? context : undefined,
    approvedTemplate: typeof template === 'string' ? template : undefined,
  };
}

interface Kept {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly revision: string | undefined;
  readonly licence: string | undefined;
}

/**
 * Brings a model file in, from a path or from the hub, judges it and gives it its name. Runs again from the start
 * harmlessly: bytes that are there stay, a finished file is not fetched twice.
 */
export function createAcquireModel(deps: AcquireDeps): JobHandler {
  return {
    kind: 'model.acquire',
    async run(run) {
      const payload = decodeAcquire(run.job.payload);
      const kept = payload.source.startsWith('hf:')
        ? await fetchFromHub(deps, payload.source, run)
        : await keepFromPath(deps, payload.source, run);
      await judge(deps, payload, kept);
      const addedAtMs = deps.nowMs();
      const { name, purpose, contextTokens, approvedTemplate } = payload;
      const artifact: Artifact = {
        ...kept,
        fileName: basename(payload.source),
        source: payload.source.startsWith('hf:') ? payload.source : 'file',
        approvedTemplate,
        addedAtMs,
      };
      const behind = { kind: 'artifact', digest: kept.digest } as const;
      await run.finish({
        statements: [
          deps.models.saveArtifact(artifact),
          deps.models.saveModel({ name, purpose, behind, contextTokens, addedAtMs }),
          deps.models.markLoaded(name),
        ],
        audit: [toEvent(run, addedAtMs, { name, digest: kept.digest, licence: kept.licence ?? null })],
      });
      await deps.onChanged();
    },
  };
}

function toEvent(run: JobRun, atMs: number, fields: AuditEvent['fields']): AuditEvent {
  return { kind: 'model.added', tenantId: run.job.tenantId, actor: run.job.requestedBy, atMs, fields };
}

async function keepFromPath(deps: AcquireDeps, path: string, run: JobRun): Promise<Kept> {
  const kept = await keepModelFile(path, {
    folder: deps.folder,
    signal: run.signal,
    onProgress: (done, total) => run.progress('copy', done, total),
  });
  return { ...kept, revision: undefined, licence: undefined };
}

async function fetchFromHub(deps: AcquireDeps, source: string, run: JobRun): Promise<Kept> {
  const reference = parseHubReference(source);
  if (reference === undefined) {
    throw new AppError('input.invalid', 'A file of the hub is named hf:org/repo/file.gguf, or …@revision.');
  }
  const file = await deps.hub.describe(reference, run.signal);
  const licence = await deps.hub.licenceOf(reference, run.signal);
  const onProgress = (doneBytes: number) => run.progress('fetch', doneBytes, file.sizeBytes);
  await deps.fetchFile({ reference, file }, { signal: run.signal, onProgress });
  return { digest: file.digest, sizeBytes: file.sizeBytes, revision: file.commit, licence };
}

/** No file gets a name that the preflight does not let in. @throws {AppError} input.invalid */
async function judge(deps: AcquireDeps, payload: AcquirePayload, kept: Kept): Promise<void> {
  const inspected = await inspectModelFile(artifactPath(deps.folder, kept.digest), payload.approvedTemplate);
  if (inspected.verdict === 'refused') throw new AppError('input.invalid', inspected.reason);
  if (inspected.digest !== kept.digest)
    throw new AppError('storage.damaged', 'The model file changed on the disk.');
}
