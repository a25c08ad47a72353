import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { FileText } from 'lucide-react';
import { useRef, type MouseEvent } from 'react';
import type { DocumentRow } from '../../api/documents.ts';
import { formatBytes, formatDate } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';

const ROW_PX = 60;
const COLUMNS = 'grid grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[minmax(0,1fr)_8rem_6rem] gap-4';

interface DocumentTableProps {
  readonly documents: readonly DocumentRow[];
  /** Whether a search left some out: then "none" means something else. */
  readonly isFiltered: boolean;
}

/** Documents as a list of any length: only the rows in sight are there. */
export function DocumentTable({ documents, isFiltered }: DocumentTableProps) {
  const t = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: documents.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 4,
    getItemKey: (index) => documents[index]?.id ?? index,
  });
  // One listener for all rows: hundreds of them come and go while somebody scrolls.
  const open = (event: MouseEvent<HTMLElement>) => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const versionId = link?.getAttribute('href')?.slice('/evidence/'.length);
    if (!isPlain || versionId === undefined) return;
    event.preventDefault();
    void navigate({ to: '/evidence/$versionId', params: { versionId } });
  };
  if (documents.length === 0) {
    const why = isFiltered ? 'documents.noMatch' : 'documents.emptyCollection';
    return <p className="py-8 text-ink-soft">{t(why)}</p>;
  }
  return (
    <div
      role="table"
      aria-label={t('documents.title')}
      aria-rowcount={documents.length + 1}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div role="rowgroup">
        <div
          role="row"
          aria-rowindex={1}
          className={`${COLUMNS} border-b border-line px-2 pb-2 text-xs font-semibold text-ink-soft`}
        >
          <span role="columnheader">{t('documents.name')}</span>
          <span role="columnheader">{t('documents.validFrom')}</span>
          <span role="columnheader" className="hidden text-end sm:block">
            {t('documents.size')}
          </span>
        </div>
      </div>
      <div
        ref={scroller}
        role="rowgroup"
        tabIndex={-1}
        className="min-h-0 flex-1 overflow-y-auto pb-8"
        onClick={open}
      >
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const document = documents[item.index];
            if (document === undefined) return null;
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={`${COLUMNS} press absolute inset-x-0 items-center border-b border-line px-2`}
                style={{ height: ROW_PX, transform: `translateY(${item.start}px)` }}
              >
                <span role="cell" className="flex min-w-0 items-center gap-3">
                  <FileText aria-hidden className="size-4.5 shrink-0 text-ink-faint" />
                  <span className="min-w-0">
                    <a
                      href={`/evidence/${document.versionId}`}
                      className="block truncate font-medium after:absolute after:inset-0"
                    >
                      {document.title}
                    </a>
                    <span className="block truncate text-xs text-ink-soft">{document.sourceKey}</span>
                  </span>
                </span>
                <span role="cell" className="text-sm text-ink-soft tabular-nums">
                  {formatDate(document.validFrom, language)}
                </span>
                <span role="cell" className="hidden text-end text-sm text-ink-soft tabular-nums sm:block">
                  {formatBytes(document.sizeBytes, language)}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
