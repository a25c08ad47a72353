import type { AccessFilter, VersionId } from '#core/index.ts';
import type { PassageResponse } from '#wire/hradlo/index.ts';
import type { Parts } from './compose.ts';

/** The readable text of a version, as the page shows it; undefined if there is none, whatever the reason. */
export async function readPassage(
  parts: Pick<Parts, 'chunks'>,
  versionId: VersionId,
  access: AccessFilter,
): Promise<PassageResponse | undefined> {
  const passage = await parts.chunks.readPassage(versionId, access);
  if (passage === undefined) return undefined;
  return {
    versionId,
    documentId: passage.documentId,
    mediaType: passage.mediaType,
    title: passage.title,
    validFrom: new Date(passage.validFromMs).toISOString(),
    chunks: passage.chunks.map((chunk) => ({
      ...chunk,
      headingPath: [...chunk.headingPath],
      page: chunk.page ?? null,
    })),
  };
}
