/** A corpus for measurements: clustered vectors, Zipf words, documents of 2 to 14 chunks, 200 access sets. */
export interface SyntheticCorpus {
  readonly chunkCount: number;
  readonly dimensions: number;
  /** Chunk by chunk, in order; the vector is only valid until the next one. */
  chunks(): Generator<SyntheticChunk>;
  /** Questions made of a chunk's own words and its vector with noise. */
  readonly queries: readonly SyntheticQuery[];
}

export interface SyntheticChunk {
  readonly row: number;
  readonly document: number;
  readonly aclSet: number;
  readonly collection: number;
  readonly text: string;
  readonly vector: Float32Array;
}

export interface SyntheticQuery {
  readonly text: string;
  readonly vector: Float32Array;
}

/** Access sets by the share of chunks that they show: all, about a tenth, about a hundredth. */
export const VISIBLE = {
  '100 %': Array.from({ length: 200 }, (_, index) => index + 1),
  '10 %': Array.from({ length: 20 }, (_, index) => index * 10 + 4),
  '1 %': [58, 134],
} as const;

const CLUSTERS = 200;
const LATENT = 32;
const VOCABULARY = 60_000;
const QUERIES = 100;
const SYLLABLES =
  'ka ro vé sta ni po dě lu zá mě re ti on al ing com pra ško mo vý ter in sy dat ří žen ob ja ki nu be ce lá šu du ge fi ho'.split(
    ' ',
  );

/** A small, fast generator with a start that makes every run the same. */
function mulberry(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A spare value is kept, since the transform gives two. */
function gaussian(random: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

function cumulative(size: number, weight: (index: number) => number): Float64Array {
  const sums = new Float64Array(size);
  let sum = 0;
  for (let index = 0; index < size; index++) sums[index] = sum += weight(index);
  return sums;
}

function pick(sums: Float64Array, random: () => number): number {
  const wanted = random() * sums.at(-1)!;
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function makeVocabulary(random: () => number): string[] {
  const words = new Set<string>();
  while (words.size < VOCABULARY) {
    const length = 2 + Math.floor(random() * 3);
    words.add(Array.from({ length }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]).join(''));
  }
  return [...words];
}

function normalized(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const factor = 1 / Math.sqrt(squares);
  for (let index = 0; index < vector.length; index++) vector[index]! *= factor;
  return vector;
}

export function makeCorpus(chunkCount: number, dimensions = 384): SyntheticCorpus {
  const random = mulberry(12_345);
  const gauss = gaussian(random);
  const vocabulary = makeVocabulary(random);
  const zipf = cumulative(VOCABULARY, (index) => 1 / (index + 2.7) ** 1.05);
  const clusters = cumulative(CLUSTERS, (index) => 1 / (index + 8) ** 0.8);
  const centres = new Float32Array(CLUSTERS * dimensions).map(gauss);
  const basis = new Float32Array(LATENT * dimensions).map(() => gauss() / Math.sqrt(LATENT));
  const latent = new Float64Array(LATENT);

  function fillVector(vector: Float32Array, cluster: number, own: () => number): void {
    for (let index = 0; index < LATENT; index++) latent[index] = own();
    for (let index = 0; index < dimensions; index++) {
      let value = 0.55 * centres[cluster * dimensions + index]! + 0.25 * own();
      for (let row = 0; row < LATENT; row++) value += latent[row]! * basis[row * dimensions + index]!;
      vector[index] = value;
    }
    normalized(vector);
  }

  function* chunks(): Generator<SyntheticChunk> {
    const own = mulberry(67_890);
    const ownGauss = gaussian(own);
    const vector = new Float32Array(dimensions);
    const document = { number: 0, left: 0, cluster: 0, aclSet: 1, collection: 0 };
    for (let row = 1; row <= chunkCount; row++) {
      if (document.left === 0) {
        document.number += 1;
        document.left = 2 + Math.floor(own() * 13);
        document.cluster = pick(clusters, own);
        document.aclSet = 1 + (own() < 0.5 ? document.cluster : Math.floor(own() * 200));
        document.collection = Math.floor(own() * 20);
      }
      document.left -= 1;
      const cluster = own() < 0.8 ? document.cluster : pick(clusters, own);
      fillVector(vector, cluster, ownGauss);
      const words = Array.from({ length: 80 + Math.floor(own() * 80) }, () => {
        const isTopical = own() < 0.2;
        const word = isTopical
          ? 150 + ((cluster * 997 + Math.floor(own() * 400) * 131) % 20_000)
          : pick(zipf, own);
        return vocabulary[word]!;
      });
      const { number, aclSet, collection } = document;
      yield { row, document: number, aclSet, collection, text: words.join(' '), vector };
    }
  }

  const ranks = new Map(vocabulary.map((word, rank) => [word, rank]));
  const queries: SyntheticQuery[] = [];
  const every = Math.max(1, Math.floor(Math.min(chunkCount, 20_000) / QUERIES));
  for (const { row, text, vector } of chunks()) {
    if (row % every !== 0) continue;
    const words = [...new Set(text.split(' '))];
    const rare = words.filter((word) => ranks.get(word)! >= 500).slice(0, 3);
    const common = words.filter((word) => ranks.get(word)! >= 50 && ranks.get(word)! < 500).slice(0, 2);
    const noisy = vector.map((value) => value + (0.6 * gauss()) / Math.sqrt(dimensions));
    queries.push({ text: [...rare, ...common].join(' '), vector: normalized(noisy) });
    if (queries.length === QUERIES) break;
  }
  return { chunkCount, dimensions, chunks, queries };
}
