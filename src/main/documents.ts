import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { JobHandler } from '#contracts/index.ts';
import type { TenantId } from '#core/index.ts';
import { LOCAL_ISSUER, subjectOf, type Subject } from '#identity/index.ts';
import { FolderSource, type SidecarGrant } from '#rag/index.ts';
import {
  ingestHandler,
  KeyedLock,
  scanHandler,
  type ResolvedReaders,
  type ScanDeps,
} from '#usecases/index.ts';
import type { Parts } from './compose.ts';
import { INSTALLATION } from './product.ts';
import { PIPELINE_DIGEST, readDocument } from './read-document.ts';
import { ReadingClient } from './reading-client.ts';

const MAX_READERS = 4;
const CORES = Math.min(MAX_READERS, availableParallelism());
/** Files are read side by side; one core cuts, indexes and writes meanwhile what was read. Answers go before it all. */
const READERS = Math.max(1, CORES - 1);
/** More files are under way than are read: others are looked up and written meanwhile. */
const FILES_UNDER_WAY = CORES + 2;

/** What the use cases about documents are handed. */
export function composeDocuments(parts: Parts, stack: AsyncDisposableStack): ScanDeps {
  const { blobFolder, readFolder } = parts.installation;
  const reading = stack.use(
    new ReadingClient({ readers: READERS, mostReaders: CORES, blobFolder, readFolder }),
  );
  return {
    ...parts,
    sealer: parts.people.sealer,
    pipelineDigest: PIPELINE_DIGEST,
    documentLock: new KeyedLock(),
    read: (request) => readDocument({ ...parts, reading }, request),
    resolveReaders: (tenantId, grants) => resolveReaders(parts, tenantId, grants),
    // The samples lie where the product is installed, wherever that is moved to.
    open: (source) => new FolderSource(resolve(INSTALLATION, source.location)),
  };
}

/** The jobs by which documents come in; as many at once as are read, and some that are being written. */
export function documentHandlers(deps: ScanDeps): JobHandler[] {
  return [scanHandler(deps), ingestHandler(deps, FILES_UNDER_WAY)];
}

async function resolveReaders(
  { people }: Parts,
  tenantId: TenantId,
  grants: readonly SidecarGrant[],
): Promise<ResolvedReaders> {
  const groups = new Map((await people.groups.list(tenantId)).map(({ name, id }) => [name, id]));
  const users = new Map((await people.users.list(tenantId)).map(({ name, id }) => [name, id]));
  const subjects: Subject[] = [];
  const unknown: string[] = [];
  for (const grant of grants) {
    if (grant.kind === 'everyone') continue;
    const group = grant.kind === 'group' ? groups.get(grant.name) : undefined;
    const user = grant.kind === 'user' ? users.get(grant.name) : undefined;
    if (group !== undefined) subjects.push(`group:${group}`);
    else if (user !== undefined) subjects.push(subjectOf({ issuer: LOCAL_ISSUER, subject: user }));
    else unknown.push(`${grant.kind} "${grant.name}"`);
  }
  return { subjects, unknown };
}
