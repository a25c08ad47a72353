import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX, Info, RotateCw, Save } from 'lucide-react';
import type { DoctorResponse, HealthResponse } from '#wire/admin/index.ts';
import { send } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatBytes, formatNumber, formatTime } from '../../i18n/format.ts';
import { useLanguage, useTranslation, type Translate } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';
import { sayFinding } from './findings.ts';
import { doctorQuery, healthQuery } from './operations-api.ts';
import { Section } from './section.tsx';

type Backup = HealthResponse['backup'];
type Finding = DoctorResponse['findings'][number];

function sayVerified({ lastVerified }: Backup, t: Translate, language: 'cs' | 'en'): string {
  if (lastVerified === null) return t('backup.neverVerified');
  const date = formatTime(lastVerified.at, language);
  return t(lastVerified.whole ? 'backup.verified' : 'backup.verifyFailed', { date });
}

function BackupView({ backup }: { backup: Backup }) {
  const t = useTranslation();
  const language = useLanguage();
  const mayManage = useMay('operations.manage');
  const make = useChange(() => send('/admin/v1/backups', { method: 'POST', body: {} }), {
    keys: ['health', 'doctor'],
    said: t('backup.made'),
  });
  if (!backup.configured) {
    return <p className="rounded-md bg-warn-soft px-3.5 py-2.5 text-sm text-warn">{t('backup.none')}</p>;
  }
  const dateOf = (time: string | null) => (time === null ? '–' : formatTime(time, language));
  const facts = [
    { name: t('backup.lastCopy'), value: dateOf(backup.lastCopyAt) },
    { name: t('backup.safeUntil'), value: dateOf(backup.safeUntil) },
    { name: t('backup.restore'), value: sayVerified(backup, t, language) },
  ];
  return (
    <>
      <dl className="grid gap-3 sm:grid-cols-3">
        {facts.map(({ name, value }) => (
          <div key={name} className="rounded-lg border border-line bg-surface px-4 py-3">
            <dt className="text-xs text-ink-soft">{name}</dt>
            <dd className="mt-1 font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      {backup.failure !== null && (
        <p className="mt-3 text-sm text-danger">{t('backup.failed', { why: backup.failure })}</p>
      )}
      {mayManage && (
        <Button icon={Save} className="mt-4" disabled={make.isPending} onClick={() => make.mutate(undefined)}>
          {t(make.isPending ? 'backup.making' : 'backup.make')}
        </Button>
      )}
    </>
  );
}

const LOOKS = {
  good: { icon: CircleCheck, className: 'text-accent' },
  note: { icon: Info, className: 'text-warn' },
  wrong: { icon: CircleX, className: 'text-danger' },
} as const;

function FindingRow({ finding }: { finding: Finding }) {
  const t = useTranslation();
  const { icon: Icon, className } = LOOKS[finding.state];
  return (
    <li className="flex items-start gap-3 border-b border-line py-2.5 text-sm">
      <Icon
        role="img"
        aria-label={t(`doctor.${finding.state}`)}
        className={cx('mt-0.5 size-4.5 shrink-0', className)}
      />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{sayFinding(finding, t)}</span>
    </li>
  );
}

function Doctor() {
  const t = useTranslation();
  const doctor = useQuery(doctorQuery);
  if (doctor.isPending) return <Skeleton lines={5} />;
  if (doctor.isError)
    return <Failure title={t('doctor.failed')} error={doctor.error} onRetry={() => void doctor.refetch()} />;
  const order = { wrong: 0, note: 1, good: 2 } as const;
  const findings = doctor.data.toSorted((a, b) => order[a.state] - order[b.state]);
  return (
    <>
      <ul>
        {findings.map((finding) => (
          <FindingRow key={finding.code} finding={finding} />
        ))}
      </ul>
      <Button
        icon={RotateCw}
        className="mt-4"
        disabled={doctor.isFetching}
        onClick={() => void doctor.refetch()}
      >
        {t('doctor.again')}
      </Button>
    </>
  );
}

/** Whether the server is well: writing, disk, backups with the last restore that was tried, and what to mend. */
export function HealthTab() {
  const t = useTranslation();
  const language = useLanguage();
  const health = useQuery(healthQuery);
  if (health.isPending) return <Skeleton lines={6} />;
  if (health.isError) {
    return <Failure title={t('health.failed')} error={health.error} onRetry={() => void health.refetch()} />;
  }
  const { writer, freeBytes, audit, jobs, backup } = health.data;
  const facts = [
    { name: t('health.writing'), value: t(`health.writer.${writer}`), isBad: writer !== 'writing' },
    { name: t('health.disk'), value: formatBytes(freeBytes, language), isBad: false },
    { name: t('health.events'), value: formatNumber(audit.events, language), isBad: false },
    { name: t('health.poisoned'), value: formatNumber(jobs.poisoned, language), isBad: jobs.poisoned > 0 },
  ];
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {facts.map(({ name, value, isBad }) => (
          <div key={name} className="rounded-lg border border-line bg-surface px-4 py-3">
            <dt className="text-xs text-ink-soft">{name}</dt>
            <dd className={cx('mt-1 text-lg font-semibold', isBad && 'text-danger')}>{value}</dd>
          </div>
        ))}
      </dl>
      <Section title={t('backup.title')}>
        <BackupView backup={backup} />
      </Section>
      <Section title={t('doctor.title')}>
        <Doctor />
      </Section>
    </>
  );
}
