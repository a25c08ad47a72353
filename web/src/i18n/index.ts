import { useSyncExternalStore } from 'react';
import type { TextKey } from './dictionary.ts';
import { createTranslate, type Translate } from './translate.ts';

export type { TextKey } from './dictionary.ts';
export type { Translate } from './translate.ts';

export const LANGUAGES = ['cs', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const STORAGE_KEY = 'hradlo.language';

let language: Language = 'cs';
let translate: Translate = (key: TextKey) => key;
let hasAdmin = false;
const listeners = new Set<() => void>();

async function loadTexts(of: Language): Promise<Readonly<Record<string, string>>> {
  return of === 'cs' ? (await import('./cs.ts')).cs : (await import('./en.ts')).en;
}

async function loadAdmin(of: Language): Promise<Readonly<Record<string, string>>> {
  return of === 'cs' ? (await import('./admin-cs.ts')).adminCs : (await import('./admin-en.ts')).adminEn;
}

async function load(next: Language): Promise<void> {
  const [texts, admin] = await Promise.all([loadTexts(next), hasAdmin ? loadAdmin(next) : {}]);
  language = next;
  translate = createTranslate(next, { ...texts, ...admin });
  document.documentElement.lang = next;
}

/** Adds the texts of administration; before a page that uses them is shown. */
export async function loadAdminTexts(): Promise<void> {
  if (hasAdmin) return;
  hasAdmin = true;
  await load(language);
}

/** Loads the texts of the preferred language, which `first.js` put on the page; before the first render. */
export function startTexts(): Promise<void> {
  return load(document.documentElement.lang === 'en' ? 'en' : 'cs');
}

/** Changes the language at once and remembers it. */
export async function changeLanguage(next: Language): Promise<void> {
  await load(next);
  localStorage.setItem(STORAGE_KEY, next);
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
