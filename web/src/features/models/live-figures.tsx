import type { ModelsResponse } from '#wire/admin/index.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { readFigures } from './figures.ts';

type Stats = NonNullable<ModelsResponse['models'][number]['stats']>;

/** What a model that runs here is doing right now, and how its last answers went. */
export function LiveFigures({ stats, isChat }: { stats: Stats; isChat: boolean }) {
  const t = useTranslation();
  const language = useLanguage();
  const figures = readFigures(stats);
  const show = (value: number) => formatNumber(Math.round(value), language);
  const now =
    figures.running + figures.queued === 0
      ? [t('models.idle')]
      : [t('models.running', { count: figures.running }), t('models.queued', { count: figures.queued })];
  if (!isChat) return null;
  const { reads, writes, gapMs, queuedMs, firstTokenMs, occupancy, cache, prefixHits } = figures;
  const details = [
    { name: t('models.figure.reads'), value: reads && `${show(reads)} t/s` },
    { name: t('models.figure.writes'), value: writes && `${show(writes)} t/s` },
    { name: t('models.figure.gap'), value: gapMs && `${show(gapMs.p50)} / ${show(gapMs.p95)} ms` },
    {
      name: t('models.figure.queued'),
      value: queuedMs && `${show(queuedMs.p50)} / ${show(queuedMs.p95)} ms`,
    },
    {
      name: t('models.figure.first'),
      value: firstTokenMs && `${show(firstTokenMs.p50)} / ${show(firstTokenMs.p95)} ms`,
    },
    { name: t('models.figure.occupancy'), value: occupancy !== undefined && `${show(occupancy * 100)} %` },
    { name: t('models.figure.cache'), value: cache !== undefined && `${show(cache * 100)} %` },
    { name: t('models.figure.prefix'), value: prefixHits !== undefined && `${show(prefixHits * 100)} %` },
  ].flatMap(({ name, value }) => (typeof value === 'string' ? [{ name, value }] : []));
  return (
    <>
      <span className="block text-xs text-ink-soft tabular-nums">{now.join(' · ')}</span>
      {details.length > 0 && (
        <details className="text-xs text-ink-soft">
          <summary className="w-fit cursor-pointer">{t('models.figures')}</summary>
          <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 tabular-nums">
            {details.map(({ name, value }) => (
              <div key={name} className="contents">
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}
