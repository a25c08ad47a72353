import { Cpu } from 'lucide-react';
import { DoneResponse, ModelResponse, type ModelsResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { RemoveButton } from '../../components/remove-button.tsx';
import { showToast } from '../../components/toast.tsx';
import { formatBytes } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';
import { LiveFigures } from './live-figures.tsx';
import { isAway, roleOf, useChoice, type Role } from './model-role.ts';

const STATES = ['loading', 'ready', 'restarting', 'refused', 'stopped', 'unloading', 'unloaded'] as const;
/** From these a model may be taken out of memory. */
const IN_MEMORY = new Set(['loading', 'ready', 'restarting']);

/** How far the vectors of the model are that was chosen for them. */
function Vectors({ embedding }: { embedding: ModelsResponse['embedding'] }) {
  const t = useTranslation();
  const { state, done, total, reason } = embedding;
  if (state === 'built-in') return null;
  const said = {
    'in-use': t('models.vectors.in-use'),
    making: t('models.vectors.making', { done: done ?? 0, total: total ?? 0 }),
    failed: t('models.vectors.failed', { why: reason ?? '' }),
    unloaded: t('models.vectors.unloaded'),
  }[state];
  return (
    <span className={cx('block text-xs', state === 'failed' ? 'text-danger' : 'text-ink-soft')}>{said}</span>
  );
}

/** Chooses the model for what it was made for, or takes the choice back; answers go back to quoting above. */
function Use({ model, role, isChosen }: { model: ModelResponse; role: Role; isChosen: boolean }) {
  const t = useTranslation();
  const use = useChoice(role);
  if (isChosen && role === 'answer') return null;
  const isUsable = isChosen || model.state === 'ready' || model.state === 'unloaded';
  return (
    <Button
      disabled={use.isPending || !isUsable}
      onClick={() => use.mutate(isChosen ? undefined : model.name)}
    >
      {t(isChosen ? 'models.useNoMore' : `models.use.${role}`)}
    </Button>
  );
}

/** Takes a model out of memory, or back into it; its file stays on the server. */
function Memory({ model }: { model: ModelResponse }) {
  const t = useTranslation();
  const keys = ['admin-models', 'models'];
  const move = (action: 'load' | 'unload') =>
    sendJson(ModelResponse, `/admin/v1/models/${encodeURIComponent(model.name)}/${action}`, {
      method: 'POST',
    });
  const load = useChange(() => move('load'), { keys });
  const unload = useChange(() => move('unload'), {
    keys,
    onDone: () => showToast(t('models.unloaded', { name: model.name }), () => load.mutate(undefined)),
  });
  const isBusy = load.isPending || unload.isPending;
  if (model.where !== 'here') return null;
  if (IN_MEMORY.has(model.state))
    return (
      <Button disabled={isBusy} onClick={() => unload.mutate(undefined)}>
        {t('models.unload')}
      </Button>
    );
  return (
    <Button disabled={isBusy} onClick={() => load.mutate(undefined)}>
      {t(model.state === 'refused' ? 'app.retry' : 'models.load')}
    </Button>
  );
}

/** Where the model runs, how it fares, and why not when it does not. */
function State({ model }: { model: ModelResponse }) {
  const t = useTranslation();
  const language = useLanguage();
  const state = STATES.find((known) => known === model.state);
  const isTrouble = state === 'refused' || state === 'restarting';
  const place = state === 'unloaded' || state === 'refused' ? 'models.keptHere' : 'models.here';
  const parts = [
    state === undefined ? model.state : t(`models.state.${state}`),
    model.where === 'here' ? t(place) : t('models.at', { engine: model.where }),
    model.memoryBytes !== null && formatBytes(model.memoryBytes, language),
    model.reason,
  ];
  return (
    <>
      <span className={cx('block text-xs', isTrouble ? 'text-danger' : 'text-ink-soft')}>
        {parts.filter(Boolean).join(' · ')}
      </span>
      {state === 'loading' && (
        <progress
          aria-label={t('models.state.loading')}
          className="progress my-1.5 max-w-72"
          {...(model.loadedRatio !== null && { value: model.loadedRatio })}
        />
      )}
    </>
  );
}

/** A model: what it does, how it fares, and what can be done with it. */
export function ModelRow({ model, data }: { model: ModelResponse; data: ModelsResponse }) {
  const t = useTranslation();
  const role = roleOf(model);
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
          {isChosen && !isAway(model) && <Badge>{t(`models.does.${role}`)}</Badge>}
        </span>
        <State model={model} />
        {model.stats !== null && <LiveFigures stats={model.stats} isChat={role === 'answer'} />}
        {isChosen && role === 'answer' && isAway(model) && (
          <span className="block text-xs text-ink-soft">{t('models.answersAgain')}</span>
        )}
        {isChosen && role === 'embedding' && <Vectors embedding={data.embedding} />}
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        <Use model={model} role={role} isChosen={isChosen} />
        <Memory model={model} />
        <RemoveButton
          label={t('models.remove', { name: model.name })}
          hint={t('models.removeHint')}
          action={t('models.removeAction')}
          isBusy={remove.isPending}
          onRemove={() => remove.mutate(undefined)}
        />
      </div>
    </li>
  );
}
