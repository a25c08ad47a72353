import { useQuery } from '@tanstack/react-query';
import { JobsResponse, type JobResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { formatBytes } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';

const POLL_MS = 2_000;
const STAGES = ['fetch', 'copy'] as const;
const OPEN = new Set<JobResponse['state']>(['queued', 'running', 'paused']);

function Progress({ job }: { job: JobResponse }) {
  const t = useTranslation();
  const language = useLanguage();
  const stage = STAGES.find((known) => job.progress[known] !== undefined);
  const { done = 0, total = null } = stage === undefined ? {} : (job.progress[stage] ?? {});
  const size = total === null ? '' : ` / ${formatBytes(total, language)}`;
  const said = stage === undefined ? t(`jobs.${job.state}`) : t(`models.stage.${stage}`);
  return (
    <li className="border-b border-line px-2 py-3">
      <p className="flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="font-medium">{t('models.coming')}</span>
        <span className="text-ink-soft tabular-nums">
          {said}
          {stage !== undefined && ` · ${formatBytes(done, language)}${size}`}
        </span>
      </p>
      <progress
        aria-label={t('models.coming')}
        className="progress mt-2"
        max={total ?? 1}
        {...(total !== null && { value: done })}
      />
    </li>
  );
}

function Failed({ job }: { job: JobResponse }) {
  const t = useTranslation();
  return (
    <li className="border-b border-line px-2 py-3 text-sm text-danger">
      {t('models.comingFailed', { why: job.reason?.message ?? '' })}
    </li>
  );
}

/** Models on their way in: how far each is, and the last one that failed with its reason. */
export function LoadProgress() {
  const mayLook = useMay('operations.read');
  const { data: jobs = [] } = useQuery({
    queryKey: ['jobs', 'model.acquire'],
    enabled: mayLook,
    queryFn: async ({ signal }) => {
      const path = '/admin/v1/jobs?kind=model.acquire&limit=10';
      return (await sendJson(JobsResponse, path, { signal })).jobs;
    },
    refetchInterval: POLL_MS,
  });
  const open = jobs.filter(({ state }) => OPEN.has(state));
  const [newest] = jobs.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  return (
    <ul>
      {open.map((job) => (
        <Progress key={job.id} job={job} />
      ))}
      {newest?.state === 'poisoned' && <Failed job={newest} />}
    </ul>
  );
}
