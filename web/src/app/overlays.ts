import { useSyncExternalStore } from 'react';

/** What lies over the page; at most one at a time. */
export type Overlay = 'palette' | 'shortcuts' | 'sidebar' | undefined;

let overlay: Overlay;
const listeners = new Set<() => void>();

export function openOverlay(next: Overlay): void {
  overlay = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useOverlay(): Overlay {
  return useSyncExternalStore(subscribe, () => overlay);
}
