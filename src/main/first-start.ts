import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { principalKey } from '#core/index.ts';
import { basePolicy } from '#identity/index.ts';
import type { Collection, Source } from '#rag/index.ts';
import { createGroup, ensureAclSet, queueScan } from '#usecases/index.ts';
import { FIRST_TENANT, type Parts } from './compose.ts';
import { INSTALLATION } from './product.ts';

/** Relative to where the product is installed. */
const SAMPLES = 'samples/corpus';
/** Name of the collection that they come into. */
export const SAMPLES_COLLECTION = 'ukazka';
/** Groups that the sidecars of the samples name; they have no members until somebody makes some. */
const SAMPLE_GROUPS = ['hr', 'vedeni'];
/** The first answer is not kept waiting for longer by a document that takes long to read. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 20;

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
  const nowMs = parts.clock.nowMs();
  const aclSet = await ensureAclSet(parts, FIRST_TENANT, basePolicy(id));
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

async function ensureGroups(parts: Parts, names: readonly string[]): Promise<void> {
  const known = new Set((await parts.people.groups.list(FIRST_TENANT)).map(({ name }) => name));
  for (const name of names) if (!known.has(name)) await createGroup(parts.people, parts.system, name);
}

async function ensureSource(parts: Parts, collection: Collection, location: string): Promise<Source> {
  const known = await parts.sources.findAt(collection.id, 'folder', location);
  if (known !== undefined) return known;
  const source: Source = {
    id: parts.newId('source'),
    tenantId: collection.tenantId,
    collectionId: collection.id,
    kind: 'folder',
    location,
    isWatched: false,
    validFromMs: undefined,
    scannedAtMs: undefined,
    isPaused: false,
    isRemoved: false,
  };
  const createdAtMs = parts.clock.nowMs();
  await parts.writer.write({
    statements: [parts.sources.createSource({ ...source, createdAtMs })],
    audit: [event(parts, 'source.created', { sourceId: source.id, collectionId: collection.id })],
  });
  return source;
}

/**
 * Takes the sample documents in by the same jobs as any folder; files that did not change are left alone. Waits
 * until they are in, as long as one after the other comes. Returns how many documents of them there are.
 */
export async function loadSamples(parts: Parts): Promise<number> {
  if (!existsSync(resolve(INSTALLATION, SAMPLES))) return 0;
  const collection = await ensureCollection(parts, SAMPLES_COLLECTION, 'Ukázkové dokumenty');
  await ensureGroups(parts, SAMPLE_GROUPS);
  const source = await ensureSource(parts, collection, SAMPLES);
  let last = { queued: 0, indexed: 0, atMs: parts.clock.monotonicMs() };
  const queuedAtMs = parts.clock.nowMs();
  await parts.writer.write({ statements: [queueScan(parts, source, parts.system)], audit: [] });
  parts.jobs.wake();
  for (;;) {
    const scannedAtMs = (await parts.sources.find(FIRST_TENANT, source.id))?.scannedAtMs ?? 0;
    const { queued, indexed } = await parts.sources.countEntries(source.id);
    const isIn = scannedAtMs >= queuedAtMs && queued === 0;
    const atMs = parts.clock.monotonicMs();
    if (queued !== last.queued || indexed !== last.indexed) last = { queued, indexed, atMs };
    if (isIn || atMs - last.atMs > PATIENCE_MS) return indexed;
    await setTimeout(LOOK_MS);
  }
}
