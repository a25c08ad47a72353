import { ArrowRight, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { DoneResponse, type ModelsResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Choice } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';

const pathOf = (alias: string) => `/admin/v1/aliases/${encodeURIComponent(alias)}`;

/** Names under which programs ask for a model, so that it can be exchanged without them. */
export function Aliases({ data }: { data: ModelsResponse }) {
  const t = useTranslation();
  const [alias, setAlias] = useState('');
  const [chosen, setTarget] = useState('');
  const target = chosen === '' ? (data.models[0]?.name ?? '') : chosen;
  const set = useChange(
    (body: { alias: string; targets: readonly string[] }) =>
      sendJson(DoneResponse, pathOf(body.alias), { method: 'PUT', body: { targets: body.targets } }),
    { keys: ['admin-models', 'models'], said: t('aliases.saved'), onDone: () => setAlias('') },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ alias, targets: [target] });
  };
  if (data.models.length === 0 && data.aliases.length === 0) return null;
  return (
    <section className="mt-10">
      <h2 className="text-sm font-semibold">{t('aliases.title')}</h2>
      <p className="mt-0.5 mb-2 text-sm text-ink-soft">{t('aliases.hint')}</p>
      <ul>
        {data.aliases.map((one) => (
          <li key={one.alias} className="flex min-h-12 items-center gap-3 border-b border-line px-2">
            <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2">
              <span className="font-medium">{one.alias}</span>
              <ArrowRight aria-hidden className="size-4 text-ink-faint" />
              <span className="text-ink-soft">{one.targets.join(', ')}</span>
            </span>
            <IconButton
              icon={Trash2}
              label={t('aliases.remove', { name: one.alias })}
              disabled={set.isPending}
              onClick={() => set.mutate({ alias: one.alias, targets: [] })}
            />
          </li>
        ))}
      </ul>
      {data.models.length > 0 && (
        <form onSubmit={submit} className="mt-4 grid items-end gap-4 sm:grid-cols-[1fr_1fr_auto]">
          <Field
            required
            label={t('aliases.name')}
            spellCheck={false}
            value={alias}
            onChange={(event) => setAlias(event.target.value)}
          />
          <Choice
            label={t('aliases.target')}
            value={target}
            options={data.models.map(({ name }) => ({ value: name, name }))}
            onChoose={setTarget}
          />
          <Button type="submit" className="min-h-11" disabled={set.isPending}>
            {t('aliases.add')}
          </Button>
        </form>
      )}
    </section>
  );
}
