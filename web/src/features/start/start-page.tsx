import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Check, Circle, CircleAlert } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { ModelsResponse } from '#wire/admin/index.ts';
import { send, sendJson } from '../../api/client.ts';
import { useSession } from '../../api/session.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { doctorQuery, hardwareQuery, healthQuery } from '../operations/operations-api.ts';
import { useChange } from '../people/use-change.ts';
import { OfferedModel } from './offered-model.tsx';

const AddModel = lazy(async () => ({ default: (await import('../models/add-model.tsx')).AddModel }));
const AddEngine = lazy(async () => ({ default: (await import('../models/add-engine.tsx')).AddEngine }));

const STEPS = ['model', 'hardware', 'engine', 'security', 'monitoring'] as const;
type Step = (typeof STEPS)[number] | 'done';

/** Of the memory, what a model may take beside the server and the system. */
const MODEL_SHARE = 0.6;

const adminModels = {
  queryKey: ['admin-models'],
  queryFn: ({ signal }: { signal: AbortSignal }) => sendJson(ModelsResponse, '/admin/v1/models', { signal }),
};

type Mark = 'yes' | 'no' | 'open';

/** One thing that is so, or not yet; in words and with a sign. */
function Fact({ mark, children }: { mark: Mark; children: ReactNode }) {
  const t = useTranslation();
  const Icon = { yes: Check, no: CircleAlert, open: Circle }[mark];
  return (
    <li className="flex items-start gap-3 border-b border-line py-3">
      <Icon
        role="img"
        aria-label={t(`start.mark.${mark}`)}
        className={cx(
          'mt-0.5 size-5 shrink-0',
          { yes: 'text-accent', no: 'text-warn', open: 'text-ink-faint' }[mark],
        )}
      />
      <div className="min-w-0 flex-1">{children}</div>
    </li>
  );
}

function ModelStep() {
  const t = useTranslation();
  const [isAdding, setIsAdding] = useState(false);
  const models = useQuery(adminModels);
  const { answerModel, models: known = [] } = models.data ?? {};
  return (
    <>
      <ul>
        <Fact mark="yes">{t('start.quoting')}</Fact>
        <Fact mark={known.length > 0 ? 'yes' : 'open'}>
          {known.length > 0
            ? t('start.models', { names: known.map(({ name }) => name).join(', ') })
            : t('start.noModel')}
          {answerModel && (
            <span className="block text-sm text-ink-soft">{t('start.answers', { name: answerModel })}</span>
          )}
        </Fact>
      </ul>
      {models.data && known.length === 0 && <OfferedModel />}
      <Button className="mt-4" onClick={() => setIsAdding(true)}>
        {t('models.add')}
      </Button>
      {isAdding && (
        <Suspense>
          <AddModel onClose={() => setIsAdding(false)} />
        </Suspense>
      )}
    </>
  );
}

function HardwareStep() {
  const t = useTranslation();
  const language = useLanguage();
  const hardware = useQuery(hardwareQuery);
  if (hardware.isPending) return <Skeleton lines={4} />;
  if (hardware.isError)
    return (
      <Failure title={t('start.failed')} error={hardware.error} onRetry={() => void hardware.refetch()} />
    );
  const { processor, cores, memoryBytes, freeDiskBytes } = hardware.data;
  const facts = [
    { name: t('start.processor'), value: processor || '–' },
    { name: t('start.cores'), value: formatNumber(cores, language) },
    { name: t('start.memory'), value: formatBytes(memoryBytes, language) },
    { name: t('start.disk'), value: formatBytes(freeDiskBytes, language) },
  ];
  return (
    <>
      <dl className="grid grid-cols-2 gap-3">
        {facts.map(({ name, value }) => (
          <div key={name} className="rounded-lg border border-line bg-surface px-4 py-3">
            <dt className="text-xs text-ink-soft">{name}</dt>
            <dd className="mt-1 font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4">{t('start.fits', { size: formatBytes(memoryBytes * MODEL_SHARE, language) })}</p>
    </>
  );
}

function EngineStep() {
  const t = useTranslation();
  const [isAdding, setIsAdding] = useState(false);
  const { data } = useQuery(adminModels);
  const engines = data?.engines ?? [];
  return (
    <>
      <ul>
        <Fact mark="yes">{t('start.embedded')}</Fact>
        <Fact mark={engines.length > 0 ? 'yes' : 'open'}>
          {engines.length > 0
            ? t('start.engines', { names: engines.map(({ name }) => name).join(', ') })
            : t('start.noEngine')}
        </Fact>
      </ul>
      <Button className="mt-4" onClick={() => setIsAdding(true)}>
        {t('engines.add')}
      </Button>
      {isAdding && (
        <Suspense>
          <AddEngine onClose={() => setIsAdding(false)} />
        </Suspense>
      )}
    </>
  );
}

function SecurityStep() {
  const t = useTranslation();
  const navigate = useNavigate();
  const { state } = useSession();
  const { data } = useQuery(hardwareQuery);
  const hasAccount = state === 'signed-in';
  return (
    <>
      <ul>
        <Fact mark={hasAccount ? 'yes' : 'no'}>{t(hasAccount ? 'start.hasAccount' : 'start.noAccount')}</Fact>
        <Fact mark={data?.isSecure === true ? 'yes' : data?.isShared === true ? 'no' : 'open'}>
          {t(data?.isSecure === true ? 'start.tls' : data?.isShared === true ? 'start.noTls' : 'start.local')}
        </Fact>
        <Fact mark="open">{t('start.secondStep')}</Fact>
      </ul>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button onClick={() => void navigate({ to: '/account' })}>{t('nav.account')}</Button>
        <Button onClick={() => void navigate({ to: '/people' })}>{t('people.invite')}</Button>
      </div>
    </>
  );
}

function MonitoringStep() {
  const t = useTranslation();
  const navigate = useNavigate();
  const health = useQuery(healthQuery);
  const doctor = useQuery(doctorQuery);
  const wrong = doctor.data?.filter(({ state }) => state === 'wrong').length ?? 0;
  const isBackedUp = health.data?.backup.configured ?? false;
  return (
    <>
      <ul>
        <Fact mark={isBackedUp ? 'yes' : 'no'}>{t(isBackedUp ? 'start.backup' : 'backup.none')}</Fact>
        <Fact mark={wrong === 0 ? 'yes' : 'no'}>{t('start.findings', { count: wrong })}</Fact>
        <Fact mark="yes">{t('start.metrics')}</Fact>
      </ul>
      <Button
        className="mt-4"
        onClick={() => void navigate({ to: '/operations', search: { tab: 'health' } })}
      >
        {t('start.openHealth')}
      </Button>
    </>
  );
}

function Done() {
  const t = useTranslation();
  const navigate = useNavigate();
  const { data } = useQuery(hardwareQuery);
  const load = useChange(() => send('/admin/v1/samples', { method: 'POST', body: {} }), {
    keys: ['hardware', 'collections', 'documents'],
    said: t('start.samplesLoaded'),
  });
  return (
    <div>
      <p className="text-ink-soft">
        {t(data?.hasSamples === true ? 'start.samplesThere' : 'start.samplesHint')}
      </p>
      <div className="mt-5 flex flex-wrap gap-2">
        {data?.hasSamples === true ? (
          <Button look="primary" onClick={() => void navigate({ to: '/', search: { collection: 'ukazka' } })}>
            {t('start.trySamples')}
          </Button>
        ) : (
          <Button look="primary" disabled={load.isPending} onClick={() => load.mutate(undefined)}>
            {t(load.isPending ? 'start.loadingSamples' : 'start.loadSamples')}
          </Button>
        )}
        <Button onClick={() => void navigate({ to: '/documents' })}>{t('start.ownDocuments')}</Button>
        <Button look="ghost" onClick={() => void navigate({ to: '/' })}>
          {t('ask.new')}
        </Button>
      </div>
    </div>
  );
}

const VIEWS: Record<Step, () => ReactNode> = {
  model: ModelStep,
  hardware: HardwareStep,
  engine: EngineStep,
  security: SecurityStep,
  monitoring: MonitoringStep,
  done: Done,
};

function Progress({ at, onGo }: { at: number; onGo(step: Step): void }) {
  const t = useTranslation();
  return (
    <ol aria-label={t('start.progress')} className="mt-6 mb-8 flex flex-wrap gap-x-1 gap-y-2">
      {STEPS.map((step, index) => (
        <li key={step}>
          <button
            type="button"
            aria-current={index === at ? 'step' : undefined}
            onClick={() => onGo(step)}
            className={cx(
              'press flex min-h-9 items-center gap-2 rounded-full px-3 text-sm',
              index === at ? 'bg-accent-soft font-semibold text-accent-ink' : 'text-ink-soft',
            )}
          >
            {index < at ? <Check aria-hidden className="size-4 text-accent" /> : <span>{index + 1}.</span>}
            {t(`start.step.${step}`)}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** The first run: five steps, each of which can be skipped, and something to try with at the end. */
export function StartPage() {
  const t = useTranslation();
  const navigate = useNavigate();
  const { step: named } = useSearch({ from: '/start' });
  const all: readonly Step[] = [...STEPS, 'done'];
  const step = all.find((known) => known === named) ?? 'model';
  const at = all.indexOf(step);
  const go = (next: Step | undefined) =>
    void navigate({ to: '/start', search: next === undefined ? {} : { step: next } });
  const View = VIEWS[step];
  return (
    <PageFrame title={t('start.title')} subtitle={t('start.subtitle')}>
      <div className="max-w-176">
        <Progress at={at} onGo={go} />
        <section aria-labelledby="start-step">
          <h2 id="start-step" className="text-lg font-semibold">
            {t(`start.${step}Title`)}
          </h2>
          {step !== 'done' && <p className="mt-1 mb-5 text-ink-soft">{t(`start.${step}Hint`)}</p>}
          <View />
        </section>
        {step !== 'done' && (
          <div className="mt-8 flex flex-wrap gap-2 border-t border-line pt-5">
            <Button look="primary" onClick={() => go(all[at + 1])}>
              {t('start.next')}
            </Button>
            <Button look="ghost" onClick={() => go(all[at + 1])}>
              {t('start.skip')}
            </Button>
            {at > 0 && (
              <Button look="ghost" className="ms-auto" onClick={() => go(all[at - 1])}>
                {t('start.back')}
              </Button>
            )}
          </div>
        )}
      </div>
    </PageFrame>
  );
}
