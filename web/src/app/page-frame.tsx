import type { ReactNode } from 'react';
import { PageHeader } from './page-header.tsx';

interface PageFrameProps {
  readonly title: string;
  readonly subtitle?: ReactNode;
  /** What can be done with the whole page; stands beside its title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page of lists and forms: its title, a word about it, and what is on it, in one column. */
export function PageFrame({ title, subtitle, actions, children }: PageFrameProps) {
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="" />
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-16 sm:px-8">
        <div className="mx-auto max-w-240">
          <div className="flex flex-wrap items-start gap-3">
            <div className="min-w-0 flex-1 basis-64">
              <h1 className="text-xl font-semibold [overflow-wrap:anywhere]">{title}</h1>
              {subtitle !== undefined && <p className="mt-1 text-ink-soft">{subtitle}</p>}
            </div>
            {actions}
          </div>
          {children}
        </div>
      </div>
    </div>
  );
}
