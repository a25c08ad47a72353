import { queryOptions, useQuery } from '@tanstack/react-query';
import { CircleCheck, Inbox } from 'lucide-react';
import { NotesResponse } from '#wire/admin/index.ts';
import { send, sendJson } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { Button } from '../../components/button.tsx';
import { Empty, Failure, Skeleton } from '../../components/states.tsx';
import { showToast } from '../../components/toast.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { peopleQuery } from '../people/people-api.ts';
import { useChange } from '../people/use-change.ts';

type Note = NotesResponse['notes'][number];

const notesQuery = queryOptions({
  queryKey: ['notes'],
  queryFn: async ({ signal }) => (await sendJson(NotesResponse, '/admin/v1/answer-notes', { signal })).notes,
});

const settle = ({ answerId, kind }: Note, settled: boolean) =>
  send(`/admin/v1/answer-notes/${answerId}/${kind}`, { method: 'PUT', body: { settled } });

function NoteRow({ note }: { note: Note }) {
  const t = useTranslation();
  const language = useLanguage();
  const mayPeople = useMay('people.read');
  const { data: people = [] } = useQuery({ ...peopleQuery, enabled: mayPeople });
  const undo = useChange(() => settle(note, false), { keys: ['notes'] });
  const done = useChange(() => settle(note, true), {
    keys: ['notes'],
    onDone: () => showToast(t('notes.settled'), () => undo.mutate(undefined)),
  });
  const name = people.find(({ id }) => id === note.askedBy)?.displayName;
  return (
    <li className="rounded-lg border border-line bg-surface p-4">
      <p className="flex flex-wrap gap-x-3 text-xs text-ink-soft">
        <span className="font-semibold text-ink">{t(`notes.${note.kind}`)}</span>
        {name !== undefined && <span>{name}</span>}
        <span>{formatTime(note.createdAt, language)}</span>
      </p>
      <p className="mt-2 font-medium [overflow-wrap:anywhere] whitespace-pre-wrap">{note.question}</p>
      {note.text !== '' && (
        <p className="mt-2 border-s-3 border-accent/50 ps-3 text-sm [overflow-wrap:anywhere] whitespace-pre-wrap">
          {note.text}
        </p>
      )}
      <Button
        icon={CircleCheck}
        className="mt-3"
        disabled={done.isPending}
        onClick={() => done.mutate(undefined)}
      >
        {t('notes.settle')}
      </Button>
    </li>
  );
}

/** What askers handed on: questions that the documents do not answer, and answers that were not right. */
export function NotesPage() {
  const t = useTranslation();
  const notes = useQuery(notesQuery);
  return (
    <PageFrame title={t('notes.title')} subtitle={t('notes.subtitle')}>
      <div className="mt-6 max-w-176">
        {notes.isPending && <Skeleton lines={6} />}
        {notes.isError && (
          <Failure title={t('notes.failed')} error={notes.error} onRetry={() => void notes.refetch()} />
        )}
        {notes.data?.length === 0 && (
          <Empty icon={Inbox} title={t('notes.none')} hint={t('notes.noneHint')} />
        )}
        <ul className="space-y-3">
          {notes.data?.map((note) => (
            <NoteRow key={`${note.answerId} ${note.kind}`} note={note} />
          ))}
        </ul>
      </div>
    </PageFrame>
  );
}
