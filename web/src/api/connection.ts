import { useSyncExternalStore } from 'react';

/** How the server is reached: `starting` answers, but takes no requests yet. */
export type Connection = 'online' | 'offline' | 'unreachable' | 'starting';

const FIRST_PROBE_MS = 1_000;
const LONGEST_PROBE_MS = 8_000;

let state: Connection = navigator.onLine ? 'online' : 'offline';
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const onBack = new Set<() => void>();

function change(next: Connection): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
  if (next === 'online') for (const listener of onBack) listener();
}

async function probe(waitMs: number): Promise<void> {
  timer = undefined;
  try {
    const response = await fetch('/readyz', { cache: 'no-store' });
    if (response.ok) {
      change('online');
      return;
    }
    change('starting');
  } catch {
    change(navigator.onLine ? 'unreachable' : 'offline');
  }
  schedule(Math.min(waitMs * 2, LONGEST_PROBE_MS));
}

function schedule(waitMs: number): void {
  timer ??= setTimeout(() => void probe(waitMs), waitMs);
}

/** A request did not reach the server: say so, and look for it until it is back. */
export function reportUnreachable(): void {
  change(navigator.onLine ? 'unreachable' : 'offline');
  schedule(FIRST_PROBE_MS);
}

/** Runs when the server is reached again; returns the way to stop. */
export function onReconnect(listener: () => void): () => void {
  onBack.add(listener);
  return () => onBack.delete(listener);
}

window.addEventListener('offline', () => change('offline'));
window.addEventListener('online', () => void probe(FIRST_PROBE_MS));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => state);
}
