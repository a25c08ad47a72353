import { useState } from 'react';
import { AcquireModelResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Choice } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';
import { ModelName } from './model-name.tsx';

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
  return (
    <FormDialog
      title={t('models.add')}
      isDisabled={add.isPending}
      onSubmit={() => add.mutate(undefined)}
      onClose={onClose}
    >
      <Field
        required
        label={t('models.source')}
        hint={t('models.sourceHint')}
        spellCheck={false}
        value={source}
        onChange={(event) => setSource(event.target.value)}
      />
      <ModelName name={name} onChange={setName} />
      <Choice<Purpose>
        label={t('models.purpose')}
        value={purpose}
        options={PURPOSES.map((value) => ({ value, name: t(`models.does.${DOES[value]}`) }))}
        onChoose={setPurpose}
      />
    </FormDialog>
  );
}
