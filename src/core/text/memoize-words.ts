/** Words remembered at least; a text holds hundreds, a collection tens of thousands. */
const REMEMBERED = 16_384;
/** Longer ones are rare, and seldom come twice. */
const LONGEST = 40;

/**
 * The same function with what it gave for the words used last. Texts repeat their words, so most are found. Two
 * generations: when the young one is full it becomes the old one, and what is used again comes back from there.
 * @param make must be pure, and give something that nobody changes.
 */
export function memoizeWords<Value>(make: (word: string) => Value): (word: string) => Value {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  return (word) => {
    const known = young.get(word);
    if (known !== undefined) return known;
    const value = old.get(word) ?? make(word);
    if (word.length > LONGEST) return value;
    if (young.size >= REMEMBERED) {
      old = young;
      young = new Map();
    }
    young.set(word, value);
    return value;
  };
}
