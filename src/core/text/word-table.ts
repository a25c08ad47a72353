import { lowerPlain, normalizedWords, scanPlainWords } from './words.ts';

/** Words remembered at most; a text holds hundreds, a collection tens of thousands. Then it begins anew. */
const MOST_WORDS = 65_536;
/** Twice as many places, so that most words are found at the first. */
const PLACES = 2 * MOST_WORDS;
/** Longer ones are rare, and seldom come twice. */
const LONGEST = 40;

/**
 * What is known of words, looked up where they stand in a text: a word that was seen before is found by its
 * characters, and no string is made of it. An open hash table over FNV-1a, with the words to compare.
 */
export class WordTable<Value> {
  readonly #make: (word: string) => Value;
  readonly #places = new Int32Array(PLACES).fill(-1);
  readonly #hashes = new Int32Array(MOST_WORDS);
  #words: string[] = [];
  #values: Value[] = [];

  /** @param make must be pure, and give something that nobody changes but to fill in what follows from the word. */
  constructor(make: (word: string) => Value) {
    this.#make = make;
  }

  /** Goes through the words of a text in reading order; offsets as `findWords` has them. */
  scan(text: string, onWord: (value: Value, start: number, end: number) => void): void {
    const isPlain = scanPlainWords(text, (start, end) => onWord(this.#at(text, start, end), start, end));
    if (isPlain) return;
    for (const { text: word, start, end } of normalizedWords(text)) {
      onWord(this.#at(word, 0, word.length), start, end);
    }
  }

  #at(text: string, start: number, end: number): Value {
    const length = end - start;
    if (length > LONGEST) return this.#make(text.slice(start, end).toLowerCase());
    let hash = 0x811c9dc5;
    for (let index = start; index < end; index++) {
      hash = Math.imul(hash ^ lowerPlain(text.charCodeAt(index)), 0x01000193);
    }
    let place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    for (let word = this.#places[place]!; word >= 0; word = this.#places[place]!) {
      if (this.#hashes[word] === hash && isSame(this.#words[word]!, text, start, length)) {
        return this.#values[word]!;
      }
      place = (place + 1) & (PLACES - 1);
    }
    return this.#add(text.slice(start, end).toLowerCase(), hash, place);
  }

  #add(word: string, hash: number, place: number): Value {
    const value = this.#make(word);
    if (this.#words.length === MOST_WORDS) {
      this.#places.fill(-1);
      this.#words = [];
      this.#values = [];
      return value;
    }
    this.#places[place] = this.#words.length;
    this.#hashes[this.#words.length] = hash;
    this.#words.push(word);
    this.#values.push(value);
    return value;
  }
}

function isSame(word: string, text: string, start: number, length: number): boolean {
  if (word.length !== length) return false;
  for (let index = 0; index < length; index++) {
    if (word.charCodeAt(index) !== lowerPlain(text.charCodeAt(start + index))) return false;
  }
  return true;
}
