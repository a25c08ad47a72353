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
/** What of it is spoken now. */
let spoken: ReadonlySet<Bundle> = new Set();
const listeners = new Set<() => void>();

/** Loads what is wanted in the wanted language and speaks it from then on; each text is fetched once. */
async function load(): Promise<void> {
  const of = next;
  const names = new Set(wanted);
  const bundles = await Promise.all([...names].map((bundle) => LOADERS[of][bundle]()));
  // Something else came to be wanted meanwhile.
  if (of !== next || names.size < wanted.size) return load();
  language = of;
  spoken = names;
  translate = createTranslate(of, Object.assign({}, ...bundles.map(({ texts }) => texts)));
  document.documentElement.lang = of;
}

/** Lets a page or a dialog bring its texts with it. Administration speaks of documents, too. */
export function withTexts<Module>(
  bundle: 'documents' | 'administration',
  open: () => Promise<Module>,
): () => Promise<Module> {
  return async () => {
    wanted.add('documents').add(bundle);
    // Also when they were wanted before and could not be fetched, or are just on their way.
    const [module] = await Promise.all([open(), spoken.has(bundle) || load()]);
    return module;
  };
}

/** Loads the texts of the preferred language, which `first.js` put on the page; before the first render. */
export function startTexts(): Promise<void> {
  next = document.documentElement.lang === 'en' ? 'en' : 'cs';
  return load();
}

/** Changes the language at once and remembers it. */
export async function changeLanguage(to: Language): Promise<void> {
  next = to;
  try {
    await load();
  } catch (error) {
    // The line is gone: what is spoken stays.
    next = language;
    throw error;
  }
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
