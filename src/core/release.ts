import { canonicalJson, type Json } from './canonical-json.ts';
import type { Digest } from './ids.ts';

/**
 * Everything that decides what an answer looks like. Content-addressed: its digest stands in every answer,
 * and two answers with one digest were made by the same machinery. Unset parts are null, not missing.
 */
export interface ReleaseManifest {
  readonly schema: 'hradlo.release/1';
  /** `name` of the answering model; for a quoting answerer its name and version. */
  readonly model: { readonly name: string; readonly digest: Digest | null };
  readonly quantization: string | null;
  readonly adapter: Digest | null;
  readonly chatTemplate: Digest | null;
  /** Digest of the prompt's fixed parts and of the form that question and evidence are put into. */
  readonly prompt: Digest;
  /** Digest of what judges at each step. */
  readonly policy: Digest;
  /** Digest of the ingestion pipeline's version and settings. */
  readonly pipeline: Digest;
  readonly index: {
    readonly analyzer: string;
    /** Digest of how scores add up, with every constant. */
    readonly ranking: string;
    readonly embeddingModel: Digest | null;
    readonly rerankingModel: Digest | null;
    /** The tenant's list of synonyms. */
    readonly synonyms: Digest | null;
  };
  /** Version of the product that computed it. */
  readonly product: string;
}

/** The bytes that the digest of a manifest is taken of. */
export function encodeManifest(manifest: ReleaseManifest): string {
  const plain: Json = { ...manifest, model: { ...manifest.model }, index: { ...manifest.index } };
  return canonicalJson(plain);
}
