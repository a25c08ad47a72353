import { useQuery } from '@tanstack/react-query';
import { Cpu, Plus, Quote } from 'lucide-react';
import { useState } from 'react';
import { DoneResponse, ModelsResponse, UseModelResponse } from '#wire/admin/index.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { RemoveButton } from '../../components/remove-button.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatBytes } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';
import { AddModel } from './add-model.tsx';
import { Aliases } from './aliases.tsx';
import { Engines } from './engines.tsx';
import { LiveFigures } from './live-figures.tsx';
import { LoadProgress } from './load-progress.tsx';

type Model = ModelsResponse['models'][number];

const REFRESH_MS = 4_000;
const STATES = ['loading', 'ready', 'restarting', 'refused', 'stopped'] as const;

type Role = 'answer' | 'embedding' | 'reranking';

/** The choice of a model for its role; of none: quoting, the built-in vectors, no second look. */
function useChoice(role: Role) {
  const t = useTranslation();
  return useChange(
    (name: string | undefined) =>
      sendJson(UseModelResponse, '/admin/v1/answer-model', {
        method: 'PUT',
        body: { name: name ?? null, role },
      }),
    { keys: ['admin-models', 'models'], said: t(`models.chosen.${role}`) },
  );
}

function Badge({ children }: { children: string }) {
  return (
    <span className="ms-2 rounded-full bg-accent-soft px-2 py-0.5 text-2xs font-semibold text-accent-ink">
      {children}
    </span>
  );
}

/** How far the vectors of the model are that was chosen for them. */
function Vectors({ embedding }: { embedding: ModelsResponse['embedding'] }) {
  const t = useTranslation();
  const { state, done, total, reason } = embedding;
  if (state === 'built-in') return null;
  const said = {
    'in-use': t('models.vectors.in-use'),
    making: t('models.vectors.making', { done: done ?? 0, total: total ?? 0 }),
    failed: t('models.vectors.failed', { why: reason ?? '' }),
  }[state];
  return (
    <span className={cx('block text-xs', state === 'failed' ? 'text-danger' : 'text-ink-soft')}>{said}</span>
  );
}

function toRole(purpose: string): Role {
  return purpose === 'embedding' || purpose === 'reranking' ? purpose : 'answer';
}

/** Chooses the model for what it was made for, or takes the choice back; answers go back to quoting above. */
function Use({ model, role, isChosen }: { model: Model; role: Role; isChosen: boolean }) {
  const t = useTranslation();
  const use = useChoice(role);
  if (isChosen && role === 'answer') return null;
  const isUsable = isChosen || model.state === 'ready';
  return (
    <Button
      disabled={use.isPending || !isUsable}
      onClick={() => use.mutate(isChosen ? undefined : model.name)}
    >
      {t(isChosen ? 'models.useNoMore' : `models.use.${role}`)}
    </Button>
  );
}

/** Where the model runs, how it fares, and why not when it does not. */
function State({ model }: { model: Model }) {
  const t = useTranslation();
  const language = useLanguage();
  const state = STATES.find((known) => known === model.state);
  const isTrouble = state === 'refused' || state === 'restarting';
  return (
    <span className={cx('block text-xs', isTrouble ? 'text-danger' : 'text-ink-soft')}>
      {state === undefined ? model.state : t(`models.state.${state}`)}
      {' · '}
      {model.where === 'here' ? t('models.here') : t('models.at', { engine: model.where })}
      {model.memoryBytes !== null && ` · ${formatBytes(model.memoryBytes, language)}`}
      {model.reason !== null && ` · ${model.reason}`}
    </span>
  );
}

function ModelRow({ model, data }: { model: Model; data: ModelsResponse }) {
  const t = useTranslation();
  const role = toRole(model.purpose);
  const isChosen = data[`${role}Model`] === model.name;
  const remove = useChange(
    () => sendJson(DoneResponse, `/admin/v1/models/${encodeURIComponent(model.name)}`, { method: 'DELETE' }),
    { keys: ['admin-models', 'models'], said: t('models.removed') },
  );
  return (
    <li className="flex flex-wrap items-center gap-3 border-b border-line px-2 py-3">
      <Cpu aria-hidden className="size-5 shrink-0 text-ink-faint" />
      <div className="min-w-0 flex-1 basis-56">
        <span className="block font-medium [overflow-wrap:anywhere]">
          {model.name}
          {isChosen && <Badge>{t(`models.does.${role}`)}</Badge>}
        </span>
        <State model={model} />
        {model.stats !== null && <LiveFigures stats={model.stats} isChat={role === 'answer'} />}
        {isChosen && role === 'embedding' && <Vectors embedding={data.embedding} />}
      </div>
      <Use model={model} role={role} isChosen={isChosen} />
      <RemoveButton
        label={t('models.remove', { name: model.name })}
        hint={t('models.removeHint')}
        action={t('models.removeAction')}
        isBusy={remove.isPending}
        onRemove={() => remove.mutate(undefined)}
      />
    </li>
  );
}

function Quoting({ isChosen }: { isChosen: boolean }) {
  const t = useTranslation();
  const use = useChoice('answer');
  return (
    <li className="flex flex-wrap items-center gap-3 border-b border-line px-2 py-3">
      <Quote aria-hidden className="size-5 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1 basis-56">
        <span className="block font-medium">
          {t('models.quoting')}
          {isChosen && <Badge>{t('models.does.answer')}</Badge>}
        </span>
        <span className="block text-xs text-ink-soft">{t('models.quotingHint')}</span>
      </span>
      {!isChosen && (
        <Button disabled={use.isPending} onClick={() => use.mutate(undefined)}>
          {t('models.use.answer')}
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
                <ModelRow key={model.name} model={model} data={models.data} />
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
