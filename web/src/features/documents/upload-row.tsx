import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Spinner } from '../../components/spinner.tsx';
import { cx } from '../../components/class-names.ts';

interface UploadRowProps {
  readonly icon: ReactNode;
  readonly name: string;
  readonly note: string;
  readonly isFailed: boolean;
  readonly children?: ReactNode;
}

/** A file on its way, and what becomes of it. */
export function UploadRow({ icon, name, note, isFailed, children }: UploadRowProps) {
  return (
    <li className="flex min-h-13 flex-wrap items-center gap-x-3 border-b border-line px-2 py-1.5 text-sm">
      {icon}
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium" title={name}>
          {name}
        </span>
        <span className={cx('block text-xs', isFailed ? 'text-danger' : 'text-ink-soft')}>{note}</span>
      </span>
      {children}
    </li>
  );
}

export const WORKING = <Spinner className="size-4.5 text-accent" />;
export const TROUBLE = <CircleAlert aria-hidden className="size-4.5 shrink-0 text-danger" />;
