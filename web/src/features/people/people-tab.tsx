import { useQuery } from '@tanstack/react-query';
import { Search, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { Empty, Failure, Skeleton } from '../../components/states.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { fold } from '../ask/conversation.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { peopleQuery, type Person } from './people-api.ts';
import { PersonDialog } from './person-dialog.tsx';

function PersonRow({ person, onOpen }: { person: Person; onOpen(): void }) {
  const t = useTranslation();
  const language = useLanguage();
  return (
    <li>
      <button
        type="button"
        aria-label={t('people.edit', { name: person.displayName })}
        onClick={onOpen}
        className="press flex w-full items-center gap-3.5 border-b border-line px-2 py-3 text-start"
      >
        <span
          aria-hidden
          className="flex size-9 shrink-0 items-center justify-center rounded-full bg-accent-soft text-sm font-semibold text-accent-ink"
        >
          {person.displayName.slice(0, 1).toLocaleUpperCase()}
        </span>
        <span className="min-w-0 flex-1">
          <span className={cx('block truncate font-medium', !person.isActive && 'line-through')}>
            {person.displayName}
          </span>
          <span className="block truncate text-xs text-ink-soft">
            {person.name}
            {!person.isActive && ` · ${t('people.inactive')}`}
          </span>
        </span>
        <span className="hidden min-w-0 flex-1 truncate text-sm text-ink-soft sm:block">
          {person.roles.map((role) => t(`role.${role}`)).join(', ')}
        </span>
        <span className="hidden w-40 text-end text-xs text-ink-soft md:block">
          {person.signedInAt === null ? t('people.never') : formatTime(person.signedInAt, language)}
        </span>
      </button>
    </li>
  );
}

/** Everybody with an account; who manages people invites and changes them. */
export function PeopleTab() {
  const t = useTranslation();
  const mayManage = useMay('people.manage');
  const people = useQuery(peopleQuery);
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState<'invite' | Person>();
  const found = (people.data ?? []).filter((person) =>
    fold(`${person.displayName} ${person.name}`).includes(fold(query.trim())),
  );
  if (people.isPending) return <Skeleton lines={6} />;
  if (people.isError) {
    return <Failure title={t('people.failed')} error={people.error} onRetry={() => void people.refetch()} />;
  }
  if (people.data.length === 0) {
    return <Empty icon={Users} title={t('people.none')} hint={t('people.noneHint')} />;
  }
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <label className="flex h-10 min-w-0 flex-1 basis-56 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 focus-within:border-accent sm:max-w-80">
          <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
          <input
            type="search"
            aria-label={t('people.filter')}
            placeholder={t('people.filter')}
            value={query}
            className="min-w-0 flex-1 bg-transparent text-sm outline-none"
            onChange={(event) => setQuery(event.target.value)}
          />
        </label>
        <p className="min-w-0 flex-1 text-sm text-ink-soft">{t('people.count', { count: found.length })}</p>
        {mayManage && (
          <Button look="primary" icon={UserPlus} className="min-h-10" onClick={() => setOpen('invite')}>
            {t('people.invite')}
          </Button>
        )}
      </div>
      <ul>
        {found.map((person) => (
          <PersonRow key={person.id} person={person} onOpen={() => setOpen(person)} />
        ))}
      </ul>
      {open === 'invite' && <InviteDialog onClose={() => setOpen(undefined)} />}
      {typeof open === 'object' && (
        <PersonDialog key={open.id} person={open} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}
