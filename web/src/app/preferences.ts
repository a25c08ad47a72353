import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

interface Preferences {
  readonly theme: Theme;
  readonly isSidebarShown: boolean;
  /** Shortcuts of one key alone, such as `?`; some people who speak to their computer must turn them off. */
  readonly hasSingleKeys: boolean;
}

const KEYS = {
  theme: 'hradlo.theme',
  isSidebarShown: 'hradlo.sidebar',
  hasSingleKeys: 'hradlo.singleKeys',
} as const satisfies Record<keyof Preferences, string>;

function read(): Preferences {
  const theme = localStorage.getItem(KEYS.theme);
  return {
    theme: THEMES.find((known) => known === theme) ?? 'system',
    isSidebarShown: localStorage.getItem(KEYS.isSidebarShown) !== 'false',
    hasSingleKeys: localStorage.getItem(KEYS.hasSingleKeys) !== 'false',
  };
}

let preferences = read();
const listeners = new Set<() => void>();

/** Changes a preference of this browser, at once and for next time. */
export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  preferences = { ...preferences, [name]: value };
  localStorage.setItem(KEYS[name], String(value));
  if (preferences.theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = preferences.theme;
  for (const listener of listeners) listener();
}

export function getPreferences(): Preferences {
  return preferences;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, getPreferences);
}
