import { isPlainLetter, lowerPlain, normalizedWords, readPlainCodes } from './words.ts';

/** Words remembered at most; a text holds hundreds, a collection tens of thousands. Then it begins anew. */
const MOST_WORDS = 65_536;
/** Characters of all of them together. */
const MOST_CHARACTERS = 10 * MOST_WORDS;
/** Twice as many places, so that most words are found at the first. */
const PLACES = 2 * MOST_WORDS;
/** Numbers of a place: the word's hash, its own number and 1, where its characters begin, and how many there are. */
const PLACE_SIZE = 4;
/** Longer ones are rare, and seldom come twice. */
const LONGEST = 40;
const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;
const SHORTEST_BUFFER = 4_096;

type OnWord<Value> = (value: Value, start: number, end: number) => void;

/** Characters of texts that are being gone through; what is asked about a word may go through another text. */
const freeBuffers: Uint16Array[] = [];

function takeBuffer(length: number): Uint16Array {
  const free = freeBuffers.pop();
  if (free !== undefined && free.length >= length) return free;
  return new Uint16Array(Math.max(SHORTEST_BUFFER, length));
}

/**
 * What is known of words, looked up where they stand in a text: a word that was seen before is found by its
 * characters, and no string is made of it. An open hash table over FNV-1a, with the words to compare; everything that
 * tells a word lies together, as most of a look-up is waiting for memory.
 */
export class WordTable<Value> {
  readonly #make: (word: string) => Value;
  readonly #places = new Int32Array(PLACES * PLACE_SIZE);
  readonly #characters = new Uint16Array(MOST_CHARACTERS);
  #used = 0;
  #values: Value[] = [];

  /** @param make must be pure, and give something that nobody changes but to fill in what follows from the word. */
  constructor(make: (word: string) => Value) {
    this.#make = make;
  }

  /** Goes through the words of a text in reading order; offsets as `findWords` has them. */
  scan(text: string, onWord: OnWord<Value>): void {
    const codes = takeBuffer(text.length);
    try {
      if (readPlainCodes(text, codes)) this.#scanPlain(codes, text.length, onWord);
      else {
        for (const { text: word, start, end } of normalizedWords(text)) onWord(this.#find(word), start, end);
      }
    } finally {
      freeBuffers.push(codes);
    }
  }

  #scanPlain(codes: Uint16Array, length: number, onWord: OnWord<Value>): void {
    let start = -1;
    let hash = HASH_START;
    for (let index = 0; index < length; index++) {
      const code = codes[index]!;
      if (isPlainLetter(code)) {
        if (start < 0) start = index;
        const lower = lowerPlain(code);
        codes[index] = lower;
        hash = Math.imul(hash ^ lower, HASH_FACTOR);
      } else if (start >= 0) {
        onWord(this.#at(codes, start, index, hash), start, index);
        start = -1;
        hash = HASH_START;
      }
    }
    if (start >= 0) onWord(this.#at(codes, start, length, hash), start, length);
  }

  /** A word that stands by itself, in lower case. */
  #find(word: string): Value {
    if (word.length > LONGEST) return this.#make(word);
    const codes = takeBuffer(word.length);
    try {
      let hash = HASH_START;
      for (let index = 0; index < word.length; index++) {
        const code = (codes[index] = word.charCodeAt(index));
        hash = Math.imul(hash ^ code, HASH_FACTOR);
      }
      return this.#at(codes, 0, word.length, hash);
    } finally {
      freeBuffers.push(codes);
    }
  }

  #at(codes: Uint16Array, start: number, end: number, hash: number): Value {
    const length = end - start;
    if (length > LONGEST) return this.#make(String.fromCharCode(...codes.subarray(start, end)));
    const places = this.#places;
    const mask = PLACES - 1;
    let place = (hash ^ (hash >>> 15)) & mask;
    for (let at = place * PLACE_SIZE; places[at + 1] !== 0; at = place * PLACE_SIZE) {
      if (
        places[at] === hash &&
        places[at + 3] === length &&
        this.#isSame(places[at + 2]!, codes, start, end)
      )
        return this.#values[places[at + 1]! - 1]!;
      place = (place + 1) & mask;
    }
    return this.#add(codes.slice(start, end), hash);
  }

  #isSame(at: number, codes: Uint16Array, start: number, end: number): boolean {
    const characters = this.#characters;
    let known = at;
    for (let index = start; index < end; index++) if (characters[known++] !== codes[index]) return false;
    return true;
  }

  #add(word: Uint16Array, hash: number): Value {
    const value = this.#make(String.fromCharCode(...word));
    if (this.#values.length === MOST_WORDS || this.#used + word.length > MOST_CHARACTERS) {
      this.#places.fill(0);
      this.#values = [];
      this.#used = 0;
    }
    // Making the value may have asked for other words, so that the place is looked for now.
    let place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    while (this.#places[place * PLACE_SIZE + 1] !== 0) place = (place + 1) & (PLACES - 1);
    this.#characters.set(word, this.#used);
    this.#places.set([hash, this.#values.push(value), this.#used, word.length], place * PLACE_SIZE);
    this.#used += word.length;
    return value;
  }
}
