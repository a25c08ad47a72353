import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { FolderOpen } from 'lucide-react';
import { memo, useCallback, useRef, type MouseEvent } from 'react';
import type { DocumentRow } from '../../api/documents.ts';
import { useMay } from '../../api/session.ts';
import { Empty } from '../../components/states.tsx';
import { formatBytes, formatDate } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { kindOf } from './file-kind.ts';

const ROW_PX = 60;
const OVERSCAN = 4;
const COLUMNS = 'grid grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[minmax(0,1fr)_8rem_6rem] gap-4';

interface RowProps {
  readonly document: DocumentRow;
  /** From 0. */
  readonly index: number;
  readonly startPx: number;
}

/** A row that stays in sight while others come and go is not made anew. */
const Row = memo(function Row({ document, index, startPx }: RowProps) {
  const language = useLanguage();
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${COLUMNS} press absolute inset-x-0 items-center border-b border-line px-2 [contain:strict]`}
      style={{ height: ROW_PX, transform: `translateY(${startPx}px)` }}
    >
      <span role="cell" className="flex min-w-0 items-center gap-3">
        {/* The name of the file, which ends so, is there to be heard. */}
        <span
          aria-hidden
          className="flex h-7 w-11 shrink-0 items-center justify-center rounded-sm bg-sunken text-2xs font-semibold text-ink-soft"
        >
          {kindOf(document.sourceKey)}
        </span>
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
});

interface DocumentTableProps {
  readonly documents: readonly DocumentRow[];
  /** Whether a search left some out: then "none" means something else. */
  readonly isFiltered: boolean;
}

/** Documents as a list of any length: only the rows in sight are there. */
export function DocumentTable({ documents, isFiltered }: DocumentTableProps) {
  const t = useTranslation();
  const navigate = useNavigate();
  const mayWrite = useMay('documents.write');
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: documents.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    // Another function would have every row of the list measured anew, at each step of a scroll.
    getItemKey: useCallback((index: number) => documents[index]?.id ?? index, [documents]),
  });
  const items = virtual.getVirtualItems();
  // Rows that leave on one side come back on the other with another document: no element is made or thrown away.
  const places = Math.ceil((virtual.scrollRect?.height ?? 0) / ROW_PX) + 1 + 2 * OVERSCAN;
  // One listener for all rows: hundreds of them come and go while somebody scrolls.
  const open = (event: MouseEvent<HTMLElement>) => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const versionId = link?.getAttribute('href')?.slice('/evidence/'.length);
    if (!isPlain || versionId === undefined) return;
    event.preventDefault();
    void navigate({ to: '/evidence/$versionId', params: { versionId } });
  };
  if (documents.length === 0 && isFiltered) {
    return <p className="py-8 text-center text-ink-soft">{t('documents.noMatch')}</p>;
  }
  if (documents.length === 0) {
    const hint = mayWrite ? 'documents.emptyCollectionHint' : 'documents.emptyCollectionWait';
    return <Empty icon={FolderOpen} title={t('documents.emptyCollection')} hint={t(hint)} />;
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
          {items.map(({ index, start }) => {
            const document = documents[index];
            return document && <Row key={index % places} document={document} index={index} startPx={start} />;
          })}
        </div>
      </div>
    </div>
  );
}
