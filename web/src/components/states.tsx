import { RotateCw, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError, sayError } from '../api/errors.ts';
import { useTranslation } from '../i18n/index.ts';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';

interface EmptyProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly hint?: string;
  /** Whether it is all there is on its page, so that its title is the page's. */
  readonly isPage?: boolean;
  readonly children?: ReactNode;
}

/** Nothing here: what that means and what to do. */
export function Empty({ icon: Icon, title, hint, isPage = false, children }: EmptyProps) {
  const Title = isPage ? 'h1' : 'h2';
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-6 py-16 text-center">
      <span className="mb-4 rounded-full bg-sunken p-3.5 text-ink-faint">
        <Icon aria-hidden className="size-6" />
      </span>
      <Title className="text-lg font-semibold">{title}</Title>
      {hint !== undefined && <p className="mt-1.5 text-ink-soft">{hint}</p>}
      {children !== undefined && <div className="mt-5 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}

interface FailureProps {
  readonly title: string;
  readonly error: unknown;
  onRetry?(): void;
}

/** It did not work: what happened, what to do, and the number that an administrator will ask for. */
export function Failure({ title, error, onRetry }: FailureProps) {
  const t = useTranslation();
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <div role="alert" className="flex gap-3 rounded-lg bg-danger-soft px-4 py-3.5">
      <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        <p className="mt-0.5 text-sm">{sayError(error, t)}</p>
        {requestId && (
          <p className="mt-1 text-xs break-all text-ink-soft">{t('error.reference', { id: requestId })}</p>
        )}
        {onRetry && (
          <Button icon={RotateCw} className="mt-3" onClick={onRetry}>
            {t('app.retry')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Grey lines in the place of text that is coming, of the same height as the text. */
export function Skeleton({ lines, className }: { lines: number; className?: string }) {
  const t = useTranslation();
  return (
    <div role="status" className={cx('animate-pulse-soft space-y-3', className)}>
      <span className="sr-only">{t('app.loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        <div
          // Lines have no identity but their place.
          // oxlint-disable-next-line react/no-array-index-key
          key={line}
          className={cx('h-4 rounded-sm bg-pressed', line === lines - 1 ? 'w-3/5' : 'w-full')}
        />
      ))}
    </div>
  );
}
