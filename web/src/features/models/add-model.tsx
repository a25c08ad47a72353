import { useState, type FormEvent } from 'react';
import { AcquireModelResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Choice } from '../../components/choice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';

const PURPOSES = ['chat', 'embedding', 'reranking'] as const;
type Purpose = (typeof PURPOSES)[number];
const DOES = { chat: 'answer', embedding: 'embedding', reranking: 'reranking' } as const;

/** Brings a model file in, as a job. */
export function AddModel({ onClose }: { onClose(): void }) {
  const t = useTranslation();
  const [source, setSource] = useState('');
  const [name, setName] = useState('');
  const [purpose, setPurpose] = useState<Purpose>('chat');
  const add = useChange(
    () =>
      sendJson(AcquireModelResponse, '/admin/v1/models', { method: 'POST', body: { source, name, purpose } }),
    { keys: ['admin-models', 'jobs'], said: t('models.added'), onDone: onClose },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(undefined);
  };
  return (
    <Dialog title={t('models.add')} onClose={onClose}>
      <form onSubmit={submit} className="space-y-5 px-6 pb-6">
        <Field
          required
          label={t('models.source')}
          hint={t('models.sourceHint')}
          spellCheck={false}
          value={source}
          onChange={(event) => setSource(event.target.value)}
        />
        <Field
          required
          label={t('models.name')}
          hint={t('models.nameHint')}
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Choice<Purpose>
          label={t('models.purpose')}
          value={purpose}
          options={PURPOSES.map((value) => ({ value, name: t(`models.does.${DOES[value]}`) }))}
          onChoose={setPurpose}
        />
        <Button look="primary" type="submit" className="h-10 w-full" disabled={add.isPending}>
          {t('models.add')}
        </Button>
      </form>
    </Dialog>
  );
}
