import { useState } from 'react';
import { DoneResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Choice } from '../../components/choice.tsx';
import { Field } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';
import { ModelName } from './model-name.tsx';

// Their own names: they are said the same in every language.
const KINDS = {
  'openai-compatible': 'OpenAI API',
  'llama-server': 'llama-server',
  vllm: 'vLLM',
  tgi: 'TGI',
  ollama: 'Ollama',
  'lm-studio': 'LM Studio',
} as const;
type Kind = keyof typeof KINDS;
const ALL: readonly Kind[] = ['openai-compatible', 'llama-server', 'vllm', 'tgi', 'ollama', 'lm-studio'];

/** Joins an engine that runs elsewhere, with one of its models. */
export function AddEngine({ onClose }: { onClose(): void }) {
  const t = useTranslation();
  const [kind, setKind] = useState<Kind>('openai-compatible');
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [model, setModel] = useState('');
  const add = useChange(
    () => sendJson(DoneResponse, '/admin/v1/engines', { method: 'POST', body: { name, kind, url, model } }),
    { keys: ['admin-models', 'models'], said: t('engines.added'), onDone: onClose },
  );
  return (
    <FormDialog
      title={t('engines.add')}
      isDisabled={add.isPending}
      onSubmit={() => add.mutate(undefined)}
      onClose={onClose}
    >
      <Choice<Kind>
        label={t('engines.kind')}
        value={kind}
        options={ALL.map((value) => ({ value, name: KINDS[value] }))}
        onChoose={setKind}
      />
      <Field
        required
        type="url"
        label={t('engines.url')}
        hint={t('engines.urlHint')}
        spellCheck={false}
        value={url}
        onChange={(event) => setUrl(event.target.value)}
      />
      <Field
        required
        label={t('engines.model')}
        hint={t('engines.modelHint')}
        spellCheck={false}
        value={model}
        onChange={(event) => setModel(event.target.value)}
      />
      <ModelName name={name} onChange={setName} />
    </FormDialog>
  );
}
