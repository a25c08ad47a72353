import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Check, Download, X } from 'lucide-react';
import { useState } from 'react';
import { ReviewMarksResponse, ReviewResponse, type ReviewRowBody } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Choice } from '../../components/choice.tsx';
import { cx } from '../../components/class-names.ts';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { groupsQuery, peopleQuery } from './people-api.ts';
import { sayReasons } from './subject.ts';
import { useChange } from './use-change.ts';

type Scope = 'open' | 'all';
const PATH = '/admin/v1/access-review';

function reviewQuery(state: Scope, userId: string) {
  const filter = `state=${state}${userId === '' ? '' : `&userId=${encodeURIComponent(userId)}`}`;
  return {
    queryKey: ['review', state, userId],
    queryFn: ({ pageParam, signal }: { pageParam: string; signal: AbortSignal }) => {
      const after = pageParam === '' ? '' : `&after=${encodeURIComponent(pageParam)}`;
      return sendJson(ReviewResponse, `${PATH}?${filter}&limit=100${after}`, { signal });
    },
    initialPageParam: '',
    getNextPageParam: (page: ReviewResponse) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  };
}

/** What a row is about, in words. */
function Words({ row }: { row: ReviewRowBody }) {
  const t = useTranslation();
  const language = useLanguage();
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
  const target =
    row.kind === 'collection' ? t('review.wholeCollection') : (row.documentTitle ?? row.targetId);
  const since = row.since === null ? [] : [t('review.since', { date: formatDate(row.since, language) })];
  const used =
    row.lastUsedAt === null
      ? t('review.neverUsed')
      : t('review.lastUsed', { date: formatDate(row.lastUsedAt, language) });
  const outdated = row.review?.isCurrent === false ? [t('review.outdated')] : [];
  const reasons = sayReasons({ allowed: true, reasons: row.reasons }, { people, groups }, t);
  return (
    <span className="min-w-0 flex-1 basis-64">
      <span className="block font-medium [overflow-wrap:anywhere]">
        {row.displayName} <span className="font-normal text-ink-soft">· {row.collectionName}</span>
      </span>
      <span className="block text-xs text-ink-soft">{[target, ...reasons, ...since].join(' · ')}</span>
      <span className="block text-xs text-ink-soft">{[used, ...outdated].join(' · ')}</span>
    </span>
  );
}

const VERDICTS = {
  keep: { icon: Check, look: 'border-accent! bg-accent-soft! text-accent-ink!' },
  revoke: { icon: X, look: 'border-danger! bg-danger-soft! text-danger!' },
} as const;

function ReviewRow({ row }: { row: ReviewRowBody }) {
  const t = useTranslation();
  const { userId, collectionId, targetId, review } = row;
  const mark = useChange(
    (verdict: 'keep' | 'revoke') => {
      const body = { marks: [{ userId, collectionId, targetId, verdict }] };
      return sendJson(ReviewMarksResponse, `${PATH}/marks`, { method: 'POST', body });
    },
    { keys: ['review'] },
  );
  const said = review?.isCurrent === true ? review.verdict : undefined;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-2 py-3">
      <Words row={row} />
      <span className="flex gap-2">
        {(['keep', 'revoke'] as const).map((verdict) => (
          <Button
            key={verdict}
            icon={VERDICTS[verdict].icon}
            aria-pressed={said === verdict}
            aria-label={t(`review.${verdict}Of`, { name: `${row.displayName}, ${row.collectionName}` })}
            disabled={mark.isPending}
            className={cx(said === verdict && VERDICTS[verdict].look)}
            onClick={() => mark.mutate(verdict)}
          >
            {t(`review.${verdict}`)}
          </Button>
        ))}
      </span>
    </li>
  );
}

/** Who can read what and why, to be confirmed or marked for removal now and then. */
export function ReviewTab() {
  const t = useTranslation();
  const [state, setState] = useState<Scope>('open');
  const [userId, setUserId] = useState('');
  const { data: people = [] } = useQuery(peopleQuery);
  const review = useInfiniteQuery(reviewQuery(state, userId));
  const rows = review.data?.pages.flatMap((page) => page.rows) ?? [];
  const everybody = [
    { value: '', name: t('review.everybody') },
    ...people.map(({ id, displayName }) => ({ value: id, name: displayName })),
  ];
  return (
    <div>
      <p className="mb-4 max-w-176 text-sm text-ink-soft">{t('review.hint')}</p>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <Choice<Scope>
          className="basis-52"
          label={t('review.show')}
          value={state}
          options={[
            { value: 'open', name: t('review.open') },
            { value: 'all', name: t('review.all') },
          ]}
          onChoose={setState}
        />
        <Choice
          className="basis-52"
          label={t('review.person')}
          value={userId}
          options={everybody}
          onChoose={setUserId}
        />
        <a
          href={`${PATH}/export?state=${state}&format=csv`}
          download="hradlo-pristupy.csv"
          className="press inline-flex min-h-11 items-center gap-2 rounded-md border border-line-strong/70 bg-surface px-3.5 text-sm font-medium"
        >
          <Download aria-hidden className="size-4" />
          {t('review.export')}
        </a>
      </div>
      {review.isPending && <Skeleton lines={6} />}
      {review.isError && (
        <Failure title={t('review.failed')} error={review.error} onRetry={() => void review.refetch()} />
      )}
      {review.data && rows.length === 0 && (
        <p className="rounded-md bg-accent-soft px-3.5 py-3 text-sm text-accent-ink">
          {t(state === 'open' && people.length > 0 ? 'review.done' : 'review.none')}
        </p>
      )}
      <ul>
        {rows.map((row) => (
          <ReviewRow key={`${row.userId} ${row.collectionId} ${row.targetId ?? ''}`} row={row} />
        ))}
      </ul>
      {review.hasNextPage && (
        <Button
          className="mt-4"
          disabled={review.isFetchingNextPage}
          onClick={() => void review.fetchNextPage()}
        >
          {t('review.more')}
        </Button>
      )}
    </div>
  );
}
