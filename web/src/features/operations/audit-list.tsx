import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useRef, type MouseEvent } from 'react';
import { Button } from '../../components/button.tsx';
import { formatNumber, formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation, type Translate } from '../../i18n/index.ts';
import type { RecordedEvent } from './audit-api.ts';
import { sayKind } from './audit-kinds.ts';

const ROW_PX = 56;
const OVERSCAN = 4;
/** As many rows before the end of what is there, more is asked for. */
const AHEAD_ROWS = 20;
const COLUMNS =
  'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-4 sm:grid-cols-[minmax(0,1fr)_12rem_11rem_5rem]';

/** Subjects of those whom the server let in without an account, from this machine itself. */
const WITHOUT_ACCOUNT = new Set(['anybody', 'administrator', 'anonymous']);

/** Names of people by their ids, as far as the reader may know them. */
export type Names = ReadonlyMap<string, string>;

/** Who did it, by name where the reader may know names. */
export function sayActor({ actor }: RecordedEvent, names: Names, t: Translate): string {
  if (actor.issuer === 'system') return t('audit.system');
  if (WITHOUT_ACCOUNT.has(actor.subject)) return t('audit.withoutAccount');
  return names.get(actor.subject) ?? actor.subject;
}

interface RowProps {
  readonly event: RecordedEvent;
  readonly actor: string;
  /** From 0. */
  readonly index: number;
  readonly startPx: number;
}

/** A row that stays in sight while others come and go is not made anew. */
const Row = memo(function Row({ event, actor, index, startPx }: RowProps) {
  const t = useTranslation();
  const language = useLanguage();
  const what = sayKind(event.kind, t);
  const number = formatNumber(event.sequence, language);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${COLUMNS} press absolute inset-x-0 border-b border-line px-2 text-sm [contain:strict]`}
      style={{ height: ROW_PX, transform: `translateY(${startPx}px)` }}
    >
      <span role="cell" className="min-w-0">
        <button
          type="button"
          data-event={event.hash}
          aria-label={t('audit.open', { number, what })}
          className="block w-full truncate text-start font-medium after:absolute after:inset-0"
        >
          {what}
        </button>
        <span className="block truncate text-xs text-ink-soft sm:hidden">{actor}</span>
      </span>
      <span role="cell" className="hidden truncate text-ink-soft sm:block">
        {actor}
      </span>
      <span role="cell" className="text-ink-soft tabular-nums">
        {formatTime(event.at, language)}
      </span>
      <span role="cell" className="hidden text-end text-ink-soft tabular-nums sm:block">
        {number}
      </span>
    </div>
  );
});

interface AuditListProps {
  readonly events: readonly RecordedEvent[];
  readonly names: Names;
  /** How far was looked, when there is more: `time.sequence.chain`. */
  readonly searchedTo: string | undefined;
  readonly isLoading: boolean;
  onMore(): void;
  onOpen(hash: string): void;
}

/** Events as a list of any length: only the rows in sight are there, and what is older comes when it is near. */
export function AuditList({ events, names, searchedTo, isLoading, onMore, onOpen }: AuditListProps) {
  const t = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    // Another function would have every row of the list measured anew, at each step of a scroll.
    getItemKey: useCallback((index: number) => events[index]?.hash ?? index, [events]),
  });
  const rows = virtual.getVirtualItems();
  // Rows that leave on one side come back on the other with another event: no element is made or thrown away.
  const places = Math.ceil((virtual.scrollRect?.height ?? 0) / ROW_PX) + 1 + 2 * OVERSCAN;
  const isNearEnd = (rows.at(-1)?.index ?? 0) + AHEAD_ROWS >= events.length;
  useEffect(() => {
    if (events.length > 0 && isNearEnd && searchedTo !== undefined && !isLoading) onMore();
  }, [events.length, isNearEnd, searchedTo, isLoading, onMore]);
  if (events.length === 0) return <NothingFound {...{ searchedTo, isLoading, onMore }} />;
  // One listener for all rows: hundreds of them come and go while somebody scrolls.
  const open = ({ target }: MouseEvent<HTMLElement>) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-event]') : null;
    if (button?.dataset['event'] !== undefined) onOpen(button.dataset['event']);
  };
  return (
    <div role="table" aria-label={t('audit.list')} aria-rowcount={-1}>
      <div role="rowgroup">
        <div
          role="row"
          aria-rowindex={1}
          className={`${COLUMNS} border-b border-line px-2 pb-2 text-xs font-semibold text-ink-soft`}
        >
          <span role="columnheader">{t('audit.what')}</span>
          <span role="columnheader" className="hidden sm:block">
            {t('audit.who')}
          </span>
          <span role="columnheader">{t('audit.when')}</span>
          <span role="columnheader" className="hidden text-end sm:block">
            {t('audit.place')}
          </span>
        </div>
      </div>
      <div ref={scroller} role="rowgroup" className="h-[min(70dvh,42rem)] overflow-y-auto" onClick={open}>
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {rows.map(({ index, start }) => {
            const event = events[index];
            return (
              event && (
                <Row
                  key={index % places}
                  event={event}
                  actor={sayActor(event, names, t)}
                  index={index}
                  startPx={start}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Nothing is there, or nothing was found as far as was looked: then one can look further back. */
function NothingFound({
  searchedTo,
  isLoading,
  onMore,
}: Omit<AuditListProps, 'events' | 'names' | 'onOpen'>) {
  const t = useTranslation();
  const language = useLanguage();
  if (searchedTo === undefined) return <p className="py-8 text-ink-soft">{t('audit.none')}</p>;
  const date = formatTime(Number(searchedTo.split('.')[0]), language);
  return (
    <div className="flex flex-wrap items-center gap-3 py-8">
      <p className="text-ink-soft">{t('audit.searched', { date })}</p>
      <Button disabled={isLoading} onClick={onMore}>
        {t('audit.more')}
      </Button>
    </div>
  );
}
