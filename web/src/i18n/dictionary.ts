import type { cs } from './cs.ts';

type CzechKey = keyof typeof cs;
type Base<Key> = Key extends `${infer Name}_${'one' | 'few' | 'many' | 'other'}` ? Name : Key;

/** A text's name, plurals without their ending. */
export type TextKey = Base<CzechKey>;

type Counted = Exclude<TextKey, CzechKey>;
type Plain = Extract<TextKey, CzechKey>;

/** A language that English plurals suffice for: complete, or it does not compile. */
export type Dictionary = Readonly<Record<Plain | `${Counted}_${'one' | 'other'}`, string>>;

/** The Czech texts: complete in all four forms, or it does not compile. */
export type CzechDictionary = Readonly<
  Record<Plain | `${Counted}_${'one' | 'few' | 'many' | 'other'}`, string>
>;
