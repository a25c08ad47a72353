import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { formatNumber, formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation, type Translate } from '../../i18n/index.ts';
import type { Person } from '../people/people-api.ts';
import type { RecordedEvent } from './audit-api.ts';
import { sayKind } from './audit-kinds.ts';

const ROW_PX = 56;
/** As many rows before the end of what is there, more is asked for. */
const AHEAD_ROWS = 20;
const COLUMNS =
  'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-4 sm:grid-cols-[minmax(0,1fr)_12rem_11rem_5rem]';

/** Subjects of those whom the server let in without an account, from this machine itself. */
const WITHOUT_ACCOUNT = new Set(['anybody', 'administrator', 'anonymous']);

/** Who did it, by name where the reader may know names. */
export function sayActor({ actor }: RecordedEvent, people: readonly Person[], t: Translate): string {
  if (actor.issuer === 'system') return t('audit.system');
  if (WITHOUT_ACCOUNT.has(actor.subject)) return t('audit.withoutAccount');
  return people.find(({ id }) => id === actor.subject)?.displayName ?? actor.subject;
}

interface AuditListProps {
  readonly events: readonly RecordedEvent[];
  readonly people: readonly Person[];
  /** How far was looked, when there is more: `time.sequence.chain`. */
  readonly searchedTo: string | undefined;
  readonly isLoading: boolean;
  onMore(): void;
  onOpen(hash: string): void;
}

/** Events as a list of any length: only the rows in sight are there, and what is older comes when it is near. */
export function AuditList({ events, people, searchedTo, isLoading, onMore, onOpen }: AuditListProps) {
  const t = useTranslation();
  const language = useLanguage();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 4,
    getItemKey: (index) => events[index]?.hash ?? index,
  });
  const rows = virtual.getVirtualItems();
  const isNearEnd = (rows.at(-1)?.index ?? 0) + AHEAD_ROWS >= events.length;
  useEffect(() => {
    if (events.length > 0 && isNearEnd && searchedTo !== undefined && !isLoading) onMore();
  }, [events.length, isNearEnd, searchedTo, isLoading, onMore]);
  if (events.length === 0) return <NothingFound {...{ searchedTo, isLoading, onMore }} />;
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
      <div ref={scroller} role="rowgroup" className="h-[min(70dvh,42rem)] overflow-y-auto">
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {rows.map((item) => {
            const event = events[item.index];
            if (event === undefined) return null;
            const what = sayKind(event.kind, t);
            const number = formatNumber(event.sequence, language);
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={`${COLUMNS} press absolute inset-x-0 border-b border-line px-2 text-sm`}
                style={{ height: ROW_PX, transform: `translateY(${item.start}px)` }}
              >
                <span role="cell" className="min-w-0">
                  <button
                    type="button"
                    aria-label={t('audit.open', { number, what })}
                    className="block w-full truncate text-start font-medium after:absolute after:inset-0"
                    onClick={() => onOpen(event.hash)}
                  >
                    {what}
                  </button>
                  <span className="block truncate text-xs text-ink-soft sm:hidden">
                    {sayActor(event, people, t)}
                  </span>
                </span>
                <span role="cell" className="hidden truncate text-ink-soft sm:block">
                  {sayActor(event, people, t)}
                </span>
                <span role="cell" className="text-ink-soft tabular-nums">
                  {formatTime(event.at, language)}
                </span>
                <span role="cell" className="hidden text-end text-ink-soft tabular-nums sm:block">
                  {number}
                </span>
              </div>
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
}: Omit<AuditListProps, 'events' | 'people' | 'onOpen'>) {
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
