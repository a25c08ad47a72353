import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { IconButton } from './button.tsx';
import { cx } from './class-names.ts';

interface DialogProps {
  readonly title: string;
  readonly isTitleHidden?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
  onClose(): void;
}

/** A modal dialog; it is open while it is rendered. Focus stays inside and returns to where it was. */
export function Dialog({ title, isTitleHidden = false, className, children, onClose }: DialogProps) {
  const t = useTranslation();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    // A dialog that is taken out of the page does not give the focus back by itself.
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
      className={cx(
        'm-auto max-h-[85dvh] w-[32rem] max-w-[calc(100vw-1.5rem)] overflow-y-auto rounded-xl bg-raised shadow-float',
        'animate-appear backdrop:bg-scrim',
        className,
      )}
    >
      {isTitleHidden || (
        <header className="flex items-center justify-between gap-4 py-4 ps-6 pe-4">
          <h2 className="text-lg font-semibold">{title}</h2>
          <IconButton icon={X} label={t('app.close')} onClick={onClose} />
        </header>
      )}
      {children}
    </dialog>
  );
}
