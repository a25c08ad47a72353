import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pause, Play, X } from 'lucide-react';
import { JobsResponse, type JobResponse } from '#wire/admin/index.ts';
import { send, sendJson } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { IconButton } from '../../components/button.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatNumber, formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation, type Translate } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';

const REFRESH_MS = 3_000;

const KINDS = [
  'document.ingest',
  'source.scan',
  'model.acquire',
  'chunks.embed',
  'vectors.expire',
  'blobs.collect',
  'jobs.expire',
  'documents.expire',
  'content.expire',
] as const;
const STAGES = [
  'read',
  'parse',
  'embed',
  'seen',
  'changed',
  'removed',
  'fetch',
  'copy',
  'delete',
  'erase',
] as const;

function sayKind(kind: string, t: Translate): string {
  const known = KINDS.find((candidate) => candidate === kind);
  return known === undefined ? kind : t(`jobs.kind.${known}`);
}

function sayProgress(job: JobResponse, { t, language }: { t: Translate; language: 'cs' | 'en' }): string {
  return Object.entries(job.progress)
    .map(([stage, { done, total }]) => {
      const most = total === null ? '' : ` / ${formatNumber(total, language)}`;
      const known = STAGES.find((candidate) => candidate === stage);
      const name = known === undefined ? stage : t(`jobs.stage.${known}`);
      return `${name} ${formatNumber(done, language)}${most}`;
    })
    .join(' · ');
}

/** The document that is being read, where one may know it; what is being done otherwise. */
function JobTitle({ job: { document, kind } }: { job: JobResponse }) {
  const t = useTranslation();
  if (document === null) return sayKind(kind, t);
  if (document.versionId === null) return document.title;
  return (
    <Link
      to="/evidence/$versionId"
      params={{ versionId: document.versionId }}
      className="hover:text-accent-ink hover:underline"
    >
      {document.title}
    </Link>
  );
}

function JobRow({ job }: { job: JobResponse }) {
  const t = useTranslation();
  const language = useLanguage();
  const mayManage = useMay('operations.manage');
  const act = useChange(
    (action: 'pause' | 'resume' | 'cancel') => send(`/admin/v1/jobs/${job.id}/${action}`, { method: 'POST' }),
    {
      keys: ['jobs'],
    },
  );
  const isOpen = job.state === 'queued' || job.state === 'running' || job.state === 'paused';
  return (
    <li className="flex min-h-13 items-center gap-3 border-b border-line py-2 text-sm">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">
          <JobTitle job={job} />
        </span>
        <span className="block truncate text-xs text-ink-soft">
          {job.document !== null && `${sayKind(job.kind, t)} · `}
          {t(`jobs.${job.state}`)} · {formatTime(job.updatedAt, language)}
          {job.reason !== null && ` · ${job.reason.message}`}
        </span>
      </span>
      {isOpen && (
        <span className="hidden text-xs text-ink-soft tabular-nums sm:block">
          {sayProgress(job, { t, language })}
        </span>
      )}
      {mayManage && isOpen && (
        <>
          {job.state === 'paused' ? (
            <IconButton icon={Play} label={t('jobs.resume')} onClick={() => act.mutate('resume')} />
          ) : (
            <IconButton icon={Pause} label={t('jobs.pause')} onClick={() => act.mutate('pause')} />
          )}
          <IconButton icon={X} label={t('jobs.cancel')} onClick={() => act.mutate('cancel')} />
        </>
      )}
    </li>
  );
}

/** Work that takes long: what runs, what waits, what failed and why. */
export function Jobs() {
  const t = useTranslation();
  const jobs = useQuery({
    queryKey: ['jobs'],
    queryFn: async ({ signal }) => (await sendJson(JobsResponse, '/admin/v1/jobs?limit=50', { signal })).jobs,
    refetchInterval: REFRESH_MS,
  });
  if (jobs.isPending) return <Skeleton lines={3} />;
  if (jobs.isError)
    return <Failure title={t('jobs.failedToLoad')} error={jobs.error} onRetry={() => void jobs.refetch()} />;
  if (jobs.data.length === 0) return <p className="text-sm text-ink-soft">{t('jobs.none')}</p>;
  return (
    <ul>
      {jobs.data.map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </ul>
  );
}
