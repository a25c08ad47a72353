import { z } from 'zod';
import { canonicalJson, type Json } from '#core/index.ts';

/** What is kept of a version beside its text. */
export interface VersionMetadata {
  /** Labels from the sidecar. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Title from the sidecar; it goes before the one in the file. */
  readonly statedTitle: string | undefined;
  /** What the file says of itself: title, author, times. */
  readonly file: Readonly<Record<string, string>>;
}

const Metadata = z.object({
  attributes: z.record(z.string(), z.array(z.string())).default({}),
  statedTitle: z.string().optional(),
  file: z.record(z.string(), z.string()).default({}),
});

/** Equal metadata have equal texts. */
export function encodeMetadata(metadata: VersionMetadata): string {
  const attributes = Object.entries(metadata.attributes).map(([name, values]): [string, Json] => [
    name,
    [...values],
  ]);
  return canonicalJson({
    attributes: Object.fromEntries(attributes),
    ...(metadata.statedTitle !== undefined && { statedTitle: metadata.statedTitle }),
    file: { ...metadata.file },
  });
}

/** Reads metadata out of a row. @throws {z.ZodError} when the row is damaged. */
export function parseMetadata(text: string): VersionMetadata {
  const { attributes, statedTitle, file } = Metadata.parse(JSON.parse(text));
  return { attributes, statedTitle, file };
}

/** What is stated of a text from outside of it, in one spelling: equal ones say the same. */
export function detailsOf(metadata: Omit<VersionMetadata, 'file'>, dataClass: string): string {
  return `${dataClass} ${encodeMetadata({ ...metadata, file: {} })}`;
}
