import { queryOptions, useQuery } from '@tanstack/react-query';
import { Coins, Trash2 } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import { PricesResponse } from '#wire/admin/index.ts';
import { send, sendJson } from '../../api/client.ts';
import { modelsQuery } from '../../api/models.ts';
import { useMay } from '../../api/session.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { useChange } from './use-change.ts';

type Price = PricesResponse['prices'][number];

/** Prices are kept in millionths of the currency unit. */
const MICRO = 1e6;
const DIGITS = 6;

const pricesQuery = queryOptions({
  queryKey: ['prices'],
  queryFn: async ({ signal }) => (await sendJson(PricesResponse, '/admin/v1/prices', { signal })).prices,
});

const setPrice = (price: Price) => send('/admin/v1/prices', { method: 'PUT', body: price });

function PriceRow({ price }: { price: Price }) {
  const t = useTranslation();
  const language = useLanguage();
  const mayManage = useMay('limits.manage');
  const remove = useChange(() => setPrice({ ...price, inputMicro: 0, outputMicro: 0 }), {
    keys: ['prices'],
    said: t('prices.removed'),
  });
  const say = (micro: number) => formatNumber(micro / MICRO, language, DIGITS);
  return (
    <li className="flex min-h-13 flex-wrap items-center gap-3 border-b border-line px-2 py-2">
      <Coins aria-hidden className="size-4.5 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1 basis-44">
        <span className="block font-medium [overflow-wrap:anywhere]">{price.model}</span>
        <span className="block text-xs text-ink-soft">
          {t('prices.each', { input: say(price.inputMicro), output: say(price.outputMicro) })}
        </span>
      </span>
      {mayManage && (
        <IconButton
          icon={Trash2}
          label={t('prices.remove', { name: price.model })}
          disabled={remove.isPending}
          onClick={() => remove.mutate(undefined)}
        />
      )}
    </li>
  );
}

function NewPrice({ prices }: { prices: readonly Price[] }) {
  const t = useTranslation();
  const id = useId();
  const { data: models = [] } = useQuery(modelsQuery);
  const [model, setModel] = useState('');
  const [input, setInput] = useState('');
  const [output, setOutput] = useState('');
  const set = useChange(
    () => {
      const micro = (text: string) => Math.round(Number(text) * MICRO);
      return setPrice({ model: model.trim(), inputMicro: micro(input), outputMicro: micro(output) });
    },
    { keys: ['prices'], said: t('prices.saved') },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(undefined);
  };
  /** A model that has a price brings it along. */
  const choose = (name: string) => {
    setModel(name);
    const known = prices.find((price) => price.model === name.trim());
    if (known === undefined) return;
    setInput(String(known.inputMicro / MICRO));
    setOutput(String(known.outputMicro / MICRO));
  };
  const amount = { required: true, type: 'number', min: 0, max: MICRO, step: 'any' } as const;
  return (
    <form onSubmit={submit} className="mt-6 rounded-lg border border-line bg-surface p-4">
      <h3 className="mb-3 text-sm font-semibold">{t('prices.new')}</h3>
      <datalist id={id}>
        {models.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <Field
          required
          label={t('prices.model')}
          hint={t('prices.modelHint')}
          list={id}
          maxLength={200}
          spellCheck={false}
          value={model}
          onChange={(event) => choose(event.target.value)}
        />
        <Field
          {...amount}
          label={t('prices.input')}
          hint={t('prices.inputHint')}
          value={input}
          onChange={(event) => setInput(event.target.value)}
        />
        <Field
          {...amount}
          label={t('prices.output')}
          hint={t('prices.outputHint')}
          value={output}
          onChange={(event) => setOutput(event.target.value)}
        />
      </div>
      <Button look="primary" type="submit" className="mt-4" disabled={set.isPending}>
        {t('prices.save')}
      </Button>
    </form>
  );
}

/** What models cost: what a limit of cost counts by. */
export function Prices() {
  const t = useTranslation();
  const mayManage = useMay('limits.manage');
  const prices = useQuery(pricesQuery);
  return (
    <section className="mt-10">
      <h2 className="mb-2 text-sm font-semibold">{t('prices.title')}</h2>
      {prices.isPending && <Skeleton lines={2} />}
      {prices.isError && (
        <Failure title={t('prices.failed')} error={prices.error} onRetry={() => void prices.refetch()} />
      )}
      {prices.data && (
        <>
          <p className="mb-3 max-w-176 text-sm text-ink-soft">
            {t(prices.data.length === 0 ? 'prices.none' : 'prices.hint')}
          </p>
          <ul>
            {prices.data.map((price) => (
              <PriceRow key={price.model} price={price} />
            ))}
          </ul>
          {mayManage && <NewPrice prices={prices.data} />}
        </>
      )}
    </section>
  );
}
