import { useQuery } from '@tanstack/react-query';
import { Cpu, Plus, Quote, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { DoneResponse, ModelsResponse } from '#wire/admin/index.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { sendJson } from '../../api/client.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';
import { AddModel } from './add-model.tsx';
import { Aliases } from './aliases.tsx';
import { Engines } from './engines.tsx';
import { LoadProgress } from './load-progress.tsx';

type Model = ModelsResponse['models'][number];

const REFRESH_MS = 4_000;
const STATES = ['loading', 'ready', 'restarting', 'refused', 'stopped'] as const;

/** The choice who answers over documents: `undefined` is quoting, without a model. */
function useAnswerModel() {
  const t = useTranslation();
  return useChange(
    (name: string | undefined) =>
      sendJson(DoneResponse, '/admin/v1/answer-model', { method: 'PUT', body: { name: name ?? null } }),
    { keys: ['admin-models', 'models'], said: t('models.chosen') },
  );
}

const toNumber = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** What a model that runs here is doing right now. */
function Live({ stats }: { stats: Model['stats'] }) {
  const t = useTranslation();
  const language = useLanguage();
  if (stats === null) return null;
  const speed = toNumber(stats['prefillTokensPerSecond']);
  const said = [
    t('models.running', { count: toNumber(stats['running']) }),
    t('models.queued', { count: toNumber(stats['queued']) }),
    ...(speed > 0 ? [t('models.reads', { speed: formatNumber(speed, language) })] : []),
  ];
  return <span className="block text-xs text-ink-soft tabular-nums">{said.join(' · ')}</span>;
}

function ModelRow({ model, isAnswering }: { model: Model; isAnswering: boolean }) {
  const t = useTranslation();
  const language = useLanguage();
  const use = useAnswerModel();
  const remove = useChange(
    () => sendJson(DoneResponse, `/admin/v1/models/${encodeURIComponent(model.name)}`, { method: 'DELETE' }),
    { keys: ['admin-models', 'models'], said: t('models.removed') },
  );
  const state = STATES.find((known) => known === model.state);
  const isTrouble = state === 'refused' || state === 'restarting';
  return (
    <li className="flex flex-wrap items-center gap-3 border-b border-line px-2 py-3">
      <Cpu aria-hidden className="size-5 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1 basis-56">
        <span className="block font-medium [overflow-wrap:anywhere]">
          {model.name}
          {isAnswering && (
            <span className="ms-2 rounded-full bg-accent-soft px-2 py-0.5 text-2xs font-semibold text-accent-ink">
              {t('models.answers')}
            </span>
          )}
        </span>
        <span className={cx('block text-xs', isTrouble ? 'text-danger' : 'text-ink-soft')}>
          {state === undefined ? model.state : t(`models.state.${state}`)}
          {' · '}
          {model.where === 'here' ? t('models.here') : t('models.at', { engine: model.where })}
          {model.memoryBytes !== null && ` · ${formatBytes(model.memoryBytes, language)}`}
          {model.reason !== null && ` · ${model.reason}`}
        </span>
        <Live stats={model.stats} />
      </span>
      {model.purpose === 'chat' && !isAnswering && (
        <Button disabled={use.isPending || state !== 'ready'} onClick={() => use.mutate(model.name)}>
          {t('models.use')}
        </Button>
      )}
      <IconButton
        icon={Trash2}
        label={t('models.remove', { name: model.name })}
        disabled={remove.isPending}
        onClick={() => remove.mutate(undefined)}
      />
    </li>
  );
}

function Quoting({ isChosen }: { isChosen: boolean }) {
  const t = useTranslation();
  const use = useAnswerModel();
  return (
    <li className="flex flex-wrap items-center gap-3 border-b border-line px-2 py-3">
      <Quote aria-hidden className="size-5 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1 basis-56">
        <span className="block font-medium">
          {t('models.quoting')}
          {isChosen && (
            <span className="ms-2 rounded-full bg-accent-soft px-2 py-0.5 text-2xs font-semibold text-accent-ink">
              {t('models.answers')}
            </span>
          )}
        </span>
        <span className="block text-xs text-ink-soft">{t('models.quotingHint')}</span>
      </span>
      {!isChosen && (
        <Button disabled={use.isPending} onClick={() => use.mutate(undefined)}>
          {t('models.use')}
        </Button>
      )}
    </li>
  );
}

/** Who can answer, where each runs and how it fares. */
export function ModelsPage() {
  const t = useTranslation();
  const [isAdding, setIsAdding] = useState(false);
  const models = useQuery({
    queryKey: ['admin-models'],
    queryFn: ({ signal }) => sendJson(ModelsResponse, '/admin/v1/models', { signal }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <PageFrame
      title={t('models.title')}
      subtitle={t('models.subtitle')}
      actions={
        <Button look="primary" icon={Plus} onClick={() => setIsAdding(true)}>
          {t('models.add')}
        </Button>
      }
    >
      <div className="mt-6">
        {models.isPending && <Skeleton lines={4} />}
        {models.isError && (
          <Failure title={t('models.failed')} error={models.error} onRetry={() => void models.refetch()} />
        )}
        {models.data && (
          <>
            <LoadProgress />
            <ul>
              <Quoting isChosen={models.data.answerModel === null} />
              {models.data.models.map((model) => (
                <ModelRow
                  key={model.name}
                  model={model}
                  isAnswering={models.data.answerModel === model.name}
                />
              ))}
            </ul>
            {models.data.models.length === 0 && (
              <p className="mt-4 text-sm text-ink-soft">{t('models.none')}</p>
            )}
            <Aliases data={models.data} />
            <Engines engines={models.data.engines} />
          </>
        )}
      </div>
      {isAdding && <AddModel onClose={() => setIsAdding(false)} />}
    </PageFrame>
  );
}
