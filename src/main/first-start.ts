import { globSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { principalKey } from '#core/index.ts';
import { basePolicy } from '#identity/index.ts';
import { digestOf } from '#platform/index.ts';
import type { Collection } from '#rag/index.ts';
import { ingestDocument } from '#usecases/index.ts';
import { FIRST_TENANT, type Parts } from './compose.ts';
import { INSTALLATION } from './product.ts';

const SAMPLES = 'samples/corpus';
/** Samples are dated: they hold from this day. */
const SAMPLES_VALID_FROM_MS = Date.UTC(2024, 0, 1);

/** Digest of what turns bytes into chunks; a change of it makes the next ingestion read everything anew. */
export const PIPELINE_DIGEST = digestOf('hradlo.pipeline/1');

/** Makes the first tenant. Doing it again changes nothing. */
export async function ensureTenant(parts: Parts): Promise<void> {
  if ((await parts.documents.listTenants()).length > 0) return;
  const createdAtMs = parts.clock.nowMs();
  await parts.writer.write({
    statements: [parts.documents.createTenant({ id: FIRST_TENANT, name: 'default', createdAtMs })],
    audit: [event(parts, 'tenant.created', { tenantId: FIRST_TENANT })],
  });
}

function event(parts: Parts, kind: string, fields: Readonly<Record<string, string>>) {
  const { issuer, subject, tenantId } = parts.system;
  return { kind, tenantId, actor: { issuer, subject }, atMs: parts.clock.nowMs(), fields };
}

async function ensureCollection(parts: Parts, name: string, title: string): Promise<Collection> {
  const known = await parts.documents.findCollection(FIRST_TENANT, name);
  if (known !== undefined) return known;
  const id = parts.newId('collection');
  const policy = basePolicy(id);
  const nowMs = parts.clock.nowMs();
  await parts.writer.write({ statements: [parts.access.createSet(FIRST_TENANT, policy, nowMs)], audit: [] });
  const aclSet = await parts.access.findSet(FIRST_TENANT, policy);
  if (aclSet === undefined) throw new Error('the access set that was just written is not there');
  const collection = { id, tenantId: FIRST_TENANT, name, title, aclSet };
  await parts.writer.write({
    statements: [
      parts.documents.createCollection({ ...collection, createdAtMs: nowMs }),
      // The samples are nobody's secret.
      parts.access.addGrant({
        tenantId: FIRST_TENANT,
        collectionId: id,
        effect: 'allow',
        subject: 'everyone',
        condition: undefined,
        createdAtMs: nowMs,
        createdBy: principalKey(parts.system),
      }),
    ],
    audit: [event(parts, 'collection.created', { collectionId: id })],
  });
  return collection;
}

/** Takes the sample documents in; files that did not change are left alone. Returns how many are new. */
export async function loadSamples(parts: Parts): Promise<number> {
  const files = globSync('*.md', { cwd: join(INSTALLATION, SAMPLES) }).toSorted();
  if (files.length === 0) return 0;
  const collection = await ensureCollection(parts, 'ukazka', 'Ukázkové dokumenty');
  let added = 0;
  for (const file of files) {
    const outcome = await ingestDocument(
      { ...parts, pipelineDigest: PIPELINE_DIGEST },
      {
        principal: parts.system,
        collection,
        document: {
          sourceKey: file,
          bytes: readFileSync(join(INSTALLATION, SAMPLES, file)),
          mediaType: extname(file) === '.md' ? 'text/markdown' : 'application/octet-stream',
          validFromMs: SAMPLES_VALID_FROM_MS,
          language: 'cs',
        },
      },
    );
    if (outcome.outcome === 'indexed') added += 1;
  }
  return added;
}
