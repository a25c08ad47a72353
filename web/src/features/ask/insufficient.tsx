import { Link } from '@tanstack/react-router';
import { FileSearch, FileText } from 'lucide-react';
import { useTranslation } from '../../i18n/index.ts';
import type { Nearby } from './answer.ts';
import { Escalate } from './escalate.tsx';

interface InsufficientProps {
  readonly nearby: readonly Nearby[];
  readonly answerId: string | undefined;
  readonly contact: string | null;
}

/** The honest word that the documents do not hold the answer, and where to look on. */
export function Insufficient({ nearby, answerId, contact }: InsufficientProps) {
  const t = useTranslation();
  return (
    <div className="rounded-lg border border-line bg-surface p-5">
      <div className="flex gap-3.5">
        <FileSearch aria-hidden className="mt-0.5 size-5 shrink-0 text-warn" />
        <div className="min-w-0">
          <p className="text-lg font-semibold">{t('ask.insufficient')}</p>
          <p className="mt-1 text-ink-soft">{t('ask.insufficientHint')}</p>
          {contact !== null && <p className="mt-1 text-ink">{t('ask.contact', { contact })}</p>}
        </div>
      </div>
      {answerId !== undefined && <Escalate answerId={answerId} />}
      {nearby.length > 0 && (
        <div className="mt-4 border-t border-line pt-4">
          <h3 className="text-xs font-semibold text-ink-soft">{t('ask.nearby')}</h3>
          <ul className="mt-1.5 -ms-2">
            {nearby.map((near) => (
              <li key={near.versionId}>
                <Link
                  to="/evidence/$versionId"
                  params={{ versionId: near.versionId }}
                  className="press flex items-start gap-2.5 rounded-md p-2"
                >
                  <FileText aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
                  <span className="min-w-0">
                    <span className="block text-sm font-medium underline decoration-line-strong underline-offset-3">
                      {near.title}
                    </span>
                    <span className="block text-xs text-ink-soft">
                      {near.headingPath.filter((heading) => heading !== near.title).join(' › ')}
                    </span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
