import { Plus, Server } from 'lucide-react';
import { useState } from 'react';
import { DoneResponse, type ModelsResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { RemoveButton } from '../../components/remove-button.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';
import { AddEngine } from './add-engine.tsx';

type Engine = ModelsResponse['engines'][number];

function EngineRow({ engine }: { engine: Engine }) {
  const t = useTranslation();
  const remove = useChange(
    () =>
      sendJson(DoneResponse, `/admin/v1/engines/${encodeURIComponent(engine.name)}`, { method: 'DELETE' }),
    { keys: ['admin-models', 'models'], said: t('engines.removed') },
  );
  return (
    <li className="flex min-h-13 items-center gap-3 border-b border-line px-2 py-2">
      <Server aria-hidden className="size-5 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{engine.name}</span>
        <span className="block truncate text-xs text-ink-soft">
          {engine.kind} · {engine.url}
        </span>
      </span>
      <RemoveButton
        label={t('engines.remove', { name: engine.name })}
        hint={t('engines.removeHint')}
        action={t('engines.removeAction')}
        isBusy={remove.isPending}
        onRemove={() => remove.mutate(undefined)}
      />
    </li>
  );
}

/** Engines behind this server: models that run elsewhere. */
export function Engines({ engines }: { engines: readonly Engine[] }) {
  const t = useTranslation();
  const [isAdding, setIsAdding] = useState(false);
  return (
    <section className="mt-10">
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-sm font-semibold">{t('engines.title')}</h2>
          <p className="mt-0.5 text-sm text-ink-soft">{t('engines.hint')}</p>
        </div>
        <Button icon={Plus} onClick={() => setIsAdding(true)}>
          {t('engines.add')}
        </Button>
      </div>
      <ul className="mt-2">
        {engines.map((engine) => (
          <EngineRow key={engine.name} engine={engine} />
        ))}
      </ul>
      {isAdding && <AddEngine onClose={() => setIsAdding(false)} />}
    </section>
  );
}
