import { useQuery } from '@tanstack/react-query';
import { Plus, Quote } from 'lucide-react';
import { useState } from 'react';
import { ModelsResponse } from '#wire/admin/index.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { sendJson } from '../../api/client.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { AddModel } from './add-model.tsx';
import { Aliases } from './aliases.tsx';
import { Engines } from './engines.tsx';
import { LoadProgress } from './load-progress.tsx';
import { isAway, useChoice } from './model-role.ts';
import { ModelRow } from './model-row.tsx';

const REFRESH_MS = 4_000;
/** While something loads or is on its way out, one watches. */
const WATCHED_REFRESH_MS = 700;
const PASSING = new Set(['loading', 'unloading', 'restarting']);

/** Answers without a model: chosen by itself, and while the chosen model is away. */
function Quoting({ data }: { data: ModelsResponse }) {
  const t = useTranslation();
  const use = useChoice('answer');
  const chosen = data.models.find(({ name }) => name === data.answerModel);
  const isChosen = data.answerModel === null;
  const isAnswering = isChosen || (chosen !== undefined && isAway(chosen));
  return (
    <li className="flex flex-wrap items-center gap-3 border-b border-line px-2 py-3">
      <Quote aria-hidden className="size-5 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1 basis-56">
        <span className="block font-medium">
          {t('models.quoting')}
          {isAnswering && <Badge>{t('models.does.answer')}</Badge>}
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
    refetchInterval: ({ state: { data } }) =>
      data?.models.some(({ state }) => PASSING.has(state)) === true ? WATCHED_REFRESH_MS : REFRESH_MS,
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
              <Quoting data={models.data} />
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
