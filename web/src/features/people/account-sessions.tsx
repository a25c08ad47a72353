import { queryOptions, useQuery } from '@tanstack/react-query';
import { SessionsResponse } from '#wire/hradlo/index.ts';
import { send, sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { useChange } from './use-change.ts';

const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => {
    return (await sendJson(SessionsResponse, '/hradlo/v1/sessions', { signal })).sessions;
  },
});

function SessionRow({ session }: { session: SessionsResponse['sessions'][number] }) {
  const t = useTranslation();
  const language = useLanguage();
  const end = useChange(() => send(`/hradlo/v1/sessions/${session.id}`, { method: 'DELETE' }), {
    keys: ['sessions'],
    said: t('account.sessionEnded'),
  });
  return (
    <li className="flex items-center gap-4 border-b border-line py-3 text-sm">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">
          {session.address}
          {session.isCurrent && (
            <span className="font-normal text-accent-ink"> · {t('account.thisSession')}</span>
          )}
        </span>
        <span className="block truncate text-xs text-ink-soft">{session.agent}</span>
        <span className="block text-xs text-ink-soft">
          {t('account.lastSeen', { date: formatTime(session.lastSeenAt, language) })}
        </span>
      </span>
      {!session.isCurrent && (
        <Button disabled={end.isPending} onClick={() => end.mutate(undefined)}>
          {t('account.endSession')}
        </Button>
      )}
    </li>
  );
}

/** Where one is signed in; any of it can be ended. */
export function Sessions() {
  const t = useTranslation();
  const sessions = useQuery(sessionsQuery);
  return (
    <section>
      <h2 className="font-semibold">{t('account.sessions')}</h2>
      {sessions.isPending && <Skeleton lines={3} className="mt-3" />}
      {sessions.isError && (
        <Failure title={t('account.failed')} error={sessions.error} onRetry={() => void sessions.refetch()} />
      )}
      <ul>
        {sessions.data?.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
    </section>
  );
}
