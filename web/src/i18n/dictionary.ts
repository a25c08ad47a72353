import type { texts as administration } from './cs/administration.ts';
import type { texts as documents } from './cs/documents-pages.ts';
import type { texts as first } from './cs/first.ts';

type Base<Key> = Key extends `${infer Name}_${'one' | 'few' | 'many' | 'other'}` ? Name : Key;

/** The names of the texts of Czech keys `Key`, plurals without their ending. */
type NameOf<Key> = Base<Key>;
type Counted<Key> = Exclude<NameOf<Key>, Key> & string;
type Plain<Key> = Extract<NameOf<Key>, Key> & string;

/** A text's name. */
export type TextKey = NameOf<keyof typeof first | keyof typeof documents | keyof typeof administration>;

/** A language that two plurals suffice for, with all texts of the Czech `Texts`, or it does not compile. */
export type DictionaryOf<Texts> = Readonly<
  Record<Plain<keyof Texts> | `${Counted<keyof Texts>}_${'one' | 'other'}`, string>
>;

/** Czech texts with all four plurals, or it does not compile. */
export type CzechOf<Texts> = Readonly<
  Record<Plain<keyof Texts> | `${Counted<keyof Texts>}_${'one' | 'few' | 'many' | 'other'}`, string>
>;
