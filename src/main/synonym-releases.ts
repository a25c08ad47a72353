import { canonicalJson, parseDigest, type Digest, type Json } from '#core/index.ts';
import { digestOf } from '#platform/index.ts';
import type { ChosenSynonyms } from '#rag/index.ts';
import type { AnswerRoute } from './answer-routes.ts';
import type { Parts } from './compose.ts';

type Release = Pick<AnswerRoute, 'releaseDigest' | 'manifest'>;

function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readManifest(manifest: string): {
  readonly whole: Readonly<Record<string, Json>>;
  readonly index: Readonly<Record<string, Json>>;
} {
  const whole: unknown = JSON.parse(manifest);
  if (!isObject(whole) || !isObject(whole['index'])) throw new TypeError('not a manifest');
  return { whole, index: whole['index'] };
}

/** The list of synonyms that a release names; undefined for none. */
export function synonymsIn(manifest: string): Digest | undefined {
  const { synonyms } = readManifest(manifest).index;
  return typeof synonyms === 'string' ? parseDigest(synonyms) : undefined;
}

/** The releases of tenants that have synonyms: what answers names the list that it was looked for with. */
export class SynonymReleases {
  readonly #parts: Pick<Parts, 'writer' | 'answers' | 'clock'>;
  readonly #known = new Map<string, Promise<Release>>();

  constructor(parts: Pick<Parts, 'writer' | 'answers' | 'clock'>) {
    this.#parts = parts;
  }

  /** The release of a route, written before an answer names it. */
  of({ releaseDigest, manifest }: Release, synonyms: ChosenSynonyms | undefined): Promise<Release> {
    if (synonyms === undefined) return Promise.resolve({ releaseDigest, manifest });
    const key = `${releaseDigest} ${synonyms.digest}`;
    let release = this.#known.get(key);
    if (release === undefined) {
      release = this.#make(manifest, synonyms.digest);
      this.#known.set(key, release);
      release.catch(() => this.#known.delete(key));
    }
    return release;
  }

  async #make(plain: string, synonyms: Digest): Promise<Release> {
    const { whole, index } = readManifest(plain);
    const manifest = canonicalJson({ ...whole, index: { ...index, synonyms } });
    const releaseDigest = digestOf(manifest);
    const { writer, answers, clock } = this.#parts;
    await writer.write({
      statements: [answers.createRelease(releaseDigest, manifest, clock.nowMs())],
      audit: [],
    });
    return { releaseDigest, manifest };
  }
}
