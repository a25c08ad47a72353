import { hasPermission, parseId, type DocumentId, type Principal, type VersionId } from '#core/index.ts';
import type { DocumentsDeps } from '#gateway/index.ts';
import { compareVersions, type ChunkText, type VersionDetail, type VersionLayout } from '#rag/index.ts';
import type { DocumentResponse, LayoutResponse } from '#wire/hradlo/index.ts';
import type { Parts } from './compose.ts';

const iso = (timeMs: number) => new Date(timeMs).toISOString();
const isoOrNull = (timeMs: number | undefined) => (timeMs === undefined ? null : iso(timeMs));

/** Builds what the routes of documents are handed: everything read under the caller's access filter. */
export function createDocumentsDeps(parts: Parts): DocumentsDeps {
  const { documentDetails: details } = parts;
  const accessOf = (principal: Principal) => parts.accessFilters.filterFor(principal);
  const readLayout = async (principal: Principal, text: string): Promise<VersionLayout | undefined> => {
    const id = parseId('version', text);
    return id && details.readLayout(id, await accessOf(principal));
  };
  return {
    async find(principal, text) {
      const id = parseId('document', text);
      return id && findDocument(parts, principal, id);
    },
    async compare(principal, text, query) {
      const [id, from, to] = [
        parseId('document', text),
        parseId('version', query.from),
        parseId('version', query.to),
      ];
      if (id === undefined || from === undefined || to === undefined) return undefined;
      return compare(parts, principal, { id, from, to });
    },
    async answers(principal, text) {
      const id = parseId('document', text);
      const document = id && (await details.find(id, await accessOf(principal)));
      if (document === undefined) return undefined;
      const whose = hasPermission(principal, 'audit.read') ? undefined : principal;
      const uses = await parts.answerUses.listOf(principal.tenantId, document.id, whose);
      return { answers: uses.map(({ createdAtMs, ...use }) => ({ ...use, createdAt: iso(createdAtMs) })) };
    },
    async original(principal, text) {
      const id = parseId('version', text);
      const original = id && (await details.findOriginal(id, await accessOf(principal)));
      const bytes = original && (await parts.blobs.get(original.blobDigest));
      if (original === undefined || bytes === undefined) return undefined;
      return { bytes, fileName: original.sourceKey.slice(original.sourceKey.lastIndexOf('/') + 1) };
    },
    async layout(principal, text) {
      const layout = await readLayout(principal, text);
      return layout && toLayout(layout);
    },
    async boxes(principal, text, span) {
      const layout = await readLayout(principal, text);
      return layout && { boxes: layout.boxesOf(span).map(({ page, box }) => ({ page, box: [...box] })) };
    },
  };
}

async function findDocument(
  parts: Parts,
  principal: Principal,
  id: DocumentId,
): Promise<DocumentResponse | undefined> {
  const access = await parts.accessFilters.filterFor(principal);
  const document = await parts.documentDetails.find(id, access);
  if (document === undefined) return undefined;
  const versions = await parts.documentDetails.listVersions(id, access);
  return {
    id,
    collectionId: document.collectionId,
    path: document.sourceKey,
    externalId: document.externalId ?? null,
    title: document.title,
    dataClass: document.dataClass,
    currentVersionId: document.currentVersionId ?? null,
    removed: document.isRemoved,
    versions: versions.map(toVersion),
  };
}

function toVersion(version: VersionDetail): DocumentResponse['versions'][number] {
  const { metadata } = version;
  return {
    id: version.id,
    edition: version.edition,
    title: version.title,
    language: version.language,
    mediaType: version.mediaType,
    sizeBytes: version.sizeBytes,
    dataClass: version.dataClass,
    digest: version.blobDigest,
    attributes: Object.fromEntries(
      Object.entries(metadata.attributes).map(([name, values]) => [name, [...values]]),
    ),
    file: { ...metadata.file },
    validFrom: iso(version.validFromMs),
    validTo: isoOrNull(version.validToMs),
    recordedFrom: iso(version.recordedFromMs),
    recordedTo: isoOrNull(version.recordedToMs),
  };
}

async function compare(
  parts: Parts,
  principal: Principal,
  { id, from, to }: { id: DocumentId; from: VersionId; to: VersionId },
) {
  const access = await parts.accessFilters.filterFor(principal);
  const known = new Set((await parts.documentDetails.listVersions(id, access)).map((version) => version.id));
  if (!known.has(from) || !known.has(to)) return undefined;
  const [before, after] = await Promise.all(
    [from, to].map((version) => parts.documentDetails.listChunks(id, version, access)),
  );
  const changes = compareVersions(before ?? [], after ?? []);
  return {
    changes: changes.map((one) => ({
      change: one.change,
      before: toPassage(one.before),
      after: toPassage(one.after),
    })),
  };
}

function toPassage(chunk: ChunkText | undefined) {
  if (chunk === undefined) return null;
  const { id, headingPath, page, start, end, text } = chunk;
  return { chunkId: id, headingPath: [...headingPath], page: page ?? null, start, end, text };
}

function toLayout(layout: VersionLayout): LayoutResponse {
  return {
    format: layout.format,
    pages: layout.pages.map(({ number, width, height, ocrConfidence }) => {
      return { number, width, height, ocrConfidence: ocrConfidence ?? null };
    }),
    outline: layout.outline.map((entry) => ({ ...entry, page: entry.page ?? null })),
    removed: layout.removed.map(({ reason, text, page }) => ({ reason, text, page: page ?? null })),
    warnings: layout.warnings.map(({ code, detail }) => ({ code, detail })),
  };
}
