import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { openOverlay } from './overlays.ts';
import { PAGES, type PagePath } from './pages.ts';
import { getPreferences, setPreference } from './preferences.ts';

/** The id of the field for the question; `/` moves there. */
export const QUESTION_FIELD = 'question';

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}

type Go = (to: PagePath) => void;

/** What a shortcut with Ctrl or ⌘ does; undefined when it is none of ours. */
function withMod(event: KeyboardEvent, go: Go): (() => void) | undefined {
  const key = event.key.toLowerCase();
  if (event.altKey) return undefined;
  if (key === 'k') return () => openOverlay('palette');
  if (key === 'o' && event.shiftKey) return () => go('/');
  if (key === '\\') return () => setPreference('isSidebarShown', !getPreferences().isSidebarShown);
  return undefined;
}

/** `Alt+1` and so on open the pages. */
function withAlt(event: KeyboardEvent, go: Go): (() => void) | undefined {
  const page = /^Digit[1-9]$/.test(event.code) ? PAGES[Number(event.code.slice(-1)) - 1] : undefined;
  return page && (() => go(page.to));
}

/** Shortcuts with a modifier work everywhere. */
function onModified(event: KeyboardEvent, go: Go): boolean {
  const isMod = event.ctrlKey || event.metaKey;
  const run = isMod ? withMod(event, go) : event.altKey ? withAlt(event, go) : undefined;
  run?.();
  return run !== undefined;
}

/** Shortcuts of one key: not while somebody writes, and only where they are wanted. */
function onSingle(event: KeyboardEvent): boolean {
  if (!getPreferences().hasSingleKeys || isTyping(event.target)) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === '?') openOverlay('shortcuts');
  else if (event.key === '/') document.getElementById(QUESTION_FIELD)?.focus();
  else return false;
  return true;
}

/** Listens for the shortcuts of the whole page. */
export function useShortcuts(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented) return;
      if (onModified(event, (to) => void navigate({ to })) || onSingle(event)) event.preventDefault();
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, [navigate]);
}
