import { X } from 'lucide-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { IconButton } from './button.tsx';

interface Toast {
  readonly id: number;
  readonly text: string;
  /** The way back; a toast that has one stays longer. */
  readonly undo: (() => void) | undefined;
}

const SHOWN_MS = 4_000;
const UNDO_MS = 12_000;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says something short at the head of the page, where it covers neither the field for a question nor a dialog. */
export function showToast(text: string, undo?: () => void): void {
  lastId += 1;
  set([...toasts.slice(-2), { id: lastId, text, undo }]);
}

const remove = (id: number) => set(toasts.filter((toast) => toast.id !== id));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function ToastView({ toast }: { toast: Toast }) {
  const t = useTranslation();
  useEffect(() => {
    const timer = setTimeout(() => remove(toast.id), toast.undo === undefined ? SHOWN_MS : UNDO_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <li className="pointer-events-auto flex animate-appear items-center gap-2 rounded-lg bg-raised py-1.5 ps-4 pe-1.5 text-sm shadow-float">
      <span className="min-w-0 flex-1 py-1">{toast.text}</span>
      {toast.undo && (
        <button
          type="button"
          className="press min-h-9 rounded-md px-3 font-semibold text-accent-ink"
          onClick={() => {
            toast.undo?.();
            remove(toast.id);
          }}
        >
          {t('app.undo')}
        </button>
      )}
      <IconButton isSmall icon={X} label={t('app.close')} onClick={() => remove(toast.id)} />
    </li>
  );
}

/** Where toasts appear; once per page. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const list = useRef<HTMLUListElement>(null);
  const newest = shown.at(-1)?.id;
  useEffect(() => {
    // What was shown last lies over everything, dialogs too: a refusal is read where it was met.
    list.current?.hidePopover();
    list.current?.showPopover();
  }, [newest]);
  return (
    <ul
      ref={list}
      popover="manual"
      aria-live="polite"
      data-print="hide"
      className="pointer-events-none fixed inset-x-3 top-2 mx-auto flex w-fit max-w-md flex-col items-center gap-2 overflow-visible bg-transparent"
    >
      {shown.map((toast) => (
        <ToastView key={toast.id} toast={toast} />
      ))}
    </ul>
  );
}
