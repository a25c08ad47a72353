import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX, Download, ShieldCheck } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { AuditVerifyResponse } from '#wire/admin/index.ts';
import { useMay } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { peopleQuery, type Person } from '../people/people-api.ts';
import { EVERY_EVENT, eventsQuery, verifyRecord, type AuditFilter } from './audit-api.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditList } from './audit-list.tsx';
import { EventDialog } from './event-dialog.tsx';

const DOWNLOAD =
  'press inline-flex min-h-9 items-center gap-2 rounded-md border border-line-strong/70 bg-surface px-3.5 text-sm font-medium';

/** What the check came to, in words and with a sign, never by colour alone. */
function Verdict({ found }: { found: AuditVerifyResponse }) {
  const t = useTranslation();
  const language = useLanguage();
  const Sign = found.isWhole ? CircleCheck : CircleX;
  return (
    <div role="status" className="mt-3 flex gap-2.5 rounded-lg bg-sunken p-4 text-sm">
      <Sign
        aria-hidden
        className={`mt-0.5 size-4.5 shrink-0 ${found.isWhole ? 'text-accent' : 'text-danger'}`}
      />
      <div className="min-w-0">
        <p>{found.isWhole ? t('audit.whole', { count: found.events }) : t('audit.changed')}</p>
        <p className="text-ink-soft">
          {t('audit.checkpoints', { count: formatNumber(found.checkpoints, language) })}
          {found.badSignatures > 0 && ` ${t('audit.badSignatures', { count: found.badSignatures })}`}
        </p>
        <ul className="mt-1 text-ink-soft">
          {found.faults.map(({ chainId, sequence, kind, message }) => (
            <li key={`${chainId} ${sequence} ${kind}`} className="[overflow-wrap:anywhere]">
              {t('audit.fault', { number: formatNumber(sequence, language), why: message })}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Verifying the record here, and taking it away to be verified elsewhere. */
function Verify() {
  const t = useTranslation();
  const check = useMutation({ mutationFn: verifyRecord });
  const files = [
    { path: '/admin/v1/audit/export', name: 'hradlo-audit.jsonl', title: t('operations.auditExport') },
    { path: '/admin/v1/audit/key', name: 'hradlo-audit.pem', title: t('operations.auditKey') },
  ];
  return (
    <>
      <p className="mb-3 text-sm text-ink-soft">{t('operations.auditHint')}</p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" icon={ShieldCheck} disabled={check.isPending} onClick={() => check.mutate()}>
          {t(check.isPending ? 'audit.verifying' : 'audit.verify')}
        </Button>
        {files.map(({ path, name, title }) => (
          <a key={path} href={path} download={name} className={DOWNLOAD}>
            <Download aria-hidden className="size-4" />
            {title}
          </a>
        ))}
      </div>
      {check.isError && (
        <div className="mt-3">
          <Failure title={t('audit.verifyFailed')} error={check.error} />
        </div>
      )}
      {check.data && <Verdict found={check.data} />}
    </>
  );
}

const NOBODY: readonly Person[] = [];

/** The record of events: found by what they are about, opened one by one, verified as a whole. */
export function AuditTab() {
  const t = useTranslation();
  const mayPeople = useMay('people.read');
  const { data: people = NOBODY } = useQuery({ ...peopleQuery, enabled: mayPeople });
  const [filter, setFilter] = useState<AuditFilter>(EVERY_EVENT);
  const [openAt, setOpenAt] = useState<string>();
  const events = useInfiniteQuery(eventsQuery(useDeferredValue(filter)));
  const pages = events.data?.pages;
  const found = useMemo(() => pages?.flatMap((page) => page.events) ?? [], [pages]);
  const names = useMemo(() => new Map(people.map(({ id, displayName }) => [id, displayName])), [people]);
  const open = found.find(({ hash }) => hash === openAt);
  return (
    <>
      <Verify />
      <AuditFilters filter={filter} people={people} onChange={setFilter} />
      {events.isPending && <Skeleton lines={8} className="mt-4" />}
      {events.isError && (
        <Failure title={t('audit.failed')} error={events.error} onRetry={() => void events.refetch()} />
      )}
      {events.data && (
        <AuditList
          events={found}
          names={names}
          searchedTo={events.data.pages.at(-1)?.next ?? undefined}
          isLoading={events.isFetchingNextPage}
          onMore={() => void events.fetchNextPage()}
          onOpen={setOpenAt}
        />
      )}
      {open && <EventDialog event={open} names={names} onClose={() => setOpenAt(undefined)} />}
    </>
  );
}
