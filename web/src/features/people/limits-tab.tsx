import { queryOptions, useQuery } from '@tanstack/react-query';
import { Gauge, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { LimitsResponse, LimitUseResponse } from '#wire/admin/index.ts';
import { send, sendJson } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Choice } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatDuration, formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation, type Language, type Translate } from '../../i18n/index.ts';
import { groupsQuery, peopleQuery, type Group, type Person } from './people-api.ts';
import { Prices } from './prices.tsx';
import { LOCAL_ISSUER, saySubject } from './subject.ts';
import { useChange } from './use-change.ts';

type Limit = LimitsResponse['limits'][number];
type Metric = Limit['metric'];

const METRICS = ['requests', 'tokens', 'concurrency', 'cost'] as const;
const WINDOWS = ['60', '3600', '86400', '2592000'] as const;
type Window = (typeof WINDOWS)[number];

const limitsQuery = queryOptions({
  queryKey: ['limits'],
  queryFn: async ({ signal }) => (await sendJson(LimitsResponse, '/admin/v1/limits', { signal })).limits,
});

/** An amount of a limit; cost is kept in millionths of the currency unit. */
const sayAmount = (metric: Metric, amount: number, language: Language): string =>
  metric === 'cost' ? formatNumber(amount / 1e6, language, 2) : formatNumber(amount, language);

function sayHolder(
  subject: string,
  names: { people: readonly Person[]; groups: readonly Group[] },
  t: Translate,
): string {
  if (subject === 'tenant') return t('limits.tenant');
  if (subject === 'each-person') return t('limits.eachPerson');
  if (subject === 'each-key') return t('limits.eachKey');
  return saySubject(subject, names, t);
}

function Use({ limit }: { limit: Limit }) {
  const t = useTranslation();
  const language = useLanguage();
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
  const use = useQuery({
    queryKey: ['limits', limit.id, 'use'],
    queryFn: async ({ signal }) =>
      (await sendJson(LimitUseResponse, `/admin/v1/limits/${limit.id}/use`, { signal })).holders,
  });
  if (use.isPending) return <Skeleton lines={2} className="p-3" />;
  if (use.isError)
    return <Failure title={t('limits.failed')} error={use.error} onRetry={() => void use.refetch()} />;
  if (use.data.length === 0) return <p className="p-3 text-sm text-ink-soft">{t('limits.unused')}</p>;
  return (
    <ul className="mb-2 rounded-md bg-sunken px-3">
      {use.data.slice(0, 20).map(({ holder, remaining }) => (
        <li key={holder} className="flex items-center gap-3 py-2 text-sm">
          <span className="min-w-0 flex-1 truncate">{sayHolder(holder, { people, groups }, t)}</span>
          <span className="h-1.5 w-28 overflow-hidden rounded-full bg-line">
            <span
              className="block h-full rounded-full bg-accent"
              style={{
                width: `${Math.max(0, Math.min(100, (100 * remaining) / Math.max(1, limit.amount)))}%`,
              }}
            />
          </span>
          <span className="w-28 text-end text-xs text-ink-soft tabular-nums">
            {t('limits.left', { amount: sayAmount(limit.metric, remaining, language) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

function LimitRow({ limit }: { limit: Limit }) {
  const t = useTranslation();
  const language = useLanguage();
  const mayManage = useMay('limits.manage');
  const [isOpen, setIsOpen] = useState(false);
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
  const remove = useChange(() => send(`/admin/v1/limits/${limit.id}`, { method: 'DELETE' }), {
    keys: ['limits'],
    said: t('limits.removed'),
  });
  const amount = sayAmount(limit.metric, limit.amount, language);
  const per =
    limit.metric === 'concurrency' ? '' : ` / ${formatDuration(limit.windowSeconds * 1000, language)}`;
  return (
    <li className="border-b border-line">
      <div className="flex min-h-13 flex-wrap items-center gap-3 px-2 py-2">
        <Gauge aria-hidden className="size-4.5 shrink-0 text-ink-faint" />
        <span className="min-w-0 flex-1 basis-44">
          <span className="block font-medium">{sayHolder(limit.subject, { people, groups }, t)}</span>
          <span className="block text-xs text-ink-soft">
            {t(`limits.${limit.metric}`)}: {amount}
            {per}
          </span>
        </span>
        <Button look="ghost" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t('limits.use')}
        </Button>
        {mayManage && (
          <IconButton
            icon={Trash2}
            label={t('limits.remove', { name: sayHolder(limit.subject, { people, groups }, t) })}
            disabled={remove.isPending}
            onClick={() => remove.mutate(undefined)}
          />
        )}
      </div>
      {isOpen && <Use limit={limit} />}
    </li>
  );
}

function NewLimit() {
  const t = useTranslation();
  const { data: people = [] } = useQuery(peopleQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
  const [subject, setSubject] = useState('each-person');
  const [metric, setMetric] = useState<Metric>('requests');
  const [amount, setAmount] = useState('60');
  const [window, setWindow] = useState<Window>('60');
  const set = useChange(
    () => {
      const number = Number(amount) * (metric === 'cost' ? 1e6 : 1);
      const body = { subject, metric, amount: Math.round(number), windowSeconds: Number(window) };
      return send('/admin/v1/limits', { method: 'PUT', body });
    },
    { keys: ['limits'], said: t('limits.saved') },
  );
  const subjects = [
    'each-person',
    'each-key',
    'tenant',
    ...groups.map(({ id }) => `group:${id}`),
    ...people.map(({ id }) => `principal:${LOCAL_ISSUER}/${id}`),
  ].map((value) => ({ value, name: sayHolder(value, { people, groups }, t) }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(undefined);
  };
  return (
    <form onSubmit={submit} className="mt-6 rounded-lg border border-line bg-surface p-4">
      <h2 className="mb-3 text-sm font-semibold">{t('limits.new')}</h2>
      <div className="grid items-end gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <Choice label={t('limits.whose')} value={subject} options={subjects} onChoose={setSubject} />
        <Choice<Metric>
          label={t('limits.what')}
          value={metric}
          options={METRICS.map((value) => ({ value, name: t(`limits.${value}`) }))}
          onChoose={setMetric}
        />
        <Field
          required
          type="number"
          min={0}
          label={t('limits.amount')}
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
        />
        {metric !== 'concurrency' && (
          <Choice<Window>
            label={t('limits.window')}
            value={window}
            options={WINDOWS.map((value) => ({ value, name: t(`limits.per${value}`) }))}
            onChoose={setWindow}
          />
        )}
      </div>
      <Button look="primary" type="submit" className="mt-4" disabled={set.isPending}>
        {t('limits.save')}
      </Button>
    </form>
  );
}

/** How much whoever may use, and who is close to the end of it. */
export function LimitsTab() {
  const t = useTranslation();
  const mayManage = useMay('limits.manage');
  const limits = useQuery(limitsQuery);
  if (limits.isPending) return <Skeleton lines={4} />;
  if (limits.isError) {
    return <Failure title={t('limits.failed')} error={limits.error} onRetry={() => void limits.refetch()} />;
  }
  return (
    <>
      <p className="mb-3 max-w-176 text-sm text-ink-soft">
        {t(limits.data.length === 0 ? 'limits.none' : 'limits.hint')}
      </p>
      <ul>
        {limits.data.map((limit) => (
          <LimitRow key={limit.id} limit={limit} />
        ))}
      </ul>
      {mayManage && <NewLimit />}
      <Prices />
    </>
  );
}
