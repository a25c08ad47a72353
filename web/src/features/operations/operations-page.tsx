import { Download } from 'lucide-react';
import { lazy, Suspense, type ReactNode } from 'react';
import { useMay } from '../../api/session.ts';
import { PageHeader } from '../../app/page-header.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatBytes, formatDuration, formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation, type Language, type Translate } from '../../i18n/index.ts';
import { Jobs } from './jobs.tsx';
import { medianOf, stepsOf, sumOf, type Sample } from './metrics.ts';
import { ratesOf, useMetrics } from './use-metrics.ts';

const RateChart = lazy(async () => ({ default: (await import('./rate-chart.tsx')).RateChart }));
const STEPS = 'hradlo_step_duration_seconds';
const SECONDS_PER_SAMPLE = 15;

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
  readonly isAlarm?: boolean;
}

function tilesOf(
  samples: readonly Sample[],
  perMinute: number | undefined,
  said: { t: Translate; language: Language },
): Tile[] {
  const { t, language } = said;
  const number = (value: number) => formatNumber(value, language);
  const startedAt = sumOf(samples, 'hradlo_process_start_time_seconds');
  const retrieveS = medianOf(samples, STEPS, { step: 'retrieve' });
  const forbidden = sumOf(samples, 'hradlo_forbidden_chunks_total');
  const failures = sumOf(samples, 'hradlo_http_requests_total', { status: /^5/ });
  return [
    { name: t('operations.requests'), value: perMinute === undefined ? '–' : number(Math.round(perMinute)) },
    { name: t('operations.failures'), value: number(failures), isAlarm: failures > 0 },
    {
      name: t('operations.retrieval'),
      value: retrieveS === undefined ? '–' : formatDuration(retrieveS * 1000, language),
    },
    { name: t('operations.tokens'), value: number(sumOf(samples, 'gen_ai_client_token_usage_total')) },
    { name: t('operations.chunks'), value: number(sumOf(samples, 'hradlo_index_chunks')) },
    {
      name: t('operations.memory'),
      value: formatBytes(sumOf(samples, 'hradlo_process_resident_memory_bytes'), language),
    },
    {
      name: t('operations.forbidden'),
      value: number(forbidden),
      hint: t('operations.forbiddenHint'),
      isAlarm: forbidden > 0,
    },
    {
      name: t('operations.uptime'),
      value: startedAt === 0 ? '–' : formatDuration(Date.now() - startedAt * 1000, language),
    },
  ];
}

function Tiles({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-4">
      {tiles.map(({ name, value, hint, isAlarm }) => (
        <div key={name} title={hint} className="rounded-lg border border-line bg-surface px-4 py-3">
          <dt className="text-xs text-ink-soft">{name}</dt>
          <dd className={`mt-1 text-xl font-semibold tabular-nums ${isAlarm ? 'text-danger' : ''}`}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Steps({ samples }: { samples: readonly Sample[] }) {
  const t = useTranslation();
  const language = useLanguage();
  const steps = stepsOf(samples);
  if (steps.length === 0) return <p className="text-sm text-ink-soft">{t('operations.noSteps')}</p>;
  return (
    <table className="w-full text-sm">
      <thead className="text-start text-xs text-ink-soft">
        <tr className="border-b border-line">
          <th className="py-2 text-start font-semibold">{t('operations.step')}</th>
          <th className="py-2 text-end font-semibold">{t('operations.runs')}</th>
          <th className="py-2 text-end font-semibold">{t('operations.mean')}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map(({ step, runs, meanMs }) => (
          <tr key={step} className="border-b border-line">
            <td className="py-2 font-mono text-xs">{step}</td>
            <td className="py-2 text-end tabular-nums">{formatNumber(runs, language)}</td>
            <td className="py-2 text-end tabular-nums">{formatDuration(meanMs, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-8">
      <h2 className="mb-2 text-sm font-semibold">{title}</h2>
      {children}
    </section>
  );
}

const DOWNLOAD =
  'press inline-flex min-h-9 items-center gap-2 rounded-md border border-line-strong/70 bg-surface px-3.5 text-sm font-medium';

/** The record of events, to be taken away and checked elsewhere. */
function Audit() {
  const t = useTranslation();
  const files = [
    { path: '/admin/v1/audit/export', name: 'hradlo-audit.jsonl', title: t('operations.auditExport') },
    { path: '/admin/v1/audit/key', name: 'hradlo-audit.pem', title: t('operations.auditKey') },
  ];
  return (
    <>
      <p className="mb-3 text-sm text-ink-soft">{t('operations.auditHint')}</p>
      <div className="flex flex-wrap gap-2">
        {files.map(({ path, name, title }) => (
          <a key={path} href={path} download={name} className={DOWNLOAD}>
            <Download aria-hidden className="size-4" />
            {title}
          </a>
        ))}
      </div>
    </>
  );
}

/** What the server is doing, live. */
export function OperationsPage() {
  const t = useTranslation();
  const language = useLanguage();
  const mayAudit = useMay('audit.read');
  const { query, points } = useMetrics();
  const recent = points.slice(-SECONDS_PER_SAMPLE);
  const first = recent[0];
  const last = recent.at(-1);
  const perMinute =
    first === undefined || last === undefined || first === last
      ? undefined
      : ratesOf([first, last])[0]?.perMinute;
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="" />
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-16 sm:px-8">
        <div className="mx-auto max-w-240">
          <h1 className="text-xl font-semibold">{t('operations.title')}</h1>
          <p className="mt-1 mb-6 text-ink-soft">
            {t('operations.subtitle')} {t('operations.live')}.
          </p>
          {query.isPending && <Skeleton lines={6} />}
          {query.isError && (
            <Failure
              title={t('operations.failed')}
              error={query.error}
              onRetry={() => void query.refetch()}
            />
          )}
          {query.data && (
            <>
              <Tiles tiles={tilesOf(query.data.samples, perMinute, { t, language })} />
              <Section title={t('operations.chart')}>
                <div className="h-52 rounded-lg border border-line bg-surface p-3">
                  <Suspense>
                    <RateChart rates={ratesOf(points)} />
                  </Suspense>
                </div>
              </Section>
              <Section title={t('operations.steps')}>
                <Steps samples={query.data.samples} />
              </Section>
              <Section title={t('operations.jobs')}>
                <Jobs />
              </Section>
              {mayAudit && (
                <Section title={t('operations.audit')}>
                  <Audit />
                </Section>
              )}
            </>
          )}
        </div>
      </div>
    </div>
  );
}
