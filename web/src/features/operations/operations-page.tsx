import { lazy, Suspense } from 'react';
import { useMay } from '../../api/session.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { useTab } from '../../app/use-tab.ts';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatBytes, formatDuration, formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation, type Language, type Translate } from '../../i18n/index.ts';
import { Tabs } from '../../components/tabs.tsx';
import { AboutTab } from './about-tab.tsx';
import { AuditTab } from './audit-tab.tsx';
import { HealthTab } from './health-tab.tsx';
import { Jobs } from './jobs.tsx';
import { Section } from './section.tsx';
import { SynonymsTab } from './synonyms-tab.tsx';
import { TenantsTab } from './tenants-tab.tsx';
import { medianOf, stepsOf, sumOf, type Sample } from './metrics.ts';
import { ratesOf, tokensPerSecond, useMetrics } from './use-metrics.ts';

const RateChart = lazy(async () => ({ default: (await import('./rate-chart.tsx')).RateChart }));
const STEPS = 'hradlo_step_duration_seconds';
const GENERATION = 'hradlo_generation_seconds';
const SECONDS_PER_SAMPLE = 15;

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
  readonly isAlarm?: boolean;
}

const orDash = (value: number | undefined, say: (value: number) => string): string =>
  value === undefined ? '–' : say(value);

/** What models have to do: how many answers they write, how many wait. */
function sayQueue(samples: readonly Sample[], { t, language }: { t: Translate; language: Language }): string {
  const running = sumOf(samples, 'hradlo_engine_running_streams');
  const queued = sumOf(samples, 'hradlo_engine_queued_requests');
  if (running + queued === 0) return t('operations.idle');
  return t('operations.queueOf', {
    running: formatNumber(running, language),
    queued: formatNumber(queued, language),
  });
}

function tilesOf(
  samples: readonly Sample[],
  rates: { readonly perMinute: number | undefined; readonly tokens: number | undefined },
  said: { t: Translate; language: Language },
): Tile[] {
  const { t, language } = said;
  const number = (value: number) => formatNumber(value, language);
  const startedAt = sumOf(samples, 'hradlo_process_start_time_seconds');
  const duration = (seconds: number) => formatDuration(seconds * 1000, language);
  const firstTokenS = medianOf(samples, GENERATION, { phase: 'first_token' });
  const retrieveS = medianOf(samples, STEPS, { step: 'retrieve' });
  const forbidden = sumOf(samples, 'hradlo_forbidden_chunks_total');
  const failures = sumOf(samples, 'hradlo_http_requests_total', { status: /^5/ });
  return [
    { name: t('operations.requests'), value: orDash(rates.perMinute, (value) => number(Math.round(value))) },
    { name: t('operations.failures'), value: number(failures), isAlarm: failures > 0 },
    {
      name: t('operations.retrieval'),
      value: orDash(retrieveS, duration),
    },
    { name: t('operations.firstToken'), value: orDash(firstTokenS, duration) },
    {
      name: t('operations.tokenRate'),
      value: orDash(rates.tokens, (value) => formatNumber(value, language, 1)),
    },
    {
      name: t('operations.queue'),
      value: sayQueue(samples, said),
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

/** What the server is doing, live. */
function LiveTab() {
  const t = useTranslation();
  const language = useLanguage();
  const { query, points } = useMetrics();
  const recent = points.slice(-SECONDS_PER_SAMPLE);
  const first = recent[0];
  const last = recent.at(-1);
  const perMinute =
    first === undefined || last === undefined || first === last
      ? undefined
      : ratesOf([first, last])[0]?.perMinute;
  const rates = { perMinute, tokens: tokensPerSecond(first, last) };
  if (query.isPending) return <Skeleton lines={6} />;
  if (query.isError) {
    return (
      <Failure title={t('operations.failed')} error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  return (
    <>
      <Tiles tiles={tilesOf(query.data.samples, rates, { t, language })} />
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
    </>
  );
}

type View = 'live' | 'jobs' | 'health' | 'synonyms' | 'audit' | 'tenants' | 'about';

/** The server for those who run it: what it does, how it is, what it recorded, what it is made of. */
export function OperationsPage() {
  const t = useTranslation();
  const mayOperate = useMay('operations.read');
  const mayAudit = useMay('audit.read');
  const mayTenants = useMay('tenants.manage');
  const [first = 'about', ...others]: readonly View[] = [
    ...(mayOperate ? (['live', 'jobs', 'health', 'synonyms'] as const) : []),
    ...(mayAudit ? (['audit'] as const) : []),
    ...(mayTenants ? (['tenants'] as const) : []),
    'about',
  ];
  const views: readonly [View, ...View[]] = [first, ...others];
  const [view, setView] = useTab<View>(views);
  return (
    <PageFrame title={t('operations.title')} subtitle={t('operations.subtitle')}>
      <Tabs<View>
        label={t('people.tabs')}
        tabs={views.map((id) => ({ id, title: t(`operations.tab.${id}`) }))}
        chosen={view}
        onChoose={setView}
      >
        {view === 'live' && <LiveTab />}
        {view === 'jobs' && <Jobs />}
        {view === 'health' && <HealthTab />}
        {view === 'synonyms' && <SynonymsTab />}
        {view === 'audit' && <AuditTab />}
        {view === 'tenants' && <TenantsTab />}
        {view === 'about' && <AboutTab />}
      </Tabs>
    </PageFrame>
  );
}
