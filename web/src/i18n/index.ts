import { useSyncExternalStore } from 'react';
import type { TextKey } from './dictionary.ts';
import { createTranslate, type Translate } from './translate.ts';

export type { TextKey } from './dictionary.ts';
export type { Translate } from './translate.ts';

export const LANGUAGES = ['cs', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

type Texts = Readonly<Record<string, string>>;
/** Texts that are loaded together. Whoever opens a page that needs more than the first brings it. */
type Bundle = 'first' | 'documents' | 'administration';

const LOADERS: Readonly<
  Record<Language, Readonly<Record<Bundle, () => Promise<{ readonly texts: Texts }>>>>
> = {
  cs: {
    first: () => import('./cs/first.ts'),
    documents: () => import('./cs/documents-pages.ts'),
    administration: () => import('./cs/administration.ts'),
  },
  en: {
    first: () => import('./en/first.ts'),
    documents: () => import('./en/documents-pages.ts'),
    administration: () => import('./en/administration.ts'),
  },
};

const STORAGE_KEY = 'hradlo.language';

/** What is spoken now. */
let language: Language = 'cs';
let translate: Translate = (key: TextKey) => key;
/** What is to be spoken, and of what. */
let next: Language = 'cs';
const wanted = new Set<Bundle>(['first']);
let speaking: Promise<void> = Promise.resolve();
const listeners = new Set<() => void>();

/** Loads what is wanted in the wanted language and speaks it from then on; each text is fetched once. */
async function load(): Promise<void> {
  const of = next;
  const count = wanted.size;
  const bundles = await Promise.all([...wanted].map((bundle) => LOADERS[of][bundle]()));
  // Something else came to be wanted meanwhile.
  if (of !== next || count < wanted.size) return load();
  language = of;
  translate = createTranslate(of, Object.assign({}, ...bundles.map(({ texts }) => texts)));
  document.documentElement.lang = of;
}

function speak(): Promise<void> {
  speaking = load();
  return speaking;
}

/** Lets a page or a dialog bring its texts with it. Administration speaks of documents, too. */
export function withTexts<Module>(
  bundle: 'documents' | 'administration',
  open: () => Promise<Module>,
): () => Promise<Module> {
  return async () => {
    const missing = (['documents', bundle] as const).filter((one) => !wanted.has(one));
    for (const one of missing) wanted.add(one);
    const [module] = await Promise.all([open(), missing.length > 0 ? speak() : speaking]);
    return module;
  };
}

/** Loads the texts of the preferred language, which `first.js` put on the page; before the first render. */
export function startTexts(): Promise<void> {
  next = document.documentElement.lang === 'en' ? 'en' : 'cs';
  return speak();
}

/** Changes the language at once and remembers it. */
export async function changeLanguage(to: Language): Promise<void> {
  next = to;
  await speak();
  localStorage.setItem(STORAGE_KEY, to);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => language);
}

/** The texts in the reader's language; what calls it renders anew when the language changes. */
export function useTranslation(): Translate {
  return useSyncExternalStore(subscribe, () => translate);
}
