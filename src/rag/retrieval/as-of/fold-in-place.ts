import { foldDiacritics } from '#core/index.ts';

/** Lower case without diacritics, place by place: offsets are those of `text`, which must be composed (NFC). */
export function foldInPlace(text: string): string {
  let folded = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    const plain = foldDiacritics(character.toLowerCase());
    folded += plain.length === 1 ? plain : character;
  }
  return folded;
}
